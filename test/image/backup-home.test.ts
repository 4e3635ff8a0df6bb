/** The frames of B's range as A had them, out of memory as it stands while B runs. */
import { describe, expect, it } from 'vitest';
import type { MemoryImage, MemoryRun } from '../../image/memory-image.ts';
import { addressOf, type Pfn, pfn } from '../../image/pfn.ts';
import { controlEntryOffsets } from '../../kernels/kexec/control-page.ts';
import { zeroContent } from '../../kernels/memory/contents.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import { withBackupHome } from '../../scripts/image/backup-home.ts';
import { tell } from '../kit/story.ts';

const told = tell({ load: 'on-demand', devices: ['disk'] });
const { rules, allRecords } = told.history;
const saving = allRecords.findIndex(({ commands }) => commands.some(({ type }) => type === 'image.write'));
const whileBRuns = told.history.worldAt(saving + 1);
const left = whileBRuns.kept['jump.left/original'];
const { controlFrame } = whileBRuns.machine.kernels.original.image;
const entry = addressOf(pfn(controlFrame)) + controlEntryOffsets.jumpBack;

const imageOf = (memory: PageMap): MemoryImage => ({
  runs: function* runs(): Generator<MemoryRun> {
    for (const { start, count, id } of memory.runs(0, memory.size))
      yield { startPfn: pfn(start), count, kind: id === zeroContent ? 'zero' : 'stored' };
  },
  readPage: (frame) => rules.contents.bytes(memory.get(frame)),
  cpus: [],
  vmcoreinfo: undefined,
  machine: {},
});

describe('an image with its backup frames put home', () => {
  const home = withBackupHome(imageOf(whileBRuns.memory), entry);
  const { text, data } = rules.plan.layout.original;
  const frames: Pfn[] = [text, data].flatMap(({ start, count }) =>
    Array.from({ length: count }, (_, index) => pfn(start + index)),
  );

  it("has A's kernel where A had it, and not B's", () => {
    expect(left).toBeDefined();
    const differs = (frame: Pfn, bytes: Uint8Array): boolean =>
      left !== undefined && Buffer.compare(bytes, rules.contents.bytes(left.memory.get(frame))) !== 0;
    expect(frames.filter((frame) => differs(frame, home.readPage(frame)))).toEqual([]);
    expect(
      frames.filter((frame) => differs(frame, imageOf(whileBRuns.memory).readPage(frame))).length,
    ).toBeGreaterThan(frames.length / 2);
  });

  it('tells every frame once, ascending, and leaves the backup frames out', () => {
    const runs = [...home.runs()];
    let end = 0;
    for (const { startPfn, count } of runs) {
      expect(startPfn).toBeGreaterThanOrEqual(end);
      end = startPfn + count;
    }
    const leftOut = runs.filter(({ kind }) => kind === 'leftOut').reduce((sum, { count }) => sum + count, 0);
    expect(leftOut).toBeGreaterThan(frames.length / 2);
  });
});

it('an entry that leads to no control page is refused', () => {
  expect(() => withBackupHome(imageOf(whileBRuns.memory), 0x1000)).toThrow(
    /--entry: expected the jump-back entry/,
  );
});
