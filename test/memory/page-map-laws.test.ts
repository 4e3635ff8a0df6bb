import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ContentId } from '../../kernels/memory/contents.ts';
import { PageMap, type PageMapDraft, type PageMapJson } from '../../kernels/memory/page-map.ts';

/** The other way to do it: an entry for every page. */
type Model = Map<number, ContentId>;
type Edit =
  | { readonly type: 'set'; readonly index: number; readonly id: ContentId }
  | { readonly type: 'fill'; readonly index: number; readonly count: number; readonly id: ContentId }
  | { readonly type: 'swap'; readonly index: number; readonly other: number };

// A map does not care where ids come from, so the tests make them from plain numbers.
const content = (number: number): ContentId => number as ContentId;
const zero = content(0);

/** Sizes around the borders of leaves and nodes. */
const sizes = fc.constantFrom(1, 2, 63, 64, 65, 130, 4095, 4096, 4097, 4200);
const ids = fc.integer({ min: 0, max: 3 }).map(content);

function editsFor(size: number): fc.Arbitrary<Edit[]> {
  const index = fc.oneof(
    fc.integer({ min: 0, max: size - 1 }),
    fc.constantFrom(0, 63, 64, 4095, 4096, size - 1).map((border) => Math.min(border, size - 1)),
  );
  const count = fc.oneof(fc.integer({ min: 0, max: size }), fc.constantFrom(1, 64, 4096));
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    fc.record({ type: fc.constant('set' as const), index, id: ids }),
    fc.record({ type: fc.constant('fill' as const), index, count, id: ids }),
    fc.record({ type: fc.constant('swap' as const), index, other: index }),
  );
  return fc.array(edit, { maxLength: 40 });
}

const histories = sizes.chain((size) => fc.record({ size: fc.constant(size), edits: editsFor(size) }));

function modelOf(size: number): Model {
  return new Map(Array.from({ length: size }, (_, index) => [index, zero]));
}

function read(model: Model, index: number): ContentId {
  return model.get(index) ?? zero;
}

function countWithin(edit: Edit & { type: 'fill' }, size: number): number {
  return Math.min(edit.count, size - edit.index);
}

function applyToModel(model: Model, edit: Edit): void {
  if (edit.type === 'set') {
    model.set(edit.index, edit.id);
  } else if (edit.type === 'fill') {
    const end = edit.index + countWithin(edit, model.size);
    for (let index = edit.index; index < end; index++) model.set(index, edit.id);
  } else {
    const id = read(model, edit.index);
    model.set(edit.index, read(model, edit.other));
    model.set(edit.other, id);
  }
}

function applyToDraft(draft: PageMapDraft, edit: Edit): void {
  if (edit.type === 'set') draft.set(edit.index, edit.id);
  else if (edit.type === 'fill') draft.fill(edit.index, countWithin(edit, draft.size), edit.id);
  else draft.swap(edit.index, edit.other);
}

function applyToMap(map: PageMap, edit: Edit): PageMap {
  if (edit.type === 'set') return map.set(edit.index, edit.id);
  if (edit.type === 'fill') return map.fill(edit.index, countWithin(edit, map.size), edit.id);
  return map.change((draft) => draft.swap(edit.index, edit.other));
}

function pagesOf(map: PageMap): ContentId[] {
  return Array.from({ length: map.size }, (_, index) => map.get(index));
}

function pagesOfModel(model: Model): ContentId[] {
  return Array.from({ length: model.size }, (_, index) => read(model, index));
}

function mapAfter(size: number, edits: readonly Edit[]): PageMap {
  return PageMap.filled(size, zero).change((draft) => {
    for (const edit of edits) applyToDraft(draft, edit);
  });
}

