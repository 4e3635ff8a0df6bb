/** What a state says of itself in its meta, found by its text (machines/system/state-text.ts). */
import type { AnyStateMachine } from 'xstate';
import type { MessageName } from '../../../kernels/linux/messages/index.ts';
import type { Phase, StateMeta } from '../../../machines/vocabulary.ts';

export type StateTold = {
  /** Of the innermost state that has one. */
  readonly phase: Phase | undefined;
  readonly does: string;
  /** What the state around it does; the same for a state without one. */
  readonly around: string;
  /** Names of the log lines that it and the states around it print. */
  readonly lines: readonly MessageName[];
};

const known = new WeakMap<AnyStateMachine, Map<string, StateTold>>();

export function stateTold(machine: AnyStateMachine, state: string): StateTold {
  const told = known.get(machine) ?? new Map<string, StateTold>();
  known.set(machine, told);
  const found = told.get(state) ?? lookUp(machine, state);
  told.set(state, found);
  return found;
}

function lookUp(machine: AnyStateMachine, state: string): StateTold {
  let phase: Phase | undefined;
  const does: string[] = [];
  const lines: MessageName[] = [];
  let node = machine.root;
  for (const key of state.split('.')) {
    const child = node.states[key];
    // Regions of a parallel state stand in braces: then the state around them answers.
    if (child === undefined) break;
    node = child;
    // Our charts' states carry our meta (vocabulary.ts), which XState does not know.
    const meta = (child.meta ?? {}) as Partial<StateMeta>;
    phase = meta.phase ?? phase;
    if (meta.does !== undefined) does.push(meta.does);
    lines.push(...(meta.lines ?? []));
  }
  const last = does.at(-1) ?? '';
  return { phase, does: last, around: does.at(-2) ?? last, lines };
}
