/** States of a chart by their paths, `kexec.freezing.asking`, and what they say of themselves. */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import type { Phase, StateMeta } from '../../machines/vocabulary.ts';

/** All of them, outer states too. */
export function statesOf({ root }: AnyStateMachine): readonly string[] {
  const paths = (node: AnyStateNode): string[] =>
    Object.values(node.states).flatMap((inner) => [inner.path.join('.'), ...paths(inner)]);
  return paths(root);
}

/** True for the state itself and for all states within it. */
export const isWithin = (state: string, outer: string): boolean => `${state}.`.startsWith(`${outer}.`);

/** The phase that a state, or else the nearest state around it, belongs to. */
export const phaseOf = (machine: AnyStateMachine, state: string): Phase | undefined =>
  metasOf(machine, state).findLast(({ phase }) => phase !== undefined)?.phase;

/** What the state stands for: the Linux function, or plain words. */
export const doesOf = (machine: AnyStateMachine, state: string): string =>
  metasOf(machine, state).at(-1)?.does ?? '';

/** Outermost first. */
function metasOf({ root }: AnyStateMachine, state: string): readonly StateMeta[] {
  const metas: StateMeta[] = [];
  let node: AnyStateNode | undefined = root;
  for (const name of state.split('.')) {
    node = node?.states[name];
    // Every chart of the box has this kind of meta; XState types it as anything.
    const meta = node?.meta as StateMeta | undefined;
    if (meta) metas.push(meta);
  }
  return metas;
}
