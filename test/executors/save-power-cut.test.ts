import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box } from '../../kernels/box.ts';
import { diskWrite, loseCache } from '../../kernels/devices/disk-cache.ts';
import { saveCrashNotes } from '../../kernels/executors/crash-notes.ts';
import { openVmcore, planChunk, planCommit, writeChunk } from '../../kernels/executors/save.ts';
import { type DiskStep, performStep } from '../../kernels/executors/save-partition.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import { smallBox } from '../kit/small-box.ts';
import { outcomeOf, patternOf, saveAll, savedBox } from './saving-box.ts';

/** One write at a time. */
const oneByOne = (steps: readonly DiskStep[]): DiskStep[] =>
  steps.flatMap((step) =>
    step.type === 'flush'
      ? [step]
      : step.writes.map((write): DiskStep => ({ type: 'write', writes: [write] })),
  );

/**
 * Everything that could be on the medium after the power went: what is cached reached it or not, block by
 * block.
 */
function* afterPowerCut(box: Box, medium: PageMap): Generator<PageMap> {
  const cached = box.machine.disk.cache.filter(({ used }) => used).length;
  for (let reached = 0; reached < 2 ** cached; reached += 1) {
    const draft = medium.draft();
    let asked = 0;
    loseCache({
      ...box,
      machine: { ...box.machine, disk: structuredClone(box.machine.disk) },
      medium: { ...box.medium, write: (block, content) => draft.set(block, content) },
      choose: () => (reached >> asked++) & 1,
    });
    yield draft.done();
  }
}

describe('a power cut', () => {
  it('between any two writes leaves the old image, none, or the whole new one', () => {
    const { small } = savedBox({ size: { cacheBlockCount: 3 } });
    small.run(openVmcore);
    // From its first block on the second image is another one, so its data under the old commit do harm.
    small.run((box) => saveCrashNotes(box, { type: 'crash.save', kernel: 'original' }));
    const seen = new Set<string>();
    const perform = (steps: readonly DiskStep[]): void => {
      for (const step of oneByOne(steps)) {
        small.run((box) => {
          performStep(box, step);
          for (const medium of afterPowerCut(box, small.medium())) seen.add(outcomeOf(small, medium));
        });
      }
    };
    for (let isLast = false; !isLast; ) {
      small.run((box) => {
        const chunk = planChunk(box);
        if (chunk.type === 'refused') throw new Error(chunk.errno);
        perform(chunk.steps);
        Object.assign(box.machine.kernels.dump, { saveAt: chunk.saveAt, saved: chunk.saved });
        isLast = chunk.isLast;
      });
    }
    expect([...seen].sort()).toEqual(['image 1', 'saved.no-commit']);
    perform([{ type: 'flush' }]);
    small.run((box) => {
      const commit = planCommit(box);
      if (commit.type === 'refused') throw new Error(commit.errno);
      perform([...commit.steps, { type: 'flush' }]);
    });
    expect([...seen].sort()).toEqual(['image 1', 'image 2', 'saved.no-commit']);
    expect(outcomeOf(small)).toBe('image 2');
  });

  it('while saving leaves the generation, so that the next image is a later one', () => {
    const { small } = savedBox();
    small.run(openVmcore);
    small.run(writeChunk);
    small.run(loseCache);
    small.run(openVmcore);
    saveAll(small);
    expect(outcomeOf(small)).toBe('image 2');
  });
});

it('blocks that are written together leave the disk as one write after the other does', () => {
  const blocks = fc.uniqueArray(fc.nat({ max: 9 }), { maxLength: 8 });
  const count = fc.nat({ max: 4 });
  fc.assert(
    fc.property(count, blocks, blocks, (cacheBlockCount, before, written) => {
      const [together, single] = [1, 2].map(() => smallBox({ size: { cacheBlockCount } }));
      if (together === undefined || single === undefined) return;
      const stepOf = (box: Box): DiskStep => ({
        type: 'write',
        writes: written.map((block) => ({ block, content: patternOf(box, 'dump', block) })),
      });
      for (const small of [together, single]) {
        small.run((box) => {
          for (const block of before) diskWrite(box, block, patternOf(box, 'original', block));
        });
      }
      together.run((box) => performStep(box, stepOf(box)));
      single.run((box) => {
        for (const step of oneByOne([stepOf(box)])) performStep(box, step);
      });
      expect(together.machine().disk).toEqual(single.machine().disk);
      expect(together.medium().toJSON()).toEqual(single.medium().toJSON());
    }),
  );
});
