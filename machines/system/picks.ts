/**
 * What may happen next, in one canonical order: heads of channels in declared order, moves, timers by owner.
 *
 * A timer may fire when nothing is under way to its owner: no message waits for it and no urgent move will answer it. Background
 * moves (work, DMA) never count as pending, or no timer would ever fire.
 */
import type { Move, ReplyAddress } from '../../kernels/box.ts';
import { type ActorName, actorNameOf, armedTimers, type Timer } from './actors.ts';
import type { Channel, Rules, World } from './world.ts';

export type Pick =
  | { readonly kind: 'deliver'; readonly key: string; readonly channel: Channel }
  | {
      readonly kind: 'move';
      readonly key: string;
      readonly move: Move;
      readonly index: number;
      readonly rank: 'urgent' | 'patient' | 'background';
    }
  | { readonly kind: 'timer'; readonly key: string; readonly actor: ActorName; readonly timer: Timer };

const cache = new WeakMap<World, readonly Pick[]>();

/** Computed once per world: a world never changes, and whoever shows it asks again and again. */
export function possiblePicks(rules: Rules, world: World): readonly Pick[] {
  const known = cache.get(world);
  if (known) return known;
  const deliveries = rules.channels.filter((channel) => mayDeliver(rules, world, channel)).map(deliver);
  const moves = movePicks(rules, world);
  const busy = new Set<ActorName>(deliveries.map(({ channel }) => channel.to));
  for (const { move, index, rank } of moves) {
    const owner = rank === 'urgent' ? move.owner?.(world.machine, index) : undefined;
    if (owner !== undefined) busy.add(actorNameOf(rules.plan, owner as ReplyAddress));
  }
  const picks = [...deliveries, ...moves, ...timerPicks(rules, world, busy)];
  cache.set(world, picks);
  return picks;
}

type Delivery = Extract<Pick, { kind: 'deliver' }>;
type MovePick = Extract<Pick, { kind: 'move' }>;

const deliver = (channel: Channel): Delivery => ({
  kind: 'deliver',
  key: `deliver ${channel.name}`,
  channel,
});

/** A message waits until its receiver runs; only the arrival of control reaches a kernel that does not. */
function mayDeliver(rules: Rules, world: World, channel: Channel): boolean {
  const queue = world.queues[channel.name];
  if (queue === undefined) return false;
  return channel.from === 'hardware' || mayRun(rules, world, channel.to);
}

function mayRun(rules: Rules, world: World, name: ActorName): boolean {
  const kernel = rules.actors.get(name)?.kernel;
  return kernel === undefined || world.machine.kernels[kernel].state === 'running';
}

function movePicks(rules: Rules, world: World): MovePick[] {
  const picks: MovePick[] = [];
  for (const move of rules.moves) {
    const count = move.count(rules.plan);
    for (let index = 0; index < count; index += 1) {
      const rank = move.rank(world.machine, index, rules.plan);
      if (rank)
        picks.push({ kind: 'move', key: `${move.name} ${move.label(index, rules.plan)}`, move, index, rank });
    }
  }
  return picks;
}

function timerPicks(rules: Rules, world: World, busy: ReadonlySet<ActorName>): Pick[] {
  const picks: Pick[] = [];
  for (const name of rules.actorOrder) {
    if (busy.has(name) || !mayRun(rules, world, name)) continue;
    const actor = rules.actors.get(name);
    const snapshot = world.actors[name];
    if (!actor || !snapshot) continue;
    for (const timer of armedTimers(actor, snapshot)) {
      picks.push({ kind: 'timer', key: `timer ${name} ${timer.name} in ${timer.state}`, actor: name, timer });
    }
  }
  return picks;
}
