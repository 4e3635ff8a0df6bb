import { describe, expect, it } from 'vitest';
import { pfn } from '../../image/pfn.ts';
import { displacedPages } from '../../machines/laws/excepted.ts';
import { common, frameCount } from '../../machines/laws/frame-ranges.ts';
import { momentView } from '../../machines/laws/moment-view.ts';
import { type MemoryMap, memoryMapOf, pagesOf } from '../../scripts/visualize/memory/memory-map.ts';
import type { MemoryParts } from '../../scripts/visualize/memory/memory-parts.ts';
import { memoryRows } from '../../scripts/visualize/memory/memory-rows.ts';
import { memorySvg } from '../../scripts/visualize/memory/svg.ts';
import { memoryText } from '../../scripts/visualize/memory/text.ts';
import { smallRun } from './small-run.ts';
import { foreignParts, offThePage, overlaps, textBoxes, unbalanced } from './svg-laws.ts';

const runs = [
  { name: 'a jump into a region', run: smallRun() },
  { name: 'a jump on demand', run: smallRun({ load: 'on-demand' }) },
  { name: 'a jump on demand in a terabyte', run: smallRun({ load: 'on-demand', ramBytes: 2 ** 40 }) },
  { name: 'a hibernation on demand', run: smallRun({ variant: 'hibernate', load: 'on-demand' }) },
  { name: 'a crash', run: smallRun({ path: 'kdump' }) },
  { name: 'a power cut', run: smallRun({ faults: [{ name: 'power-cut', where: 'image.write' }] }) },
];
const plain = { columns: 100, paint: (_style: string, text: string) => text };

describe.each(runs)('the memory map of $name', ({ run }) => {
  const map = memoryMapOf(run);

  it('has each frame in one part, and all parts together the same frames at every moment', () => {
    const totals = map.columns.map(({ parts }) => {
      const all = [...parts.values()];
      for (const [index, one] of all.entries()) {
        for (const other of all.slice(index + 1)) expect(common(one, other)).toEqual([]);
      }
      return all.reduce((sum, ranges) => sum + frameCount(ranges), 0);
    });
    expect(new Set(totals).size).toBe(1);
  });

  it('has rows from address 0 up, apart from each other', () => {
    let end = 0;
    for (const { start, count } of memoryRows(map)) {
      expect(start).toBeGreaterThanOrEqual(end);
      expect(count).toBeGreaterThan(0);
      end = start + count;
    }
  });

  it('as SVG has no text on another, and none off the page', () => {
    const drawing = memorySvg(map);
    expect(overlaps(textBoxes(drawing, 11))).toEqual([]);
    expect(offThePage(drawing, 11)).toEqual([]);
  });

  it('as SVG is one closed document without anything from outside, the same each time', () => {
    const drawing = memorySvg(map);
    expect(unbalanced(drawing)).toEqual([]);
    expect(drawing).not.toMatch(foreignParts);
    expect(memorySvg(memoryMapOf(run))).toBe(drawing);
  });

  it.each([60, 80, 100, 120])('as text keeps to %i columns', (columns) => {
    const lines = memoryText(map, { ...plain, columns }).split('\n');
    expect(lines.filter((text) => text.length > columns)).toEqual([]);
  });
});

describe('the memory of a jump on demand', () => {
  const run = smallRun({ load: 'on-demand' });
  const map = memoryMapOf(run);
  const column = (title: string) => map.columns.find((each) => each.title === title);

  it('is looked at before and after the load, while B runs, and when A is back', () => {
    expect(map.columns.map(({ title }) => title)).toEqual([
      'before load',
      'after load',
      'B runs',
      'A is back',
    ]);
  });

  it('has as many backup pages as the entry list in memory names', () => {
    const loaded = run.world.kept['image.loaded/original'];
    const moves = loaded
      ? displacedPages(loaded.machine.kernels.original.image, momentView(run.rules, loaded).readPage)
      : [];
    const apart = moves.filter(({ source, destination }) => source !== destination);
    expect(apart.length).toBeGreaterThan(1000);
    expect(column('after load')?.backup).toMatchObject({ moves: moves.length, pages: apart.length });
  });

  it('swaps: the backup pages hold B before the jump, and A while B runs', () => {
    const [after, during] = [column('after load')?.backup, column('B runs')?.backup];
    expect(after?.asLoaded).toBe(after?.pages);
    expect(during?.ofOriginal).toBe(during?.pages);
  });

  it('has one control page and one swap page from the load on, and A is where it was when it is back', () => {
    const [before, after, back] = ['before load', 'after load', 'A is back'].map(
      (title) => column(title)?.parts,
    );
    expect(before?.get('control')).toBeUndefined();
    expect(after?.get('control')?.map(({ count }) => count)).toEqual([1]);
    expect(back).toEqual(after);
    const [first] = map.columns;
    expect(first && pagesOf(first, 'secondKernel')).toBe(0);
  });
});