describe('a page map, held against a map with an entry for every page', () => {
  test('holds the same after any edits, made one by one', () => {
    fc.assert(
      fc.property(histories, ({ size, edits }) => {
        const model = modelOf(size);
        let map = PageMap.filled(size, zero);
        for (const edit of edits) {
          applyToModel(model, edit);
          map = applyToMap(map, edit);
        }
        expect(pagesOf(map)).toEqual(pagesOfModel(model));
      }),
    );
  });

  test('holds the same after any edits, made in one draft that is read on the way', () => {
    fc.assert(
      fc.property(histories, ({ size, edits }) => {
        const model = modelOf(size);
        const draft = PageMap.filled(size, zero).draft();
        for (const edit of edits) {
          applyToModel(model, edit);
          applyToDraft(draft, edit);
          expect(draft.get(edit.index)).toBe(read(model, edit.index));
        }
        expect(pagesOf(draft.done())).toEqual(pagesOfModel(model));
      }),
    );
  });

  test('has the runs of the same pages, maximal and in order, within any range', () => {
    const cases = histories.chain(({ size, edits }) =>
      fc.record({
        map: fc.constant(mapAfter(size, edits)),
        range: fc.tuple(fc.integer({ min: 0, max: size }), fc.integer({ min: 0, max: size })),
      }),
    );
    fc.assert(
      fc.property(cases, ({ map, range }) => {
        const [start, end] = [Math.min(...range), Math.max(...range)];
        const pages = pagesOf(map);
        const runs = [...map.runs(start, end)];
        expect(runs.flatMap(({ count, id }) => new Array<ContentId>(count).fill(id))).toEqual(
          pages.slice(start, end),
        );
        let next = start;
        for (const [position, run] of runs.entries()) {
          expect(run.start).toBe(next);
          expect(run.count).toBeGreaterThan(0);
          expect(run.id).not.toBe(runs[position - 1]?.id);
          next += run.count;
        }
      }),
    );
  });

  test('differs from another map exactly where their pages differ', () => {
    const cases = sizes.chain((size) =>
      fc.record({
        size: fc.constant(size),
        shared: editsFor(size),
        left: editsFor(size),
        right: editsFor(size),
      }),
    );
    fc.assert(
      fc.property(cases, ({ size, shared, left, right }) => {
        const base = mapAfter(size, shared);
        const before = left.reduce(applyToMap, base);
        const after = right.reduce(applyToMap, base);
        const patched = pagesOf(before);
        const differences = [...before.differences(after)];
        for (const difference of differences) {
          for (let index = difference.index; index < difference.index + difference.count; index++) {
            expect(patched[index]).toBe(difference.before);
            expect(difference.before).not.toBe(difference.after);
            patched[index] = difference.after;
          }
        }
        expect(patched).toEqual(pagesOf(after));
        expect(before.equals(after)).toBe(differences.length === 0);
      }),
    );
  });
});

describe('a page map after any edits', () => {
  test('has one shape for what it holds, however it came to be', () => {
    fc.assert(
      fc.property(histories, ({ size, edits }) => {
        const map = mapAfter(size, edits);
        const rebuilt = pagesOf(map).reduce(
          (built, id, index) => built.set(index, id),
          PageMap.filled(size, content(9)),
        );
        expect(rebuilt.nodeCount()).toBe(map.nodeCount());
        expect(rebuilt.equals(map)).toBe(true);
        expect(rebuilt).toEqual(map);
      }),
    );
  });

  test('is never changed by what comes after it', () => {
    fc.assert(
      fc.property(histories, ({ size, edits }) => {
        const draft = PageMap.filled(size, zero).draft();
        const kept = edits.map((edit) => {
          applyToDraft(draft, edit);
          const map = draft.done();
          return { map, pages: pagesOf(map) };
        });
        for (const { map, pages } of kept) expect(pagesOf(map)).toEqual(pages);
      }),
      { numRuns: 40 },
    );
  });

  test('survives as JSON', () => {
    fc.assert(
      fc.property(histories, ({ size, edits }) => {
        const map = mapAfter(size, edits);
        // JSON.parse cannot say what it read; this is what toJSON wrote.
        const stored = JSON.parse(JSON.stringify(map)) as PageMapJson;
        expect(PageMap.fromJSON(stored)).toEqual(map);
      }),
    );
  });
});
