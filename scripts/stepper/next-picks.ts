/**
 * What may happen next, in the order of time, and what is held back and why. The first is what `s` does; `pick N` takes another.
 */
import { armedTimers } from '../../machines/system/actors.ts';
import type { Pick } from '../../machines/system/picks.ts';
import { possiblePicks } from '../../machines/system/picks.ts';
import { dueNs } from '../../machines/system/step.ts';
import type { Rules, World } from '../../machines/system/world.ts';
import { snapshotOf } from './snapshot-of.ts';

export type NextPick = {
  /** As `pick` takes it: 1 is what is due first. */
  readonly number: number;
  /** As `Choices` is asked: the place in the canonical order. */
  readonly index: number;
  readonly key: string;
  readonly dueNs: number;
  readonly why: string;
};

export type HeldBack = { readonly what: string; readonly why: string };

export function nextPicks(rules: Rules, world: World): readonly NextPick[] {
  const picks = possiblePicks(rules, world).map((pick, index) => ({
    pick,
    index,
    dueNs: dueNs(rules, world, pick),
  }));
  // What is due at the same time stays in the canonical order, as in a timed run.
  return picks
    .sort((one, other) => one.dueNs - other.dueNs)
    .map(({ pick, index, dueNs }, at) => ({
      number: at + 1,
      index,
      key: pick.key,
      dueNs,
      why: whyOf(world, pick),
    }));
}

function whyOf(world: World, pick: Pick): string {
  switch (pick.kind) {
    case 'deliver':
      return `brings ${world.queues[pick.channel.name]?.[0]?.type ?? 'nothing'}`;
    case 'move':
      return pick.rank;
    case 'timer':
      return 'timer';
  }
}

/** Messages whose receiver does not run, and timers that are armed but may not fire yet. */
export function heldBack(rules: Rules, world: World): readonly HeldBack[] {
  const possible = new Set(possiblePicks(rules, world).map(({ key }) => key));
  const messages = Object.entries(world.queues)
    .filter(([channel]) => !possible.has(`deliver ${channel}`))
    .map(([channel, queue]) => ({
      what: `deliver ${channel} (${queue.map(({ type }) => type).join(', ')})`,
      why: 'the receiver does not run',
    }));
  const timers = [...rules.actors.values()].flatMap((actor) =>
    armedTimers(actor, snapshotOf(world, actor.name))
      .map(({ name, state }) => `timer ${actor.name} ${name} in ${state}`)
      .filter((key) => !possible.has(key))
      .map((key) => ({ what: key, why: whyNot(world, actor.kernel) })),
  );
  return [...messages, ...timers];
}

/** picks.ts: a timer waits for its actor to run, and for what is under way to it. */
function whyNot(world: World, kernel: keyof World['machine']['kernels'] | undefined): string {
  const runs = kernel === undefined || world.machine.kernels[kernel].state === 'running';
  return runs ? 'something is under way to its owner' : 'its kernel does not run';
}
