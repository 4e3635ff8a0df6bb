/**
 * The registry of devices, in the order in which Linux registers them: parents before children. Prepare and the way up go through a
 * box's devices in this order, the way down goes against it (linux.md B.3).
 * PCI comes first, by address, then PnP (log a1: the order of the restore callbacks), then what hangs on USB.
 */
import { assert } from '../assert.ts';
import type { DeviceRole } from './device-role.ts';
import type { DeviceType } from './device-type.ts';
import { disk } from './disk.ts';
import { gpu } from './gpu.ts';
import { networkCard } from './network-card.ts';
import { serialConsole } from './serial-console.ts';
import { timer } from './timer.ts';
import { usbController } from './usb-controller.ts';
import { usbKeyboard } from './usb-keyboard.ts';
import { usbStorage } from './usb-storage.ts';

export const deviceTypes = registered([
  disk,
  usbController,
  gpu,
  networkCard,
  serialConsole,
  timer,
  usbKeyboard,
  usbStorage,
]);

/** A list of types as a registry: every role once, every parent before its children. */
export function registered(types: readonly DeviceType[]): readonly DeviceType[] {
  const seen = new Set<DeviceRole>();
  for (const { role, parent } of types) {
    assert(!seen.has(role), `devices: the role ${role} is registered twice`);
    assert(
      parent === undefined || seen.has(parent),
      `devices: ${parent}, the parent of ${role}, must come before it`,
    );
    seen.add(role);
  }
  return types;
}

export function deviceTypeOf(role: DeviceRole, types: readonly DeviceType[] = deviceTypes): DeviceType {
  const type = types.find((candidate) => candidate.role === role);
  assert(
    type !== undefined,
    `devices: there is no device ${role}; there are ${types.map((known) => known.role).join(', ')}`,
  );
  return type;
}
