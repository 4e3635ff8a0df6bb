/**
 * The code below 1 MiB through which a kernel starts its other processors: they wake up in real mode and can reach nothing higher.
 *
 * Every kernel that has RAM there puts its own copy in the same place, at boot: so B's stands where A's stood, and A must get its own
 * back (linux.md A1.8 row 3). What a processor does that starts into another kernel's copy is not known; here it is never heard of.
 * Source: Linux 6.12 arch/x86/realmode/init.c, reserve_real_mode and setup_real_mode; the six pages are ours.
 */
import { type Pfn, pfn } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { ramOf } from '../linux/frame-allocator.ts';
import { rangeHolds } from '../linux/memory-layout.ts';
import type { KernelName } from '../machine.ts';
import type { ContentId } from '../memory/contents.ts';

/** The highest six pages below 0x9f000, the end of low memory in log a1. */
const startUpFrames: readonly Pfn[] = [0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e].map(pfn);

const seeds = { original: 0xa7, dump: 0xb7, restore: 0xd7 } as const;

const contentAt = (box: Box, kernel: KernelName, index: number): ContentId =>
  box.contents.made({ rule: 'pattern', seed: seeds[kernel], index });

const isInRam = (box: Box, kernel: KernelName): boolean =>
  ramOf(box.plan, kernel).some((range) => startUpFrames.every((frame) => rangeHolds(range, frame)));

export function writeStartUpCode(box: Box, kernel: KernelName): void {
  if (!isInRam(box, kernel)) return;
  for (const [index, frame] of startUpFrames.entries())
    box.memory.write(frame, contentAt(box, kernel, index));
}

export const hasStartUpCode = (box: Box, kernel: KernelName): boolean =>
  !isInRam(box, kernel) ||
  startUpFrames.every((frame, index) => box.memory.read(frame) === contentAt(box, kernel, index));
