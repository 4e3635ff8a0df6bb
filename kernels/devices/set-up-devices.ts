/**
 * Who sets devices up outside suspending: a booting kernel, and a reset.
 *
 * A kernel that boots probes every device it has a driver for, and does not ask in what state it finds it. Kernel B drives few; the
 * others stay as they are, so a card that kernel A left running (a crash, a driver that does not stop it) goes on writing.
 * Kernel C is about to fill all of memory: it takes bus mastering from what it does not drive (as Linux's `efi=disable_early_pci_dma`
 * does to what firmware left running; that C boots with the like of it is ours).
 */
import type { Box } from '../box.ts';
import type { DeviceRecord, KernelName } from '../machine.ts';
import { item } from '../shape.ts';
import { type DeviceType, isDrivenBy, type SetUpBy } from './device-type.ts';
import { deviceTypeOf, deviceTypes } from './index.ts';
import { registersFor } from './register-file.ts';

export function probeDevices(box: Box, kernel: KernelName, types: readonly DeviceType[] = deviceTypes): void {
  eachDevice(box, types, (device, type) => {
    if (!isDrivenBy(type, kernel)) {
      if (kernel === 'restore') device.dma = false;
      return;
    }
    setUp(box, device, type, kernel);
    device.interrupts = true;
    device.dma = type.dma;
  });
}

/** Power-on and reset: firmware has the devices, nothing is under way, nothing moves by itself. Planned faults stay planned. */
export function resetDevices(box: Box, types: readonly DeviceType[] = deviceTypes): void {
  eachDevice(box, types, (device, type) => {
    setUp(box, device, type, 'firmware');
    device.interrupts = false;
    device.dma = false;
  });
}

function setUp(box: Box, device: DeviceRecord, type: DeviceType, setUpBy: SetUpBy): void {
  device.power = 'on';
  device.registers = registersFor(box.contents, type, setUpBy);
  device.setUpBy = setUpBy;
  device.busy = 'none';
  // Whatever stands there when a kernel, or the firmware, looks anew is what it knows from then on.
  device.card = 'same';
  device.busyFor = 'original';
}

function eachDevice(
  box: Box,
  types: readonly DeviceType[],
  visit: (device: DeviceRecord, type: DeviceType) => void,
): void {
  for (const [index, role] of box.plan.devices.entries()) {
    visit(item(box.machine.devices, index), deviceTypeOf(role, types));
  }
}
