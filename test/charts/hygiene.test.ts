import { describe, expect, it } from 'vitest';
import type { AnyStateNode } from 'xstate';
import { charts } from '../../machines/charts.ts';
import { phases, type StateMeta, stateTags } from '../../machines/vocabulary.ts';

const all = Object.entries(charts).flatMap(([name, machine]) =>
  nodesBelow(machine.root)
    .filter((node) => node !== machine.root)
    .map((node) => ({ chart: name, node, id: node.id, meta: metaOf(node) })),
);
const named = all.map((state) => [`${state.chart}: ${state.node.path.join('.')}`, state] as const);

describe('every chart', () => {
  it.each(named)('%s says what it stands for', (_name, { meta }) => {
    expect(meta?.does.length).toBeGreaterThan(0);
    if (meta?.phase) expect(phases).toContain(meta.phase);
  });

  it.each(named.filter(([, { node }]) => node.tags.includes('waiting')))(
    '%s waits with an answer, and with failure and time-out or an excuse',
    (_name, { node, meta }) => {
      const events = [...node.transitions.keys()];
      const answers = events.filter((event) => !isFailure(event) && !event.startsWith('xstate.'));
      const failures = events.filter(isFailure);
      const timers = node.after.length;
      expect(answers.length).toBeGreaterThan(0);
      const isComplete = failures.length > 0 && timers > 0;
      expect(
        isComplete || meta?.excuse !== undefined,
        `failures: ${failures.join(' ')}, timers: ${timers}`,
      ).toBe(true);
    },
  );

  it.each(named.filter(([, { node }]) => node.type === 'atomic' && !node.tags.includes('waiting')))(
    '%s gives no order and waits for nothing, or is named for where it rests',
    (_name, { node }) => {
      const goesOn = node.always !== undefined && node.always.length > 0;
      const isPlace =
        node.tags.length > 0 || [...node.transitions.keys()].length > 0 || node.after.length > 0;
      expect(goesOn || isPlace).toBe(true);
    },
  );

  it('uses only declared tags', () => {
    const used = new Set(all.flatMap(({ node }) => node.tags));
    for (const tag of used) expect(stateTags).toContain(tag);
  });

  it('uses no invoke, spawn, history or inline function', () => {
    for (const { node, id } of all) {
      expect(node.invoke, id).toEqual([]);
      expect(node.type, id).not.toBe('history');
      expect([...node.entry, ...node.exit].filter(isInline), id).toEqual([]);
      for (const transition of [...node.transitions.values()].flat()) {
        expect(typeof transition.guard, id).not.toBe('function');
        expect(transition.actions.filter(isInline), id).toEqual([]);
      }
    }
  });

  it('begins in a state without commands', () => {
    for (const [name, machine] of Object.entries(charts)) {
      const first = machine.root.initial.target[0];
      expect(
        first?.entry.filter((action) => !isTimer(action)),
        name,
      ).toEqual([]);
    }
  });
});

/** `noun.failed`, `noun.timedOut`, and news that something is missing or does not match. */
function isFailure(event: string): boolean {
  return /\.(failed|aborted|timedOut|missing|mismatched|refused|stuck)$/.test(event);
}

/** XState itself puts these functions beside an `after`. */
function isTimer(action: unknown): boolean {
  const { type } = action as { readonly type?: string };
  return type === 'xstate.raise' || type === 'xstate.cancel';
}

function isInline(action: unknown): boolean {
  return typeof action === 'function' && !isTimer(action);
}

function metaOf(node: AnyStateNode): StateMeta | undefined {
  return node.meta as StateMeta | undefined;
}

function nodesBelow(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesBelow)];
}
