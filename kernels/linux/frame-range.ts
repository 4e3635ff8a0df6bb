/** Frames that follow each other. Count 0: none. */
import type { Pfn } from '../../image/pfn.ts';

export type FrameRange = { readonly start: Pfn; readonly count: number };

export const rangeHolds = (range: FrameRange, frame: Pfn): boolean =>
  frame >= range.start && frame < range.start + range.count;
