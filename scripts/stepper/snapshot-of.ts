import type { AnyMachineSnapshot } from 'xstate';
import { assert } from '../../kernels/assert.ts';
import type { ActorName } from '../../machines/system/actors.ts';
import { stateText } from '../../machines/system/state-text.ts';
import type { World } from '../../machines/system/world.ts';

/** Every actor of the rules has an entry in every world. */
export function snapshotOf({ actors }: World, name: ActorName): AnyMachineSnapshot {
  const snapshot = actors[name];
  assert(snapshot !== undefined, `stepper: there is no actor ${name}`);
  return snapshot;
}

export const stateOf = (world: World, name: ActorName): string => stateText(snapshotOf(world, name).value);
