/**
 * What a run did, phase by phase: every order, request, message and change of hands, each kind once with how often it came. Answers, log
 * lines and the work of tasks are left out: they follow from the rest.
 */
import type { History } from '../../machines/system/history.ts';
import type { Phase } from '../../machines/vocabulary.ts';
import { happeningsOf } from '../visualize/run/happenings.ts';
import type { Happening, Kind, LifelineId } from '../visualize/run/sequence.ts';

export type Step = {
  /** The same in two runs: the same step. */
  readonly key: string;
  readonly phase: Phase;
  readonly by: LifelineId;
  /** What was ordered or asked for. */
  readonly text: string;
  readonly does: string;
  readonly count: number;
  /** From the order to its answer, all of them together. */
  readonly ns: number;
};

const told: readonly Kind[] = ['message', 'order', 'request', 'control', 'fault'];

/** In the order in which they first came. */
export function stepsOfRun(history: History): readonly Step[] {
  const steps = new Map<string, Step>();
  for (const happening of happeningsOf(history, 'together')) {
    const { phase } = happening.place;
    if (phase === undefined || !told.includes(happening.kind) || isVerdict(happening)) continue;
    const step = stepOf(happening, phase);
    const before = steps.get(step.key);
    const merged = before && { ...before, count: before.count + 1, ns: before.ns + step.ns };
    steps.set(step.key, merged ?? step);
  }
  return [...steps.values()];
}

/** What the operator thinks of it all at the end is a figure. */
const isVerdict = ({ kind, from, to }: Happening): boolean =>
  kind === 'message' && from === 'operator' && to.length === 0;

function stepOf({ from, text, does, startNs, endNs }: Happening, phase: Phase): Step {
  return { key: `${phase} ${from} ${text}`, phase, by: from, text, does, count: 1, ns: endNs - startNs };
}
