/**
 * The disk as a file system sees it: its own partition, counted from 0, and only while the disk answers this kernel. A disk that is
 * frozen or that another kernel has set up refuses; whoever asked is given EIO, and the refusal is counted (`disk.refused`).
 */
import { assert } from '../assert.ts';
import type { Box } from '../box.ts';
import { diskFlush, diskRead, diskRequest, diskWrite } from '../devices/disk-cache.ts';
import { diskLayout, type Partition } from '../disk-layout.ts';
import type { KernelName } from '../machine.ts';
import type { BlockDevice } from './file-system-journal.ts';

/** Undefined: the request is refused. */
export function rootDevice(box: Box, kernel: KernelName): BlockDevice | undefined {
  return diskRequest(box, kernel) === 0
    ? partitionDevice(box, diskLayout(box.plan.ramBytes).root)
    : undefined;
}

export function partitionDevice(box: Box, partition: Partition): BlockDevice {
  const place = (block: number): number => {
    assert(
      block >= 0 && block < partition.count,
      `disk: block ${block} is outside a partition of ${partition.count}`,
    );
    return partition.start + block;
  };
  return {
    read: (block) => diskRead(box, place(block)),
    write: (block, content) => diskWrite(box, place(block), content),
    flush: () => diskFlush(box),
  };
}
