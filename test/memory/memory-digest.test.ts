import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ContentId, Contents, poisonContent, zeroContent } from '../../kernels/memory/contents.ts';
import { digestOf } from '../../kernels/memory/memory-digest.ts';
import { PageMap } from '../../kernels/memory/page-map.ts';

const size = 5000;
const whole = [{ start: 0, count: size }];

/** Four contents under the ids of a store, which depend on the order in which they came. */
function contentsInOrder(order: readonly number[]): {
  contents: Contents;
  ids: ReadonlyMap<number, ContentId>;
} {
  const contents = new Contents();
  const ids = new Map(order.map((seed) => [seed, contents.made({ rule: 'pattern', seed, index: 0 })]));
  return { contents, ids };
}

const fills = fc.array(
  fc.record({
    start: fc.integer({ min: 0, max: size - 1 }),
    count: fc.integer({ min: 0, max: size }),
    seed: fc.integer({ min: 0, max: 3 }),
  }),
  { maxLength: 12 },
);

describe('the digest of a range of memory', () => {
  test('is SHA-256 over one line for each run of equal pages', () => {
    const contents = new Contents();
    const map = PageMap.filled(2 ** 28, zeroContent).fill(10, 5, poisonContent);
    const lines = [
      `0 10 ${contents.digest(zeroContent)}`,
      `10 5 ${contents.digest(poisonContent)}`,
      `15 268435441 ${contents.digest(zeroContent)}`,
    ];
    const expected = createHash('sha256')
      .update(`${lines.join('\n')}\n`)
      .digest('hex');
    expect(digestOf(map, contents, [{ start: 0, count: 2 ** 28 }])).toBe(expected);
  });

  test('is the same for equal bytes in another store, under other ids, written page by page', () => {
    fc.assert(
      fc.property(fills, (list) => {
        const left = contentsInOrder([0, 1, 2, 3]);
        const right = contentsInOrder([3, 1, 0, 2]);
        const leftMap = PageMap.filled(size, zeroContent).change((draft) => {
          for (const { start, count, seed } of list) {
            draft.fill(start, Math.min(count, size - start), left.ids.get(seed) ?? zeroContent);
          }
        });
        const rightMap = PageMap.filled(size, poisonContent).change((draft) => {
          for (let index = size - 1; index >= 0; index--) {
            const seed = [...left.ids].find(([, id]) => id === leftMap.get(index))?.[0];
            draft.set(index, seed === undefined ? zeroContent : (right.ids.get(seed) ?? zeroContent));
          }
        });
        expect(digestOf(rightMap, right.contents, whole)).toBe(digestOf(leftMap, left.contents, whole));
      }),
      { numRuns: 30 },
    );
  });

  test('is the same however the ranges are cut', () => {
    const contents = new Contents();
    const map = PageMap.filled(size, zeroContent).fill(90, 40, poisonContent);
    const cuts = fc.array(fc.integer({ min: 0, max: size }), { maxLength: 8 }).map((list) => {
      const borders = [0, ...list.sort((left, right) => left - right), size];
      return borders
        .slice(1)
        .map((end, position) => ({ start: borders[position] ?? 0, count: end - (borders[position] ?? 0) }));
    });
    fc.assert(
      fc.property(cuts, (ranges) => {
        expect(digestOf(map, contents, ranges)).toBe(digestOf(map, contents, whole));
      }),
    );
  });

  test('changes with any page within the ranges and with no page outside', () => {
    const contents = new Contents();
    const ranges = [
      { start: 10, count: 100 },
      { start: 4000, count: 1 },
    ];
    const map = PageMap.filled(size, zeroContent);
    const digest = digestOf(map, contents, ranges);
    for (const index of [10, 64, 109, 4000])
      expect(digestOf(map.set(index, poisonContent), contents, ranges)).not.toBe(digest);
    for (const index of [0, 9, 110, 3999, 4001])
      expect(digestOf(map.set(index, poisonContent), contents, ranges)).toBe(digest);
  });

  test('depends on where the pages are, not only on what they hold', () => {
    const contents = new Contents();
    const map = PageMap.filled(size, zeroContent);
    const atStart = digestOf(map, contents, [{ start: 0, count: 10 }]);
    expect(digestOf(map, contents, [{ start: 10, count: 10 }])).not.toBe(atStart);
    expect(digestOf(map, contents, [{ start: 0, count: 11 }])).not.toBe(atStart);
    const withGap = [
      { start: 0, count: 5 },
      { start: 10, count: 5 },
    ];
    expect(digestOf(map, contents, withGap)).not.toBe(atStart);
  });

  test('wants its ranges in order', () => {
    const overlapping = [
      { start: 0, count: 10 },
      { start: 9, count: 1 },
    ];
    expect(() => digestOf(PageMap.filled(size, zeroContent), new Contents(), overlapping)).toThrow(
      'ascending order',
    );
  });
});
