/** Sets of frames as ranges, ascending and apart: a set of a terabyte is a handful of ranges. */
import { type Pfn, pfn } from '../../image/pfn.ts';
import type { FrameRange } from '../../kernels/linux/memory-layout.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import { item } from '../../kernels/shape.ts';

/** Single frames, in any order, as ranges. */
export const rangesOfFrames = (frames: Iterable<Pfn>): readonly FrameRange[] =>
  joined(Array.from(frames, (start) => ({ start, count: 1 })));

/** Ranges in any order, which may touch and overlap. */
export function joined(ranges: readonly FrameRange[]): readonly FrameRange[] {
  const all: FrameRange[] = [];
  for (const range of [...ranges].sort((one, other) => one.start - other.start)) {
    const last = all.at(-1);
    if (last !== undefined && range.start <= endOf(last)) {
      all[all.length - 1] = between(last.start, Math.max(endOf(last), endOf(range)));
    } else if (range.count > 0) all.push(range);
  }
  return all;
}

export function common(one: readonly FrameRange[], other: readonly FrameRange[]): readonly FrameRange[] {
  const shared: FrameRange[] = [];
  for (let [left, right] = [0, 0]; left < one.length && right < other.length; ) {
    const [here, there] = [item(one, left), item(other, right)];
    const start = Math.max(here.start, there.start);
    const end = Math.min(endOf(here), endOf(there));
    if (start < end) shared.push(between(start, end));
    if (endOf(here) === end) left += 1;
    else right += 1;
  }
  return shared;
}

export const without = (ranges: readonly FrameRange[], holes: readonly FrameRange[]): readonly FrameRange[] =>
  common(ranges, gapsOf(holes));

/** Where two memories differ. */
export const changedFrames = (before: PageMap, after: PageMap): readonly FrameRange[] =>
  Array.from(before.differences(after), ({ index, count }) => ({ start: pfn(index), count }));

export const frameCount = (ranges: readonly FrameRange[]): number =>
  ranges.reduce((sum, { count }) => sum + count, 0);

/** Physical addresses end at 2^52 (Intel SDM volume 3A, 4.1.4), so frame numbers at 2^40. */
const frameLimit = 2 ** 40;

function gapsOf(ranges: readonly FrameRange[]): readonly FrameRange[] {
  const gaps: FrameRange[] = [];
  let end = 0;
  for (const range of ranges) {
    if (range.start > end) gaps.push(between(end, range.start));
    end = endOf(range);
  }
  return [...gaps, between(end, frameLimit)];
}

const endOf = ({ start, count }: FrameRange): number => start + count;
const between = (start: number, end: number): FrameRange => ({ start: pfn(start), count: end - start });
