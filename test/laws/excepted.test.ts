import { describe, expect, it } from 'vitest';
import { pfn } from '../../image/pfn.ts';
import { rangeHolds } from '../../kernels/linux/memory-layout.ts';
import {
  comparedRanges,
  digestsOfRun,
  exceptedPages,
  memoryOfOriginal,
} from '../../machines/laws/excepted.ts';
import { common, frameCount } from '../../machines/laws/frame-ranges.ts';
import { memoryToSave } from '../../machines/laws/memory-to-save.ts';
import type { History } from '../../machines/system/history.ts';
import type { Moment } from '../../machines/system/world.ts';
import { endOf, historyOf } from './sabotaged-run.ts';
import { flippedBit } from './tampering.ts';

const small = { ramBytes: 2 ** 28, tasks: 1, work: 4 };

const run = (load: 'reserved' | 'on-demand'): History => endOf(historyOf({ ...small, load }));
const reserved = run('reserved');
const onDemand = run('on-demand');

const loadedIn = ({ world }: History): Moment => {
  const loaded = world.kept['image.loaded/original'];
  if (loaded === undefined) throw new Error('no image was loaded');
  return loaded;
};

/** All of B's range in log a1: 0x1000 to 0x9efff and 1 MiB to 0x50fffff. */
const framesInRange = 0x9e + 0x5100 - 0x100;

describe('the exceptions from "memory comes back"', () => {
  it('are the swap page alone when B has a reserved region', () => {
    expect(exceptedPages(reserved.rules, loadedIn(reserved))).toEqual([
      { name: 'swap page', pages: 1 },
      { name: 'source pages', pages: 0 },
    ]);
  });

  it('are a source page for each frame of the range when B is swapped in', () => {
    expect(exceptedPages(onDemand.rules, loadedIn(onDemand))).toEqual([
      { name: 'swap page', pages: 1 },
      { name: 'source pages', pages: framesInRange },
    ]);
  });

  it('and what is compared make up the memory of A', () => {
    for (const history of [reserved, onDemand]) {
      const { rules } = history;
      const excepted = exceptedPages(rules, loadedIn(history)).map(({ pages }) => pages);
      const compared = frameCount(comparedRanges(rules, loadedIn(history)));
      expect(excepted.reduce((sum, pages) => sum + pages, compared)).toBe(
        frameCount(memoryOfOriginal(rules.plan)),
      );
    }
  });

  it("leave the reserved region out: it is not A's", () => {
    const { plan } = reserved.rules;
    expect(common(memoryOfOriginal(plan), [plan.layout.region])).toEqual([]);
  });
});

describe('what an image has to hold', () => {
  it('finds every displaced frame of A in a page that B leaves alone', () => {
    const { rules, world } = onDemand;
    const wanted = memoryToSave(rules, world, 'jump');
    if (wanted === undefined) throw new Error('A did not leave');
    expect(frameCount(wanted.displaced)).toBeGreaterThan(0);
    for (const { start, count } of wanted.displaced) {
      for (let index = 0; index < count; index += 1) {
        const frame = pfn(start + index);
        const source = wanted.sources.get(frame);
        expect(source !== undefined && wanted.inPlace.some((range) => rangeHolds(range, source))).toBe(true);
        if (source !== undefined) expect(wanted.memory.get(source)).toBe(wanted.left.memory.get(frame));
      }
    }
  });

  it('is nothing of a box that did not crash', () => {
    const { rules, world } = reserved;
    expect(memoryToSave(rules, world, 'crash')).toBeUndefined();
  });
});

describe('the digests of a run', () => {
  it('are the same when memory comes back', () => {
    for (const { rules, world } of [reserved, onDemand]) {
      const { before, after } = digestsOfRun(rules, world);
      expect(before).toMatch(/^[0-9a-f]{64}$/);
      expect(after).toBe(before);
    }
  });

  it('differ when memory does not come back', () => {
    const flipped = historyOf({ ...small, load: 'on-demand' }, { sabotage: flippedBit() });
    const { rules, world } = endOf(flipped);
    const { before, after } = digestsOfRun(rules, world);
    expect(after).toMatch(/^[0-9a-f]{64}$/);
    expect(after).not.toBe(before);
  });

  it('have no end when A does not come back', () => {
    const { rules, world } = endOf(historyOf({ ...small, path: 'kdump' }));
    expect(digestsOfRun(rules, world)).toEqual({
      before: expect.stringMatching(/^[0-9a-f]{64}$/),
      after: null,
    });
  });
});
