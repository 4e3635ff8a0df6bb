/**
 * A run on one time line, before it is drawn: firmware and kernels as lanes, devices and disk beside them, and what each clock showed.
 *
 *   rows    from power-on to the end: stretches of time between two moments at which something begins or ends, and those moments
 *   bars    phases that last, each over the stretches it lasts; a phase that takes no time is a moment
 *   clocks  lives of the kernels' clocks with their gaps (report/kernel-clocks.ts)
 *
 * Devices and disk are read off the worlds at both ends of a stretch: what the devices were, how many blocks of the medium changed.
 */
import { epochSeconds } from '../../../kernels/epoch.ts';
import type { Machine } from '../../../kernels/machine.ts';
import type { History } from '../../../machines/system/history.ts';
import type { World } from '../../../machines/system/world.ts';
import { type ClockLife, kernelClocks } from '../../report/kernel-clocks.ts';
import { type PhaseSpan, phasesOf } from '../../report/phases.ts';
import { worldsOf } from '../../report/run-facts.ts';
import { boxTitle } from '../run/box-title.ts';
import { executorTitle } from '../run/lifelines.ts';
import { executorOf } from '../run/run-view.ts';
import type { Executor } from '../run/sequence.ts';
import { type Moment, momentsOf, type Span } from './moments.ts';

export type Lane = { readonly id: Executor; readonly title: string };

/** Times are nanoseconds since power-on. */
export type Stretch = {
  readonly kind: 'stretch';
  readonly startNs: number;
  readonly endNs: number;
  /** Nobody while control is on its way, and while the power is off. */
  readonly executor: Executor | undefined;
  readonly isPowerOff: boolean;
  /** `on`, `quiet`, `on → quiet`. */
  readonly devices: string;
  /** Of the disk's medium. */
  readonly blocksChanged: number;
};

export type TimeLineRow = Stretch | Moment;

export type TimeLine = {
  readonly title: string;
  readonly lanes: readonly Lane[];
  readonly rows: readonly TimeLineRow[];
  readonly bars: readonly Span[];
  readonly clocks: readonly ClockLife[];
  /** The wall clock when the power came on, in seconds since 1970. */
  readonly epochSeconds: number;
};

export function timeLineOf(history: History): TimeLine {
  const { rules, allRecords } = history;
  const spans = phasesOf(rules, allRecords).flatMap(spanOf);
  const clocks = kernelClocks(worldsOf(history));
  const moments = momentsOf(history, spans);
  const borders = bordersOf(spans, clocks, moments);
  const worlds = new WorldsByTime(history);
  const stretches = borders.slice(1).map((endNs, index) => stretchOf(worlds, borders[index] ?? 0, endNs));
  const rows = borders.flatMap((ns, index): readonly TimeLineRow[] => {
    const stretch = stretches[index];
    return [...moments.filter((moment) => moment.ns === ns), ...(stretch ? [stretch] : [])];
  });
  const bars = spans.filter(({ startNs, endNs }) => endNs > startNs);
  return { title: boxTitle(rules.plan), lanes: lanesOf(spans, moments), rows, bars, clocks, epochSeconds };
}

/** Phases of those that can have the machine. */
function spanOf({ name, actor, startNs, endNs }: PhaseSpan): readonly Span[] {
  const lane = executors.find((each) => each === actor);
  return lane === undefined ? [] : [{ lane, name, startNs, endNs }];
}

// Object.keys forgets which names there are.
const executors = Object.keys(executorTitle) as readonly Executor[];

function lanesOf(spans: readonly Span[], moments: readonly Moment[]): readonly Lane[] {
  const present = new Set<string>([
    ...spans.map(({ lane }) => lane),
    ...moments.flatMap((moment) => (moment.kind === 'control' ? [moment.from, moment.to] : [])),
  ]);
  return executors.filter((id) => present.has(id)).map((id) => ({ id, title: executorTitle[id] }));
}

function bordersOf(
  spans: readonly Span[],
  clocks: readonly ClockLife[],
  moments: readonly Moment[],
): readonly number[] {
  const stretches = clocks.flatMap(({ stretches }) => stretches);
  const ends = [...spans, ...stretches].flatMap(({ startNs, endNs }) => [startNs, endNs]);
  const all = new Set([0, ...ends, ...moments.map(({ ns }) => ns)]);
  return [...all].sort((one, other) => one - other);
}

/** The world at a time: the last one that is not later. Times are asked in ascending order. */
class WorldsByTime {
  private readonly history: History;
  private position = 0;

  constructor(history: History) {
    this.history = history;
  }

  at(ns: number): World {
    while (this.position < this.history.length && this.history.worldAt(this.position + 1).clock.nowNs <= ns) {
      this.position += 1;
    }
    return this.history.worldAt(this.position);
  }
}

function stretchOf(worlds: WorldsByTime, startNs: number, endNs: number): Stretch {
  const [before, after] = [worlds.at(startNs), worlds.at(endNs)];
  const [was, is] = [devicesText(before.machine), devicesText(after.machine)];
  return {
    kind: 'stretch',
    startNs,
    endNs,
    executor: executorOf(before.machine.owner),
    isPowerOff: before.machine.power === 'off',
    devices: was === is || before.machine.power !== after.machine.power ? was : `${was} → ${is}`,
    blocksChanged: blocksBetween(before, after),
  };
}

function blocksBetween(before: World, after: World): number {
  if (before.medium === after.medium) return 0;
  let blocks = 0;
  for (const { count } of before.medium.differences(after.medium)) blocks += count;
  return blocks;
}

function devicesText({ power, devices }: Machine): string {
  if (power === 'off') return 'no power';
  const counts = new Map<string, number>();
  for (const device of devices) counts.set(device.power, (counts.get(device.power) ?? 0) + 1);
  const [only, ...others] = counts.keys();
  if (only === undefined) return '';
  return others.length === 0 ? only : [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}
