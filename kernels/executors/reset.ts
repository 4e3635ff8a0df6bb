/**
 * The machine starts anew: triple fault, restart, power off. Memory keeps its bytes over a reset (QEMU, and most PCs), nobody owns them.
 */
import { pageSizeBytes, pfn } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { diskFlush, loseCache } from '../devices/disk-cache.ts';
import { resetDevices } from '../devices/set-up-devices.ts';
import { type KernelName, kernelNames } from '../machine.ts';
import { poisonContent } from '../memory/contents.ts';
import { item } from '../shape.ts';
import { stopWork } from './slow-work.ts';

/** A fault that no handler can take: the processor gives up, the chipset resets the machine. No line (linux.md A1.8 row 7). */
export function tripleFault(box: Box): void {
  box.machine.tripleFaults = Math.min(box.machine.tripleFaults + 1, 15);
  reset(box);
}

export function reset(box: Box): void {
  box.machine.resets = Math.min(box.machine.resets + 1, 15);
  stopEverything(box);
  box.own('firmware');
  box.arrive('firmware', { type: 'power.restored' });
}

/** kernel_power_off: drivers shut down, and the disk's with a flush (drivers/scsi/sd.c:sd_shutdown). Then memory is poison. */
export function powerOff(box: Box): void {
  diskFlush(box);
  box.own('nobody');
  losePower(box);
  box.arrive('firmware', { type: 'power.lost' });
}

/** The power fails and comes back: what is not on the medium is gone. */
export function cutPower(box: Box): void {
  loseCache(box);
  box.own('firmware');
  losePower(box);
  box.arrive('firmware', { type: 'power.restored' });
}

function losePower(box: Box): void {
  stopEverything(box);
  box.machine.power = 'off';
  box.memory.fill(pfn(0), Math.ceil(box.plan.memoryEnd / pageSizeBytes), poisonContent);
}

/** What was a kernel is bytes in memory from here on. */
export function stopKernel(box: Box, name: KernelName): void {
  const kernel = box.machine.kernels[name];
  kernel.state = 'absent';
  kernel.consoleSuspended = false;
  kernel.freezing = false;
  kernel.oomDisabled = false;
  kernel.syscoreAsleep = false;
  kernel.mounted = false;
  kernel.vmcore = 'none';
  for (const image of [kernel.image, kernel.crashImage]) image.loaded = false;
  for (const task of kernel.tasks) task.state = 'absent';
  box.forget(name);
}

export function stopEverything(box: Box): void {
  for (const name of kernelNames) stopKernel(box, name);
  for (const index of box.machine.cpus.keys()) {
    const cpu = item(box.machine.cpus, index);
    cpu.state = index === 0 ? 'online' : 'offline';
    cpu.busy = 'no';
    cpu.interrupts = false;
  }
  stopWork(box);
  resetDevices(box);
}
