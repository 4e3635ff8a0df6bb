/** Frames in words. */
import type { Pfn } from '../../image/pfn.ts';
import { type FrameRange, type KernelLayout, rangeHolds } from '../../kernels/linux/memory-layout.ts';
import type { Plan } from '../../kernels/plan.ts';
import { frameCount } from './frame-ranges.ts';

/** `3 frames of A came back changed, the first is 0x3010 (receive ring of A)`; nothing of no frames. */
export function framesText(plan: Plan, frames: readonly FrameRange[], what: string): readonly string[] {
  const [first] = frames;
  if (first === undefined) return [];
  const count = frameCount(frames);
  return [
    `${count} ${count === 1 ? 'frame' : 'frames'} ${what}, the first is ${frameText(plan, first.start)}`,
  ];
}

/** `0x3010 (receive ring of A)`. */
export const frameText = (plan: Plan, frame: Pfn): string =>
  `0x${frame.toString(16)} (${partName(plan, frame)})`;

/** The part of A's memory, also where B has it now. */
export function partName({ layout }: Plan, frame: Pfn): string {
  const { poolStart, ...parts }: KernelLayout = layout.original;
  const part = Object.entries(parts).find(([, range]) => rangeHolds(range, frame));
  return `${part === undefined ? outside(frame, poolStart) : words(part[0])} of A`;
}

const outside = (frame: Pfn, poolStart: Pfn): string => (frame < poolStart ? 'low memory' : 'pool');

const words = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
