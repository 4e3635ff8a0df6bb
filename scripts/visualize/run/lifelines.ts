/** The lifelines of a picture, and which of them an actor is. */
import { assert } from '../../../kernels/assert.ts';
import { kernelNames } from '../../../kernels/machine.ts';
import type { ActorName } from '../../../machines/system/actors.ts';
import type { Rules } from '../../../machines/system/world.ts';
import type { DevicesShown, Executor, Lifeline, LifelineId } from './sequence.ts';

export const executorTitle = {
  firmware: 'firmware',
  original: 'A',
  dump: 'B',
  restore: 'C',
} as const satisfies Record<Executor, string>;

/** From people through kernels down to what is only written to. */
export function lifelinesOf({ plan }: Rules, devices: DevicesShown): readonly Lifeline[] {
  const shown: readonly Lifeline[] =
    devices === 'together'
      ? [{ id: 'devices', title: 'devices' }]
      : plan.devices.map((role) => ({ id: `device:${role}`, title: role }));
  return [
    { id: 'operator', title: 'operator' },
    { id: 'firmware', title: 'firmware' },
    ...kernelNames.map((kernel) => ({ id: kernel, title: executorTitle[kernel] })),
    ...shown,
    { id: 'disk', title: 'disk data' },
    { id: 'memory', title: 'memory' },
  ];
}

/** `original/gpu` is the driver of A for it; drivers and their devices share a lifeline. */
export function lifelineOf(actor: ActorName, devices: DevicesShown): LifelineId {
  const [main, role] = actor.split('/');
  if (role !== undefined) return devices === 'each' ? `device:${role}` : 'devices';
  const id = [...kernelNames, 'operator' as const, 'firmware' as const].find((name) => name === main);
  assert(id !== undefined, `sequence: the actor ${actor} has no lifeline`);
  return id;
}

/** Those that a kernel has drivers for. */
export function deviceLifelines(
  { plan, actorOrder }: Rules,
  kernel: ActorName,
  devices: DevicesShown,
): readonly LifelineId[] {
  if (devices === 'together') return ['devices'];
  const driven = plan.devices.filter((role) => actorOrder.some((name) => name === `${kernel}/${role}`));
  return driven.map((role) => `device:${role}` as const);
}
