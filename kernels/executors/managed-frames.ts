/**
 * totalram_pages() of a kernel: RAM less what was taken before the page allocator had it, which is what kexec_load compares an image with
 * (linux.md A1.2: more than half is EINVAL; log a10, where B has 81 MiB, manages 62 MiB of them and refuses 31.6 MiB).
 * Source: Linux 6.12 kernel/kexec_core.c:sanity_check_segment_list, mm/page_alloc.c:free_reserved_area.
 * Deviation: what Linux gives back after the boot (initrd, init code) is never counted here.
 */
import { type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { usableRanges } from '../firmware-map.ts';
import type { FrameRange } from '../linux/memory-layout.ts';
import type { KernelName } from '../machine.ts';
import { knownMap } from './boot-parameters.ts';
import { keptFrameOf } from './early-allocations.ts';

export function managedFrameCount(box: Box, kernel: KernelName): number {
  const taken = takenRanges(box, kernel);
  return usableRanges(knownMap(box, kernel)).reduce((sum, { start, endExclusive }) => {
    const ram = between(Math.ceil(start / pageSizeBytes), Math.floor(endExclusive / pageSizeBytes));
    return sum + taken.reduce((left, range) => left - commonCount(ram, range), ram.count);
  }, 0);
}

/** Linux 6.12 arch/x86/realmode/init.c:reserve_real_mode: nothing below 1 MiB is given out. The ranges do not overlap. */
function takenRanges(box: Box, kernel: KernelName): readonly FrameRange[] {
  const { layout } = box.plan;
  const { text, poolStart, early } = layout[kernel];
  const common = [between(0, 0x100), between(text.start, poolStart), early];
  if (kernel === 'original') return [...common, layout.region];
  return [...common, between(keptFrameOf(box, kernel), (layout.memMax + 1) / pageSizeBytes)];
}

const between = (start: Pfn | number, end: number): FrameRange => ({
  start: pfn(start),
  count: Math.max(0, end - start),
});

const commonCount = (one: FrameRange, other: FrameRange): number =>
  Math.max(0, Math.min(one.start + one.count, other.start + other.count) - Math.max(one.start, other.start));
