/**
 * What a run went through, as sets that two runs can be held against each other by: the states of the charts and the orders to the hardware
 * (steps), and the code that those states stand for (functions).
 *
 * A step belongs to who takes it: what B does and what A does are two steps, and drivers of one kernel are one taker. A function is the same
 * whoever runs it. The operator is no part of the mechanism: what people do and see is left out, and so are states of no phase,
 * in which nothing is under way.
 */
import { assert } from '../../kernels/assert.ts';
import { type KernelName, kernelNames } from '../../kernels/machine.ts';
import type { ActorName } from '../../machines/system/actors.ts';
import type { History } from '../../machines/system/history.ts';
import { stateText } from '../../machines/system/state-text.ts';
import type { StepRecord, World } from '../../machines/system/world.ts';
import type { Phase } from '../../machines/vocabulary.ts';
import { executorTitle } from '../visualize/run/lifelines.ts';
import { stateTold } from '../visualize/run/state-told.ts';
import { functionsNamed } from './functions-named.ts';

export type Unit = {
  /** The same in two runs: the same unit. */
  readonly key: string;
  readonly phase: Phase;
  /** Who takes the step; those who run the function. */
  readonly by: readonly string[];
  readonly kind: 'state' | 'order' | 'function';
  readonly text: string;
  /** What the state stands for, or the one that gives the order or stands for the function. */
  readonly does: string;
};

/** In the order in which they first came. */
export type Trace = { readonly steps: readonly Unit[]; readonly functions: readonly Unit[] };

export function traceOfRun(history: History): Trace {
  const units = history.allRecords.flatMap((record, index) => {
    const before = history.worldAt(index);
    const seen = placesIn(record).flatMap((at) => seenState(history, before, at));
    const orders = record.commands.flatMap(({ by, state, text }) =>
      seenState(history, before, { actor: by, state }).map((giver) => orderUnit(giver, text)),
    );
    return [...seen.flatMap((each) => [stateUnit(each), ...functionUnits(each)]), ...orders];
  });
  const isFunction = ({ kind }: Unit): boolean => kind === 'function';
  return {
    steps: once(units.filter((unit) => !isFunction(unit))),
    functions: once(units.filter(isFunction)),
  };
}

const placesIn = ({ turns }: StepRecord): readonly At[] =>
  turns
    .filter(({ actor, ignored }) => actor !== 'operator' && !ignored)
    .flatMap(({ actor, through, after }) => [...through, after].map((state) => ({ actor, state })));

type Seen = {
  readonly by: string;
  readonly kernel: KernelName | undefined;
  readonly state: string;
  readonly phase: Phase;
  readonly does: string;
  /** What it and the states around it stand for, from the outside in. */
  readonly around: readonly string[];
};

type At = { readonly actor: ActorName; readonly state: string };

/** None in no phase: nothing is under way there. A driver is in the phase of its kernel. */
function seenState(history: History, before: World, { actor, state }: At): readonly Seen[] {
  const [main, role] = actor.split('/');
  const kernel = kernelNames.find((name) => name === main);
  const machine = history.rules.actors.get(actor)?.machine;
  assert(machine !== undefined, `compare: there is no actor ${actor}`);
  const { phase: own, does } = stateTold(machine, state);
  const phase = own ?? (role !== undefined && kernel ? phaseOf(history, before, kernel) : undefined);
  if (phase === undefined) return [];
  const title = kernel === undefined ? actor : executorTitle[kernel];
  const keys = state.split('.');
  const around = keys.map((_key, index) => stateTold(machine, keys.slice(0, index + 1).join('.')).does);
  const by = role === undefined ? title : `${title}'s drivers`;
  return [{ by, kernel, state, phase, does, around }];
}

function phaseOf({ rules }: History, { actors }: World, kernel: KernelName): Phase | undefined {
  const machine = rules.actors.get(kernel)?.machine;
  return machine && stateTold(machine, stateText(actors[kernel]?.value ?? '')).phase;
}

const stateUnit = ({ by, state, phase, does }: Seen): Unit => ({
  key: `${phase} ${by} state ${state}`,
  phase,
  by: [by],
  kind: 'state',
  text: state,
  does,
});

/** Which processor and which device does not matter, and who gives it stands in `by`; `restore` is a kernel and a callback. */
function orderUnit({ by, phase, does, kernel }: Seen, order: string): Unit {
  const words = order.split(' ').filter((word) => !/^\d+$/.test(word));
  const giver = kernel === undefined ? -1 : words.indexOf(kernel);
  const text = words.filter((_word, index) => index !== giver).join(' ');
  return { key: `${phase} ${by} order ${text}`, phase, by: [by], kind: 'order', text, does };
}

function functionUnits({ by, phase, does, around }: Seen): readonly Unit[] {
  return around.flatMap(functionsNamed).map((text) => ({
    key: `${phase} ${text}`,
    phase,
    by: [by],
    kind: 'function',
    text,
    does,
  }));
}

/** Each key once, with all who take it. */
function once(units: readonly Unit[]): readonly Unit[] {
  const found = new Map<string, Unit>();
  for (const unit of units) {
    const known = found.get(unit.key);
    const by = [...new Set([...(known?.by ?? []), ...unit.by])];
    found.set(unit.key, { ...(known ?? unit), by });
  }
  return [...found.values()];
}
