/**
 * What devices do in their own time: end a callback that takes a while, end a disk request, and whatever a type has of its own
 * (the network card receives packets).
 *
 * `device.complete` is code of the kernel that called: it goes on only while that kernel executes, so a callback under way at a
 * crash never ends. One that hangs never ends either; one that is late ends after every time-out.
 */
import { assert } from '../assert.ts';
import type { Box, Move, ReplyAddress } from '../box.ts';
import { callbackNs, type DeviceType, mustWait } from '../devices/device-type.ts';
import { deviceTypeOf, deviceTypes } from '../devices/index.ts';
import { returnFromCallback } from '../executors/device-call.ts';
import { latencyNs } from '../latencies.ts';
import type { KernelName, Machine } from '../machine.ts';
import type { Plan } from '../plan.ts';
import { item } from '../shape.ts';

/** What a disk request does when it is done, and how long it takes. The executors that start requests own these. */
export type DiskCompletion = {
  readonly run: (box: Box, kernel: KernelName) => void;
  readonly latencyNs: (machine: Machine, plan: Plan) => number;
};
export type DiskCompletions = { readonly [Busy in Exclude<Machine['disk']['busy'], 'no'>]: DiskCompletion };

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
    rank: (machine, index, plan) => {
      const { busy, busyFor, hangs, late } = item(machine.devices, index);
      if (busy === 'none' || hangs === busy) return undefined;
      if (machine.power === 'off' || machine.owner !== busyFor) return undefined;
      if (mustWait(machine, typeAt(plan, index), busy)) return undefined;
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

/** A request that was sent to the disk is done by the disk, whoever executes; a reset or a new driver drops it. */
export const diskComplete = (completions: DiskCompletions): Move => ({
  name: 'disk.complete',
  count: () => 1,
  rank: ({ power, disk }) => (power === 'on' && disk.busy !== 'no' ? 'urgent' : undefined),
  run: (box) => {
    const { disk } = box.machine;
    const { busy, busyFor } = disk;
    assert(busy !== 'no', 'disk.complete: the disk is not busy');
    disk.busy = 'no';
    disk.busyFor = 'original';
    completions[busy].run(box, busyFor);
  },
  owner: ownerOfRequest,
  latencyNs: (machine, _index, plan) =>
    machine.disk.busy === 'no' ? 0 : completions[machine.disk.busy].latencyNs(machine, plan),
  label: () => 'disk',
});

/** A device that cannot finish freezing before the disk is idle waits for the request too, and its time-out with it. */
function ownerOfRequest({ disk, devices }: Machine): ReplyAddress | undefined {
  if (disk.busy === 'no') return undefined;
  const kernel = disk.busyFor;
  const freezing = devices.findIndex((device) => device.busy === 'freeze' && device.busyFor === kernel);
  return freezing < 0 ? kernel : { kernel, device: freezing };
}
