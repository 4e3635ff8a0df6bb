// The graph of a chart as plain data: what every drawing (SVG, Mermaid, DOT, text) starts from.
// Promises: every state and every transition of the machine is here once, `always` and `after` among them
// (XState's own `toDirectedGraph` leaves `always` out), in document order, with ids that depend on names only, so that they
// stay the same from one version of a chart to the next. Each compound state has a node of kind `initial` (the dot) and
// an edge from it. Leaves out: invoked actors (only their done and error transitions are here) and `xstate.route`.
// Facts: XState 5.33 `StateNode.ts` and `stateUtils.ts` (`formatTransitions` names the `xstate.…` descriptors).

import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { actionText } from './action-text.ts';
import { guardText } from './guard-text.ts';

export type ChartNodeKind = 'atomic' | 'compound' | 'parallel' | 'final' | 'history' | 'initial';

export interface ChartNode {
  readonly id: string;
  readonly key: string;
  readonly path: readonly string[];
  readonly kind: ChartNodeKind;
  readonly parent: string | null;
  /** Real states only; the dot of a compound state names it as its parent but is not listed here. */
  readonly children: readonly string[];
  readonly initialChild: string | null;
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly tags: readonly string[];
  readonly description: string | null;
  readonly meta: unknown;
  /** How many states are folded away inside it (see `chart-part.ts`); 0 in the graph of a whole chart. */
  readonly foldedCount: number;
  /** In a part of a chart: what stands for states that are not, or not whole, drawn here says where they are. */
  readonly elsewhere?: readonly string[];
}

export type ChartTrigger =
  | { readonly type: 'event'; readonly name: string }
  | { readonly type: 'after'; readonly delay: string }
  | { readonly type: 'always' }
  | { readonly type: 'done'; readonly actor: string | null }
  | { readonly type: 'error'; readonly actor: string }
  | { readonly type: 'initial' };

export interface ChartEdge {
  readonly id: string;
  readonly source: string;
  /** No target: the transition is internal. Several: one in each of several regions. */
  readonly targets: readonly string[];
  readonly trigger: ChartTrigger;
  readonly guard: string | null;
  readonly actions: readonly string[];
  readonly reenter: boolean;
  /** Place among the transitions of the same trigger: the first whose guard holds is taken. */
  readonly alternative: number;
  /** Place among all edges of the chart, in document order. */
  readonly order: number;
}

export interface ChartGraph {
  readonly root: string;
  readonly nodes: readonly ChartNode[];
  readonly edges: readonly ChartEdge[];
}

export function chartGraphOf(machine: AnyStateMachine): ChartGraph {
  const states = statesUnder(machine.root);
  const nodes = states.flatMap((state) => (hasDot(state) ? [nodeOf(state), dotOf(state)] : [nodeOf(state)]));
  const edges = states.flatMap(edgesOf).map((edge, order) => ({ ...edge, order }));
  return { root: machine.root.id, nodes, edges };
}

/** The id of the dot inside a compound state. */
export function dotIdOf(stateId: string): string {
  return `${stateId}:initial`;
}

/** The id of an edge: its source, what triggers it (`@always`, `@after.1000`, `@done`, or the event's name) and its place among those. */
export function chartEdgeId(stateId: string, trigger: ChartTrigger, index: number): string {
  return `${stateId}:${triggerId(trigger)}:${index}`;
}

function statesUnder(state: AnyStateNode): AnyStateNode[] {
  return [state, ...childrenOf(state).flatMap(statesUnder)];
}

function childrenOf(state: AnyStateNode): AnyStateNode[] {
  const children: AnyStateNode[] = Object.values(state.states);
  return children.sort((left, right) => left.order - right.order);
}

function hasDot(state: AnyStateNode): boolean {
  return state.type === 'compound' && state.initial.target.length > 0;
}

