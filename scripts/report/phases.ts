/**
 * Which phase each kernel (and the firmware) was in, and when: read from the `meta.phase` of the states in a run's records.
 *
 * A state that `always` only passes through is a phase of no length. A kernel that is away or off is in no phase, and neither is any
 * kernel once the firmware tests the machine anew. The operator's phases are left out: they are those of the machine, seen from outside.
 */
import type { AnyStateMachine } from 'xstate';
import type { ActorName } from '../../machines/system/actors.ts';
import type { Rules, StepRecord, TurnRecord } from '../../machines/system/world.ts';
import type { Phase, StateMeta, StateTag } from '../../machines/vocabulary.ts';

/** Nanoseconds since power-on. */
export type PhaseSpan = {
  readonly name: Phase;
  readonly actor: ActorName;
  readonly startNs: number;
  readonly endNs: number;
};

export function phasesOf(rules: Pick<Rules, 'actors'>, records: readonly StepRecord[]): readonly PhaseSpan[] {
  const log: PhaseLog = { spans: [], open: new Map() };
  for (const record of records) notePhases(log, rules, record);
  closeAll(log, records.at(-1)?.nowNs ?? 0);
  return log.spans;
}

/** `open` says which span an actor is in: its place in `spans`. */
type PhaseLog = { readonly spans: PhaseSpan[]; readonly open: Map<ActorName, number> };

function notePhases(log: PhaseLog, rules: Pick<Rules, 'actors'>, { nowNs, turns }: StepRecord): void {
  for (const turn of turns) {
    if (turn.event === 'power.restored') closeAll(log, nowNs);
    for (const { phase, isGone } of passed(rules, turn)) {
      if (phase !== undefined) enter(log, { name: phase, actor: turn.actor, startNs: nowNs, endNs: nowNs });
      if (phase === undefined || isGone) close(log, turn.actor, nowNs);
    }
  }
}

function enter(log: PhaseLog, span: PhaseSpan): void {
  const index = log.open.get(span.actor);
  if (index !== undefined && log.spans[index]?.name === span.name) return;
  close(log, span.actor, span.startNs);
  log.open.set(span.actor, log.spans.length);
  log.spans.push(span);
}

function close({ spans, open }: PhaseLog, actor: ActorName, endNs: number): void {
  const index = open.get(actor);
  const span = index === undefined ? undefined : spans[index];
  if (index !== undefined && span !== undefined) spans[index] = { ...span, endNs };
  open.delete(actor);
}

function closeAll(log: PhaseLog, endNs: number): void {
  for (const actor of [...log.open.keys()]) close(log, actor, endNs);
}

type Place = { readonly phase: Phase | undefined; readonly isGone: boolean };

function passed(
  { actors }: Pick<Rules, 'actors'>,
  { actor, through, after, ignored }: TurnRecord,
): readonly Place[] {
  const machine = actors.get(actor)?.machine;
  if (machine === undefined || actor === 'operator' || ignored) return [];
  return [...through, after].map((state) => placeOf(machine, state));
}

const known = new WeakMap<AnyStateMachine, Map<string, Place>>();

/** The phase of the innermost state that names one. */
function placeOf(machine: AnyStateMachine, state: string): Place {
  const places = known.get(machine) ?? new Map<string, Place>();
  known.set(machine, places);
  const place = places.get(state) ?? lookUp(machine, state);
  places.set(state, place);
  return place;
}

function lookUp(machine: AnyStateMachine, state: string): Place {
  let phase: Phase | undefined;
  let isGone = false;
  let node = machine.root;
  for (const key of state.split('.')) {
    const child = node.states[key];
    if (child === undefined) break;
    node = child;
    // Our charts' states carry our meta and our tags (vocabulary.ts); XState types both loosely.
    const { phase: own } = (child.meta ?? {}) as Partial<StateMeta>;
    const tags = child.tags as readonly StateTag[];
    phase = own ?? phase;
    isGone ||= tags.includes('away') || tags.includes('off');
  }
  return { phase, isGone };
}
