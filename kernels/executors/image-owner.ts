/**
 * Whose image it is: what B writes into the commit sector so that C loads an image only on the machine, and only over the file
 * systems, that it was taken with.
 *
 * The UUID is what both kernels read in the SMBIOS tables of the board (/sys/class/dmi/id/product_uuid). The superblock is TuxOnIce's
 * answer to a file system that was mounted in between (linux.md A6.3, E row 2): every mount changes it. Nothing of 2007 had either.
 */
import { crc32 } from '../../image/codecs/crc32.ts';
import type { Box } from '../box.ts';
import { diskRead } from '../devices/disk-cache.ts';
import { diskLayout } from '../disk-layout.ts';
import { checksumOffset } from '../linux/file-system-format.ts';
import type { Machine } from '../machine.ts';

/** Two boards; ours: random UUIDs (RFC 9562 version 4), made once. */
const boards = ['7d1f0c52a94e4d5bb3c6f2a80e6b9d11', 'c2b89e0471aa4f6f8e15d0937c4ab6f8'] as const;

export const machineUuid = ({ board }: Pick<Machine, 'board'>): string => boards[board === 0 ? 0 : 1];

/** Without the CRC-32 that the superblock ends with: over data and their own CRC every CRC is the same number, and tells nothing. */
export function rootChecksum(box: Box): number {
  const { root } = diskLayout(box.plan.ramBytes);
  return crc32(box.contents.bytes(diskRead(box, root.start)).subarray(0, checksumOffset));
}
