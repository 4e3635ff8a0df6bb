/**
 * What a callback of the PM core does to a device: one table for all of them, exhaustive over the callbacks.
 *
 *   freeze        once its queue is empty, the driver saves the registers into its page in the kernel's memory and stops DMA
 *   freezeNoirq   interrupts off; the device is quiet, or off when the plan powers devices down between the kernels
 *   …Noirq up     power and interrupts are back (in Linux the interrupts come at the end of the phase, linux.md B.3)
 *   shutdown      DMA and interrupts off for good; nothing is saved, the next kernel probes anew
 *   restore       the registers get back what the page holds, DMA goes on if they say so
 *
 * A driver saves only registers that its own kernel set up: after a restore that failed it keeps what it saved before, so a later
 * round can still heal the device. A save page that holds no registers of this device (memory was lost or overwritten) is written
 * into the device all the same; then nobody has set it up. A device whose power did not come back takes no registers.
 * What a driver keeps besides registers is not emulated.
 */
import { type Pfn, pfn } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import type { CallbackName, DeviceRecord, KernelName } from '../machine.ts';
import { item } from '../shape.ts';
import type { DeviceType } from './device-type.ts';
import { registerFile, registersFor, registersOf } from './register-file.ts';

export type CallbackCall = {
  readonly kernel: KernelName;
  readonly device: number;
  readonly callback: CallbackName;
};

export function takeEffect(box: Box, type: DeviceType, call: CallbackCall): void {
  effects[call.callback](box, type, call);
}

type Effect = (box: Box, type: DeviceType, call: CallbackCall) => void;

const nothing: Effect = () => {};

const effects: { readonly [Name in CallbackName]: Effect } = {
  prepare: nothing,
  freeze,
  /** Runtime power management is off from here on; no device of the box uses it. */
  freezeLate: nothing,
  freezeNoirq,
  thawNoirq: wake,
  thawEarly: wake,
  restoreNoirq: wake,
  restoreEarly: nothing,
  restore,
  complete: nothing,
  shutdown,
};

function freeze(box: Box, type: DeviceType, call: CallbackCall): void {
  const device = deviceOf(box, call);
  if (device.setUpBy === call.kernel) {
    box.memory.write(savePage(box, call), registersOf(device));
    box.note({ type: 'registers.saved', kernel: call.kernel, device: call.device });
  }
  type.hooks?.whenFrozen?.(box);
  if (!device.keepsDma) device.dma = false;
}

function freezeNoirq(box: Box, type: DeviceType, call: CallbackCall): void {
  const device = deviceOf(box, call);
  device.interrupts = false;
  if (box.plan.devicesBetween === 'quiet') {
    device.power = 'quiet';
    return;
  }
  device.power = 'off';
  device.dma = false;
  if (type.losesWhenOff === 'nothing') return;
  device.registers = registersFor(box.contents, type, 'nobody');
  device.setUpBy = 'nobody';
}

/** While a kexec is under way the PCI core clears bus mastering as well (drivers/pci/pci-driver.c:pci_device_shutdown). */
function shutdown(box: Box, type: DeviceType, call: CallbackCall): void {
  const device = deviceOf(box, call);
  type.hooks?.whenFrozen?.(box);
  device.dma = false;
  device.interrupts = false;
}

function wake(box: Box, _type: DeviceType, call: CallbackCall): void {
  const device = deviceOf(box, call);
  device.power = 'on';
  device.interrupts = true;
}

function restore(box: Box, type: DeviceType, call: CallbackCall): void {
  const device = deviceOf(box, call);
  if (device.power === 'off') return;
  const saved = box.memory.read(savePage(box, call));
  const registers = box.contents.decode(registerFile, saved);
  const isItsOwn = registers?.role === type.role;
  device.registers = saved;
  device.setUpBy = isItsOwn ? registers.setUpBy : 'nobody';
  device.dma = isItsOwn && registers.dma && device.power === 'on';
}

const deviceOf = (box: Box, call: CallbackCall): DeviceRecord => item(box.machine.devices, call.device);

export const savePage = (box: Box, call: { readonly kernel: KernelName; readonly device: number }): Pfn =>
  pfn(box.plan.layout[call.kernel].deviceSaves.start + call.device);
