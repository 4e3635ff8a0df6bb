/** Walks all devices of a small box through callbacks, as the driver core of a kernel does: down with children first, up with parents first. */
import { assert } from '../../kernels/assert.ts';
import { type DeviceType, deviceRole } from '../../kernels/devices/device-type.ts';
import { deviceTypes } from '../../kernels/devices/index.ts';
import { probeDevices, resetDevices } from '../../kernels/devices/set-up-devices.ts';
import { deviceCall } from '../../kernels/executors/device-call.ts';
import type { CallbackName, DeviceRecord, KernelName } from '../../kernels/machine.ts';
import { deviceMovesOf } from '../../kernels/moves/device-moves.ts';
import { item } from '../../kernels/shape.ts';
import { type SmallBox, type SmallBoxOptions, settle, smallBox } from '../kit/small-box.ts';

export const downward = [
  'prepare',
  'freeze',
  'freezeLate',
  'freezeNoirq',
] as const satisfies readonly CallbackName[];
export const upward = [
  'restoreNoirq',
  'restoreEarly',
  'restore',
  'complete',
] as const satisfies readonly CallbackName[];
const childrenFirst: ReadonlySet<CallbackName> = new Set([
  'freeze',
  'freezeLate',
  'freezeNoirq',
  'complete',
] as const);

/** Kernel A runs and has probed its devices. */
export function runningBox(
  options: SmallBoxOptions = {},
  types: readonly DeviceType[] = deviceTypes,
): SmallBox {
  const small = smallBox({ devices: types.map((type) => type.role), ...options });
  small.run((box) => {
    box.machine.power = 'on';
    box.own('firmware');
    resetDevices(box, types);
  });
  takeOver(small, 'original', types);
  return small;
}

export function takeOver(
  small: SmallBox,
  kernel: KernelName,
  types: readonly DeviceType[] = deviceTypes,
): void {
  small.run((box) => {
    box.own(kernel);
    probeDevices(box, kernel, types);
  });
}

/** Every device answers before the next phase begins. */
export function walk(
  small: SmallBox,
  kernel: KernelName,
  callbacks: readonly CallbackName[],
  types: readonly DeviceType[] = deviceTypes,
): void {
  for (const callback of callbacks) {
    const indexes = [...small.plan.devices.keys()];
    if (childrenFirst.has(callback)) indexes.reverse();
    for (const index of indexes) {
      const repliesBefore = small.replies.length;
      small.run((box) => deviceCall(box, { type: 'device.call', kernel, device: index, callback }, types));
      settle(small, deviceMovesOf(types));
      assert(small.replies.length === repliesBefore + 1, `story: device ${index} answers ${callback} once`);
    }
  }
}

export const indexOf = (small: SmallBox, role: string): number => {
  const index = small.plan.devices.indexOf(deviceRole(role));
  assert(index >= 0, `story: the box has no ${role}`);
  return index;
};

export const deviceOf = (small: SmallBox, role: string): DeviceRecord =>
  item(small.machine().devices, indexOf(small, role));
