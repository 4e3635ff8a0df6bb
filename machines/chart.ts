/**
 * From a config to a chart: a state's `meta.lines` become its first entry action, so that what a state says of itself is what it
 * prints. The result is a plain XState machine.
 */
import { type AnyStateMachine, createMachine } from 'xstate';
import type { StateMeta } from './vocabulary.ts';

type StateConfig = {
  readonly entry?: unknown;
  readonly meta?: StateMeta;
  readonly states?: Readonly<Record<string, StateConfig>>;
};

export function speaking<Machine extends AnyStateMachine>(machine: Machine): Machine {
  // XState's config type is recursive over the set-up; only entry, meta and states are touched here.
  const config = withLines(machine.config as StateConfig);
  // The machine has the same states, events and context: only entry actions were put before the others.
  return createMachine(config as never, machine.implementations as never) as unknown as Machine;
}

function withLines(config: StateConfig): StateConfig {
  const lines = config.meta?.lines ?? [];
  const states = Object.entries(config.states ?? {}).map(([name, state]) => [name, withLines(state)]);
  return {
    ...config,
    ...(lines.length > 0 && { entry: [{ type: 'print', params: { lines } }, ...listed(config.entry)] }),
    ...(config.states && { states: Object.fromEntries(states) }),
  };
}

const listed = (entry: unknown): readonly unknown[] =>
  entry === undefined ? [] : Array.isArray(entry) ? entry : [entry];
