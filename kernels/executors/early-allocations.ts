/**
 * What a kernel that boots within A's machine takes before it has a page allocator: from the top of the RAM it knows downwards (memblock
 * is top-down), above its own image, and, when it has RAM below 16 MiB, buffers for old devices there (ZONE_DMA).
 *
 *   | image | pool …       free …       | initrd, kernel, parameters, purgatory | elfcorehdr | more RAM, if B knows of any |
 *             first taken                 kept until B has read them                          taken from its end downwards
 *
 * The kernel knows only what its boot parameters and its command line say. It keeps what its loader put there, but of the elfcorehdr it
 * has no idea: where that lies in its RAM and at its top (mem=), it is the first to be written over (linux.md A1.8 row 5, log a1).
 * Numbers of frames are ours.
 */
import {
  addressOf,
  frameOf,
  type Pfn,
  type PhysicalAddress,
  pageSizeBytes,
  pfn,
  physical,
} from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { Box } from '../box.ts';
import { type AddressRange, rangesWithout, usableRanges } from '../firmware-map.ts';
import { type FrameRange, rangeHolds } from '../linux/memory-layout.ts';
import type { KernelName } from '../machine.ts';
import { bootParameters, knownMap, startedImage } from './boot-parameters.ts';
import { elfcorehdrAddress } from './save-vmcore.ts';

const dirtiedFrames = 600;
const deviceBuffers: FrameRange = { start: pfn(0x700), count: 0x100 };

/** In the order in which they are written. */
export const dirtiedRanges = (box: Box, kernel: KernelName): readonly FrameRange[] => [
  ...topOfRam(box, kernel),
  { start: box.plan.layout[kernel].poolStart, count: dirtiedFrames },
  ...(box.plan.layout.dumpRam.some((range) => rangeHolds(range, deviceBuffers.start)) ? [deviceBuffers] : []),
];

/** From here up stands what B's loader put there; the boot loader puts nothing at the top of C's range. */
export const keptFrameOf = (box: Box, kernel: KernelName): Pfn =>
  pfn(kernel === 'dump' ? startedImage(box).keptFrame : (box.plan.layout.memMax + 1) / pageSizeBytes);

/** The highest frames that are free, as many as are wanted. */
function topOfRam(box: Box, kernel: KernelName): readonly FrameRange[] {
  const taken: FrameRange[] = [];
  let left = dirtiedFrames;
  for (const { start, endExclusive } of freeRanges(box, kernel).toReversed()) {
    const count = Math.min(left, Math.floor((endExclusive - start) / pageSizeBytes));
    if (count > 0) taken.push({ start: pfn(frameOf(endExclusive) - count), count });
    left -= count;
  }
  assert(left === 0, 'kernel.start: B has no room for its first allocations');
  return taken;
}

function freeRanges(box: Box, kernel: KernelName): readonly AddressRange[] {
  const kept = { start: addressOf(keptFrameOf(box, kernel)), endExclusive: keptEnd(box, kernel) };
  return rangesWithout(usableRanges(knownMap(box, kernel)), [kept]);
}

/** A loader puts the elfcorehdr above all else; B knows where it is and does not keep it. */
function keptEnd(box: Box, kernel: KernelName): PhysicalAddress {
  const end = physical(box.plan.layout.memMax + 1);
  const elfcorehdr = elfcorehdrAddress(bootParameters(box, kernel).commandLine);
  const isAbove = elfcorehdr !== undefined && elfcorehdr > addressOf(keptFrameOf(box, kernel));
  return isAbove && elfcorehdr < end ? elfcorehdr : end;
}
