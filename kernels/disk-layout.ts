/**
 * How the disk of the box is divided, in blocks of a page:
 *
 *   0        256             16,640         33,024                                             ...                   end
 *   | left   | root, 64 MiB  | swap, 64 MiB | dump: RAM, and 64 MiB for what an ELF dump adds | kept, 160 MiB         |
 *   | out    | A's files     | A's swap     | B's image of A; A never mounts it               | B, for variant kept-b |
 *
 * The first MiB is what partitioning tools leave for the partition table and the boot loader (sfdisk and parted align to 1 MiB);
 * the box writes no table there, because nothing in it would read one. Sizes are ours: root and swap are as small as their jobs
 * allow, and the dump has to hold all of RAM, its headers and notes, and the kernel's text, which an ELF dump stores a second time
 * (linux.md C.3.1).
 */
import { pageSizeBytes } from '../image/pfn.ts';

/** Blocks of the whole disk. */
export type Partition = { readonly start: number; readonly count: number };
export type DiskLayout = {
  readonly root: Partition;
  readonly swap: Partition;
  readonly dump: Partition;
  readonly kept: Partition;
};

export const blockSizeBytes = pageSizeBytes;

const blocksPerMebibyte = 2 ** 20 / blockSizeBytes;
const partitionTableBlocks = 1 * blocksPerMebibyte;
const rootBlocks = 64 * blocksPerMebibyte;
const swapBlocks = 64 * blocksPerMebibyte;
const dumpExtraBlocks = 64 * blocksPerMebibyte;
/** B's range, 81 MiB on demand and 128 MiB reserved, and a header. */
const keptBlocks = 160 * blocksPerMebibyte;

export function diskLayout(ramBytes: number): DiskLayout {
  const root = { start: partitionTableBlocks, count: rootBlocks };
  const swap = { start: root.start + root.count, count: swapBlocks };
  const ramBlocks = Math.ceil(ramBytes / blockSizeBytes);
  const dump = { start: swap.start + swap.count, count: ramBlocks + dumpExtraBlocks };
  return { root, swap, dump, kept: { start: dump.start + dump.count, count: keptBlocks } };
}

export function diskBlockCount(ramBytes: number): number {
  const { kept } = diskLayout(ramBytes);
  return kept.start + kept.count;
}