describe('a memory map as text', () => {
  const frames = (start: number, count: number) => ({ start: pfn(start), count });
  const loaded: MemoryParts = new Map([
    ['pool', [frames(1, 7)]],
    ['backup', [frames(9, 2)]],
    ['control', [frames(8, 1)]],
    ['kernel', [frames(32, 8)]],
  ]);
  const map: MemoryMap = {
    title: 'a box of forty frames',
    memoryEnd: 40 * 4096,
    secondRange: [frames(1, 2)],
    columns: [
      {
        title: 'before load',
        step: 1,
        ns: 0,
        parts: new Map([
          ['pool', [frames(1, 10)]],
          ['kernel', [frames(32, 8)]],
        ]),
        freeOfA: 5,
        backup: undefined,
      },
      {
        title: 'after load',
        step: 2,
        ns: 1,
        parts: loaded,
        freeOfA: 2,
        backup: { moves: 3, pages: 2, asLoaded: 2, ofOriginal: 0, lost: 0 },
      },
    ],
  };

  it('is rows from address 0 up, then how much is for what', () => {
    expect(memoryText(map, plain)).toMatchInlineSnapshot(`
      "a box of forty frames

      address        size    before load             after load
      0x1000        8 KiB  B A pool                  A pool
      0x3000       20 KiB    A pool                  A pool
      0x8000        4 KiB    A pool                  control page
      0x9000        8 KiB    A pool                  backup (of B)
      ⋮
      0x20000      32 KiB    A kernel                A kernel

      pages · size   before load             after load
      A pool         10 · 40 KiB             7 · 28 KiB
      A free         5 · 20 KiB              2 · 8 KiB
      A kernel       8 · 32 KiB              8 · 32 KiB
      backup         –                       2 · 8 KiB
      control page   –                       1 · 4 KiB

      after load: the 2 backup pages hold B's image as it was loaded
      1 page of B stood where they belong from the load on, and the jump moves none of them

      A pool         frames that A hands out: tasks, page cache, free
      A free         of A's frames, those that its bitmap calls free, in B's range too
      A kernel       A's text, data, page tables, log, bitmap and per-CPU areas
      backup         source pages of the entry list: what the jump swaps with B's range
      control page   code and registers of the jump
      "
    `);
  });

  it('that is wider than the page comes in blocks', () => {
    const heads = memoryText(map, { ...plain, columns: 40 })
      .split('\n')
      .filter((line) => line.startsWith('address'));
    expect(heads).toHaveLength(2);
  });
});

describe('the memory of other runs', () => {
  it('in a region has no backup pages, and B stays where it was', () => {
    const map = memoryMapOf(smallRun());
    expect(map.columns.map(({ backup }) => backup)).toEqual([undefined, undefined, undefined, undefined]);
    const [, , during, back] = map.columns;
    expect(back?.parts.get('secondKernel')).toEqual(during?.parts.get('secondKernel'));
  });

  it('of a hibernation is lost without power, and put back by C', () => {
    const map = memoryMapOf(smallRun({ variant: 'hibernate' }));
    expect(map.columns.map(({ title }) => title)).toEqual([
      'before load',
      'after load',
      'B runs',
      'power off',
      'C runs',
      'A is back',
    ]);
    const [before, , , off, , back] = map.columns;
    expect(off && [...off.parts.keys()]).toEqual(['firmware', 'poison']);
    expect(back?.parts.get('kernel')).toEqual(before?.parts.get('kernel'));
  });

  it('in which nothing was loaded is shown as it is at the end', () => {
    const map = memoryMapOf(smallRun({ path: 'none' }));
    expect(map.columns.map(({ title }) => title)).toEqual(['at the end']);
  });

  it('of a crash is that of B and of the A that boots anew', () => {
    const titles = memoryMapOf(smallRun({ path: 'kdump' })).columns.map(({ title }) => title);
    expect(titles).toEqual(['before load', 'after load', 'B runs', 'A boots anew']);
  });
});
