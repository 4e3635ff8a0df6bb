import fc from 'fast-check';
import { produce } from 'immer';
import { describe, expect, test } from 'vitest';
import type { ContentId } from '../../kernels/memory/contents.ts';
import { PageMap, pageMapSizeLimit } from '../../kernels/memory/page-map.ts';

// A map does not care where ids come from, so the tests make them from plain numbers.
const content = (number: number): ContentId => number as ContentId;
const zero = content(0);

describe('a page map', () => {
  test('is stored as its runs', () => {
    const map = PageMap.filled(2 ** 28, zero).fill(5, 3, content(7));
    expect(JSON.stringify(map)).toBe('{"size":268435456,"runs":[[5,0],[3,7],[268435448,0]]}');
  });

  test('is the very same map after edits that change nothing', () => {
    const map = PageMap.filled(5000, zero).set(70, content(2)).fill(4096, 64, content(3));
    expect(map.set(70, content(2))).toBe(map);
    expect(map.fill(4100, 10, content(3))).toBe(map);
    expect(map.fill(4100, 0, content(4))).toBe(map);
    expect(map.change(() => {})).toBe(map);
    expect(map.change((draft) => draft.swap(0, 1))).toBe(map);
    expect(map.draft().done()).toBe(map);
  });

  test('is forked by two drafts that do not see each other', () => {
    const base = PageMap.filled(10_000, zero).set(100, content(1));
    const left = base.draft();
    const right = base.draft();
    left.set(101, content(2));
    right.set(101, content(3));
    left.swap(101, 9000);
    expect([left.get(101), left.get(9000)]).toEqual([zero, content(2)]);
    expect([right.get(101), right.get(9000)]).toEqual([content(3), zero]);
    expect([...left.done().differences(right.done())]).toEqual([
      { index: 101, count: 1, before: zero, after: content(3) },
      { index: 9000, count: 1, before: content(2), after: zero },
    ]);
    expect([base.get(100), base.get(101), base.get(9000)]).toEqual([content(1), zero, zero]);
  });

  test('joins neighbouring pages that differ in the same way, also across leaves', () => {
    const before = PageMap.filled(2 ** 20, zero).set(1000, content(4));
    const after = before.fill(60, 200, content(5));
    expect([...before.differences(after)]).toEqual([
      { index: 60, count: 200, before: zero, after: content(5) },
    ]);
  });

  test('of one page is a map like any other', () => {
    const map = PageMap.filled(1, zero).set(0, content(8));
    expect([...map.runs()]).toEqual([{ start: 0, count: 1, id: content(8) }]);
    expect(map.nodeCount()).toBe(0);
  });

  test('refuses indexes, ranges and sizes that it does not have', () => {
    const map = PageMap.filled(100, zero);
    for (const index of [-1, 100, 0.5, Number.NaN]) {
      expect(() => map.get(index)).toThrow('page-map: an index outside the map');
      expect(() => map.set(index, content(1))).toThrow('page-map: an index outside the map');
    }
    expect(() => map.fill(99, 2, content(1))).toThrow('page-map: a range outside the map');
    expect(() => map.fill(5, -1, content(1))).toThrow('page-map: a range outside the map');
    expect(() => map.runs(3, 101)).toThrow('page-map: a range outside the map');
    expect(() => map.differences(PageMap.filled(101, zero))).toThrow(
      'page-map.differences: maps of two sizes',
    );
    expect(map.equals(PageMap.filled(101, zero))).toBe(false);
    for (const size of [0, 1.5, pageMapSizeLimit + 1]) {
      expect(() => PageMap.filled(size, zero)).toThrow('page-map.filled');
    }
  });

  test('is not made of runs that do not add up', () => {
    expect(() => PageMap.fromJSON({ size: 10, runs: [[9, zero]] })).toThrow('do not add up to the size');
    expect(() => PageMap.fromJSON({ size: 10, runs: [[11, zero]] })).toThrow('a range outside the map');
    expect(() => PageMap.fromJSON({ size: 10, runs: [] })).toThrow('at least one run');
  });
});

describe('a page map of a terabyte and more', () => {
  const terabytePages = 2 ** 28;

  test('costs only the paths to what was written', () => {
    const map = PageMap.filled(terabytePages, zero);
    expect(map.nodeCount()).toBe(0);
    const written = map.set(0, content(2)).set(terabytePages - 1, content(3));
    expect(written.nodeCount()).toBe(9);
    expect([...written.runs()]).toEqual([
      { start: 0, count: 1, id: content(2) },
      { start: 1, count: terabytePages - 2, id: zero },
      { start: terabytePages - 1, count: 1, id: content(3) },
    ]);
    expect(written.fill(1, terabytePages - 2, content(4)).nodeCount()).toBe(9);
    expect(written.fill(0, terabytePages, content(4)).nodeCount()).toBe(0);
  });

  test('agrees with a plain map on writes anywhere in 2^40 pages', () => {
    const ids = fc.integer({ min: 0, max: 3 }).map(content);
    const index = fc.oneof(
      fc.integer({ min: 0, max: pageMapSizeLimit - 1 }),
      fc.constantFrom(0, 2 ** 30, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 36 - 1, pageMapSizeLimit - 1),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(index, ids), { maxLength: 30 }), (writes) => {
        const map = PageMap.filled(pageMapSizeLimit, zero).change((draft) => {
          for (const [page, id] of writes) draft.set(page, id);
        });
        const written = [...new Map(writes)]
          .filter(([, id]) => id !== zero)
          .sort(([left], [right]) => left - right);
        const runs = [...map.runs()].filter(({ id }) => id !== zero);
        expect(
          runs.flatMap((run) => Array.from({ length: run.count }, (_, at) => [run.start + at, run.id])),
        ).toEqual(written);
      }),
    );
  });

  test('fills a run without walking it', () => {
    const map = PageMap.filled(pageMapSizeLimit, zero).fill(1, pageMapSizeLimit - 2, content(6));
    expect(map.nodeCount()).toBe(13);
    expect([map.get(0), map.get(1), map.get(2 ** 39), map.get(pageMapSizeLimit - 1)]).toEqual([0, 6, 6, 0]);
  });
});

describe('a page map in a world of Immer', () => {
  type World = { readonly now: number; readonly memory: PageMap };
  const world: World = { now: 0, memory: PageMap.filled(1000, zero).set(3, content(1)) };

  test('is handed to a recipe as it is, and kept as it is', () => {
    const next = produce(world, (draft) => {
      expect(draft.memory).toBe(world.memory);
      draft.now = 1;
    });
    expect(next.memory).toBe(world.memory);
  });

  test('is replaced by a recipe, and works on after Immer froze the world around it', () => {
    const next = produce(world, (draft) => {
      draft.memory = draft.memory.set(4, content(2));
    });
    expect(Object.isFrozen(next)).toBe(true);
    expect(Object.isFrozen(next.memory)).toBe(false);
    expect(Object.isFrozen(next.memory.root)).toBe(false);
    const later = produce(next, (draft) => {
      draft.memory = draft.memory.change((pages) => pages.swap(3, 999));
    });
    expect([...next.memory.differences(later.memory)].map(({ index }) => index)).toEqual([3, 999]);
    expect(world.memory.get(4)).toBe(zero);
  });
});
