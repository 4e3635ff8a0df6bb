/**
 * totalram_pages() of a kernel: RAM less what was taken before the page allocator had it, which is what kexec_load compares an image with
 * (linux.md A1.2: more than half is EINVAL). In log a10 B has 81 MiB, manages 62 MiB of them and refuses an image of 31.6 MiB;
 * B of the box manages 62 MiB there, too.
 *
 *   RAM - first MiB - kernel - per-CPU areas - reserved region - struct page of every frame - initrd
 *
 * Source: Linux 6.12 kernel/kexec_core.c:sanity_check_segment_list, mm/mm_init.c:memblock_free_all.
 * Deviation: what Linux gives back after the boot (initrd, init code) stays taken here, and the log buffer is within the kernel.
 */
import { type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { usableRanges } from '../firmware-map.ts';
import { defaultInitrdBytes } from '../kexec/kexec-tools.ts';
import type { FrameRange } from '../linux/memory-layout.ts';
import type { KernelName } from '../machine.ts';
import { knownMap } from './boot-parameters.ts';

/** sizeof(struct page), linux.md D.5. */
const structPageBytes = 64;

type MemoryBox = Pick<Box, 'memory' | 'contents' | 'machine' | 'plan'>;

export function managedFrameCount(box: MemoryBox, kernel: KernelName): number {
  const ram = usableRanges(knownMap(box, kernel)).map(({ start, endExclusive }) =>
    between(Math.ceil(start / pageSizeBytes), Math.floor(endExclusive / pageSizeBytes)),
  );
  const ramFrames = sumOf(ram.map(({ count }) => count));
  const taken = ram.map((range) => sumOf(takenRanges(box, kernel).map((other) => commonCount(range, other))));
  const structPages = Math.ceil((ramFrames * structPageBytes) / pageSizeBytes);
  return ramFrames - sumOf(taken) - structPages - Math.ceil(defaultInitrdBytes / pageSizeBytes);
}

/** Linux 6.12 arch/x86/realmode/init.c:reserve_real_mode: nothing below 1 MiB is given out. The ranges do not overlap. */
function takenRanges({ plan }: MemoryBox, kernel: KernelName): readonly FrameRange[] {
  const { text, poolStart, early } = plan.layout[kernel];
  const own = [between(0, 0x100), between(text.start, poolStart), early];
  return kernel === 'original' ? [...own, plan.layout.region] : own;
}

const between = (start: Pfn | number, end: number): FrameRange => ({
  start: pfn(start),
  count: Math.max(0, end - start),
});

const commonCount = (one: FrameRange, other: FrameRange): number =>
  Math.max(0, Math.min(one.start + one.count, other.start + other.count) - Math.max(one.start, other.start));

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