function nodeOf(state: AnyStateNode): ChartNode {
  return {
    id: state.id,
    key: state.key,
    path: state.path,
    kind: state.type,
    parent: state.parent?.id ?? null,
    children: childrenOf(state).map((child) => child.id),
    initialChild: hasDot(state) ? (state.initial.target[0]?.id ?? null) : null,
    // `state.entry` and `state.exit` also hold the timers that XState adds for `after`; the configuration holds what was written.
    entry: listOf(state.config.entry).map(actionText),
    exit: listOf(state.config.exit).map(actionText),
    tags: [...state.tags],
    description: state.description ?? null,
    meta: state.meta,
    foldedCount: 0,
  };
}

function dotOf(state: AnyStateNode): ChartNode {
  return {
    id: dotIdOf(state.id),
    key: 'initial',
    path: [...state.path, ':initial'],
    kind: 'initial',
    parent: state.id,
    children: [],
    initialChild: null,
    entry: [],
    exit: [],
    tags: [],
    description: null,
    meta: undefined,
    foldedCount: 0,
  };
}

type UnorderedEdge = Omit<ChartEdge, 'order'>;

/** Initial first, then `always`, because it is decided before any event is looked at, then events, done and delays. */
function edgesOf(state: AnyStateNode): UnorderedEdge[] {
  const descriptors: [string, AnyTransitionDefinition[]][] = [...state.transitions];
  const onTriggers = descriptors.flatMap(([descriptor, transitions]) =>
    transitions.map((transition, index) =>
      edgeOf(state.id, triggerOf(descriptor, state.id), index, transition),
    ),
  );
  const always = (state.always ?? []).map((transition, index) =>
    edgeOf(state.id, { type: 'always' }, index, transition),
  );
  return [...initialEdgesOf(state), ...always, ...onTriggers];
}

function initialEdgesOf(state: AnyStateNode): UnorderedEdge[] {
  if (hasDot(state)) return [edgeOf(dotIdOf(state.id), { type: 'initial' }, 0, state.initial)];
  const target = state.type === 'history' ? defaultOfHistory(state) : undefined;
  if (target === undefined) return [];
  const transition = { target: [target], actions: [], reenter: false };
  return [edgeOf(state.id, { type: 'initial' }, 0, transition)];
}

function defaultOfHistory(state: AnyStateNode): AnyStateNode | undefined {
  const target: unknown = state.config.target;
  if (typeof target !== 'string') return undefined;
  if (target.startsWith('#')) return state.machine.getStateNodeById(target.slice(1));
  return target.split('.').reduce<AnyStateNode | undefined>((node, key) => node?.states[key], state.parent);
}

function edgeOf(
  source: string,
  trigger: ChartTrigger,
  index: number,
  transition: Pick<AnyTransitionDefinition, 'target' | 'actions' | 'reenter' | 'guard'>,
): UnorderedEdge {
  return {
    id: chartEdgeId(source, trigger, index),
    source,
    targets: (transition.target ?? []).map((target) => target.id),
    trigger,
    guard: transition.guard === undefined ? null : guardText(transition.guard),
    actions: transition.actions.map(actionText),
    reenter: transition.reenter,
    alternative: index,
  };
}

function triggerOf(descriptor: string, stateId: string): ChartTrigger {
  const [, family, rest = ''] =
    /^xstate\.(after|done\.state|done\.actor|error\.actor)\.(.*)$/s.exec(descriptor) ?? [];
  if (family === 'after') return { type: 'after', delay: rest.slice(0, -`.${stateId}`.length) };
  if (family === 'done.state') return { type: 'done', actor: null };
  if (family === 'done.actor') return { type: 'done', actor: rest };
  if (family === 'error.actor') return { type: 'error', actor: rest };
  return { type: 'event', name: descriptor.replace(/^xstate\.snapshot\./, 'snapshot of ') };
}

function triggerId(trigger: ChartTrigger): string {
  switch (trigger.type) {
    case 'event':
      return trigger.name;
    case 'after':
      return `@after.${trigger.delay}`;
    case 'done':
      return trigger.actor === null ? '@done' : `@done.${trigger.actor}`;
    case 'error':
      return `@error.${trigger.actor}`;
    case 'always':
    case 'initial':
      return `@${trigger.type}`;
  }
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
