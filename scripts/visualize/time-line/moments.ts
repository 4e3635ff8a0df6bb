/**
 * What takes no time on the time line: control that changes hands, the power that goes and comes, faults, phases that are only passed through,
 * the verdict. In the order of time; at one time, who gets control comes after who gives it.
 */
import { pathNamed } from '../../../machines/paths/index.ts';
import { verdictOf } from '../../../machines/paths/path.ts';
import type { History } from '../../../machines/system/history.ts';
import { durationText } from '../run/duration-text.ts';
import { happeningsOf } from '../run/happenings.ts';
import { executorTitle } from '../run/lifelines.ts';
import type { Executor, Happening } from '../run/sequence.ts';

type At = { readonly ns: number };
export type Control = At & {
  readonly kind: 'control';
  readonly from: Executor;
  readonly to: Executor;
  readonly text: string;
};
export type Passed = At & { readonly kind: 'phase'; readonly lane: Executor; readonly name: string };
export type Remark = At & { readonly kind: 'remark'; readonly text: string; readonly isFailure: boolean };
export type Moment = Control | Passed | Remark;

export type Span = {
  readonly lane: Executor;
  readonly name: string;
  readonly startNs: number;
  readonly endNs: number;
};

export function momentsOf(history: History, spans: readonly Span[]): readonly Moment[] {
  const moments: Moment[] = spans
    .filter(({ startNs, endNs }) => startNs === endNs)
    .map(({ lane, name, startNs }) => ({ kind: 'phase', lane, name, ns: startNs }));
  for (const change of [...changesOf(history), ...powerOf(history), ...silencesOf(history)]) {
    moments.splice(placeOf(change, moments), 0, change);
  }
  return [...moments, ...verdictIn(history)];
}

/** Control comes before what the one who gets it does; all else after what was done until then. */
function placeOf(change: Control | Remark, moments: readonly Moment[]): number {
  const isAfter = (moment: Moment): boolean => {
    if (moment.ns !== change.ns) return moment.ns > change.ns;
    return change.kind === 'control' && moment.kind === 'phase' && moment.lane === change.to;
  };
  const place = moments.findIndex(isAfter);
  return place < 0 ? moments.length : place;
}

function changesOf(history: History): readonly (Control | Remark)[] {
  return happeningsOf(history, 'together').flatMap((happening): readonly (Control | Remark)[] => {
    const { kind, startNs: ns, text } = happening;
    if (kind === 'fault') return [{ kind: 'remark', ns, text: `✗ ${text}`, isFailure: true }];
    return kind === 'control' ? controlOf(happening) : [];
  });
}

function controlOf({ from, to, text, startNs: ns }: Happening): readonly Control[] {
  const [giver, taker] = [executorNamed(from), executorNamed(to[0])];
  // That the power is lost is told by the power itself.
  if (giver === undefined || taker === undefined || text === 'power.lost') return [];
  return [
    { kind: 'control', ns, from: giver, to: taker, text: wordsOf[text] ?? text.replace('control: ', '') },
  ];
}

const wordsOf: Readonly<Record<string, string>> = { 'power.restored': 'starts anew' };

// Object.keys forgets which names there are.
const executorNamed = (id: string | undefined): Executor | undefined =>
  (Object.keys(executorTitle) as readonly Executor[]).find((each) => each === id);

function powerOf(history: History): readonly Remark[] {
  const remarks: Remark[] = [];
  let { power } = history.worldAt(0).machine;
  for (let position = 1; position <= history.length; position += 1) {
    const { machine, clock } = history.worldAt(position);
    const text = machine.power === 'off' ? 'power off: memory is poison from here on' : 'power on';
    if (machine.power !== power) remarks.push({ kind: 'remark', ns: clock.nowNs, text, isFailure: false });
    power = machine.power;
  }
  return remarks;
}

/** Longer than anything that a box does: somebody waits for what does not come. */
const silenceNs = 60e9;

function silencesOf({ allRecords }: History): readonly Remark[] {
  return allRecords.slice(1).flatMap(({ nowNs }, index) => {
    const ns = allRecords[index]?.nowNs ?? nowNs;
    const text = `nothing happens for ${durationText(nowNs - ns)}`;
    return nowNs - ns < silenceNs ? [] : [{ kind: 'remark', ns, text, isFailure: false } as const];
  });
}

function verdictIn({ rules, world }: History): readonly Remark[] {
  const verdict = verdictOf(world.actors.operator);
  if (verdict === undefined) return [];
  const isFailure = verdict !== pathNamed(rules.plan.path)?.goal;
  return [{ kind: 'remark', ns: world.clock.nowNs, text: `verdict: ${verdict}`, isFailure }];
}
