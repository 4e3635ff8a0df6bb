import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Pfn, pfn } from '../../image/pfn.ts';
import type { FrameRange } from '../../kernels/linux/memory-layout.ts';
import { common, frameCount, joined, rangesOfFrames, without } from '../../machines/laws/frame-ranges.ts';

const frames = fc.uniqueArray(fc.nat(40).map(pfn), { maxLength: 30 });

const ascending = (set: Iterable<Pfn>): readonly Pfn[] => [...set].sort((one, other) => one - other);

const framesIn = (ranges: readonly FrameRange[]): readonly Pfn[] =>
  ranges.flatMap(({ start, count }) => Array.from({ length: count }, (_, index) => pfn(start + index)));

describe('sets of frames as ranges', () => {
  it('hold the frames that they were made of, in the fewest ranges', () => {
    fc.assert(
      fc.property(frames, (some) => {
        const ranges = rangesOfFrames(some);
        expect(framesIn(ranges)).toEqual(ascending(some));
        expect(frameCount(ranges)).toBe(some.length);
        for (const [index, { start, count }] of ranges.entries()) {
          const next = ranges[index + 1];
          if (next) expect(start + count).toBeLessThan(next.start);
        }
      }),
    );
  });

  it('give what two of them share, and what one has without the other', () => {
    fc.assert(
      fc.property(frames, frames, (some, more) => {
        const [one, other] = [rangesOfFrames(some), rangesOfFrames(more)];
        expect(framesIn(common(one, other))).toEqual(ascending(some).filter((frame) => more.includes(frame)));
        expect(framesIn(without(one, other))).toEqual(
          ascending(some).filter((frame) => !more.includes(frame)),
        );
      }),
    );
  });

  it('are joined when they overlap, touch or are empty', () => {
    const ranges = [
      { start: pfn(8), count: 2 },
      { start: pfn(1), count: 4 },
      { start: pfn(20), count: 0 },
      { start: pfn(5), count: 1 },
      { start: pfn(2), count: 1 },
    ];
    expect(joined(ranges)).toEqual([
      { start: 1, count: 5 },
      { start: 8, count: 2 },
    ]);
  });
});
