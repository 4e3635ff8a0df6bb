/**
 * A world as JSON, page contents apart: configurations and contexts instead of snapshots, runs instead of page maps. What it gives
 * back goes on exactly as the world did. Charts use no history states, which XState would not bring back.
 */
import type { AnyMachineSnapshot } from 'xstate';
import type { Machine } from '../../kernels/machine.ts';
import { PageMap, type PageMapJson } from '../../kernels/memory/page-map.ts';
import type { ChartEvent } from '../vocabulary.ts';
import type { ActorName } from './actors.ts';
import type { Clock } from './clock.ts';
import { stateOf } from './left-behind.ts';
import type { Moment, Rules, World } from './world.ts';

type StoredMoment = {
  readonly memory: PageMapJson;
  readonly medium: PageMapJson;
  readonly machine: Machine;
  readonly nowNs: number;
};

export type StoredWorld = {
  readonly step: number;
  readonly machine: Machine;
  readonly memory: PageMapJson;
  readonly medium: PageMapJson;
  readonly actors: Readonly<Record<string, { readonly value: unknown; readonly context: unknown }>>;
  readonly queues: Readonly<Record<string, readonly ChartEvent[]>>;
  readonly kept: Readonly<Record<string, StoredMoment>>;
  readonly clock: Clock;
};

export function storeWorld(world: World): StoredWorld {
  const { step, machine, queues, clock } = world;
  const actors = Object.entries(world.actors).flatMap(([name, snapshot]) =>
    snapshot === undefined ? [] : [[name, stateOf(snapshot)]],
  );
  return {
    step,
    machine,
    queues,
    clock,
    memory: world.memory.toJSON(),
    medium: world.medium.toJSON(),
    actors: Object.fromEntries(actors),
    kept: Object.fromEntries(Object.entries(world.kept).map(([name, moment]) => [name, storeMoment(moment)])),
  };
}

export function reviveWorld(rules: Rules, stored: StoredWorld): World {
  const { step, machine, queues, clock } = stored;
  const actors = [...rules.actors].map(([name, actor]): [ActorName, AnyMachineSnapshot] => {
    // The stored value and context came from this very chart.
    const state = stored.actors[name] as never;
    return [name, actor.machine.resolveState(state)];
  });
  return {
    step,
    machine,
    queues,
    clock,
    memory: PageMap.fromJSON(stored.memory),
    medium: PageMap.fromJSON(stored.medium),
    // One entry for each actor of the rules.
    actors: Object.fromEntries(actors) as World['actors'],
    kept: Object.fromEntries(
      Object.entries(stored.kept).map(([name, moment]) => [name, reviveMoment(moment)]),
    ),
  };
}

const storeMoment = ({ memory, medium, machine, nowNs }: Moment): StoredMoment => ({
  memory: memory.toJSON(),
  medium: medium.toJSON(),
  machine,
  nowNs,
});

const reviveMoment = ({ memory, medium, machine, nowNs }: StoredMoment): Moment => ({
  memory: PageMap.fromJSON(memory),
  medium: PageMap.fromJSON(medium),
  machine,
  nowNs,
});
