/**
 * What devices do in their own time: end a callback that takes a while, and whatever a type has of its own
 * (the network card receives packets).
 *
 * `device.complete` is code of the kernel that called: it goes on only while that kernel executes, so a callback under way at a
 * crash never ends. One that hangs never ends either; one that is late ends after every time-out.
 */
import { assert } from '../assert.ts';
import type { Box, Move } from '../box.ts';
import { callbackNs, type DeviceType } from '../devices/device-type.ts';
import { deviceTypeOf, deviceTypes } from '../devices/index.ts';
import { returnFromCallback } from '../executors/device-call.ts';
import { latencyNs } from '../latencies.ts';
import type { Plan } from '../plan.ts';
import { item } from '../shape.ts';

/** Of a registry of devices, the moves. */
export const deviceMovesOf = (types: readonly DeviceType[]): readonly Move[] => [
  deviceComplete(types),
  ...types.flatMap((type) => type.moves ?? []),
];

export const deviceMoves = deviceMovesOf(deviceTypes);

export function deviceComplete(types: readonly DeviceType[]): Move {
  const typeAt = (plan: Plan, index: number): DeviceType => deviceTypeOf(item(plan.devices, index), types);
  return {
    name: 'device.complete',
    count: (plan) => plan.size.deviceCount,
    rank: (machine, index) => {
      const { busy, busyFor, hangs, late } = item(machine.devices, index);
      if (busy === 'none' || hangs === busy) return undefined;
      if (machine.power === 'off' || machine.owner !== busyFor) return undefined;
      return late === busy ? 'patient' : 'urgent';
    },
    run: (box, index) => complete(box, index, typeAt(box.plan, index)),
    owner: (machine, index) => {
      const { busy, busyFor } = item(machine.devices, index);
      return busy === 'none' ? undefined : { kernel: busyFor, device: index };
    },
    latencyNs: (machine, index, plan) => {
      const { busy, late } = item(machine.devices, index);
      if (busy === 'none') return 0;
      return late === busy ? latencyNs('device.late') : callbackNs(typeAt(plan, index), busy);
    },
    label: (index, plan) => item(plan.devices, index),
  };
}

function complete(box: Box, index: number, type: DeviceType): void {
  const device = item(box.machine.devices, index);
  const { busy: callback, busyFor: kernel } = device;
  assert(callback !== 'none', `device.complete: ${type.role} is not busy`);
  device.busy = 'none';
  device.busyFor = 'original';
  if (device.late === callback) device.late = 'none';
  returnFromCallback(box, type, { kernel, device: index, callback });
}
