/**
 * The disk: a PATA disk at the controller of QEMU's `pc` machine, with a volatile write cache (`disk-cache.ts`).
 *
 * Controller, port and disk are one device here; Linux has four (ata_piix, ata2, host1, 1:0:0:0), frozen one after the other, and
 * the times of log a1 are their sums. The disk of the logs is virtio_blk; this one was chosen because its cache is its own.
 *
 * Deviation: freezing flushes the cache. Linux 6.12 drains the queue but sends no flush on FREEZE (drivers/scsi/sd.c:sd_pm_ops has
 * no freeze callback; the flush comes with suspend and power-off). Here the disk may be powered down between the two kernels.
 */
import { pciCallbacks } from './bus-callbacks.ts';
import type { DeviceType } from './device-type.ts';
import { diskFlush, diskRole } from './disk-cache.ts';

export const disk: DeviceType = {
  role: diskRole,
  about: 'disk with a volatile write cache: file system, swap, and the partition that B saves to',
  driver: 'ata_piix',
  device: '0000:00:01.1',
  parentName: 'pci0000:00',
  drivenByDump: true,
  dma: true,
  callbacks: pciCallbacks({
    freeze: 'disk.freeze',
    freezeNoirq: 'disk.freezeNoirq',
    thawNoirq: 'disk.thawNoirq',
    restoreNoirq: 'disk.restoreNoirq',
    restore: 'disk.restore',
  }),
  losesWhenOff: 'registers',
  hooks: { whenFrozen: diskFlush },
};
