// Part of a chart: composites folded to single states, or one composite with only its surroundings. A chart of ninety states
// is readable on a wall; on a page one wants the overview with the composites folded, and then each of them.
// Promises: the part is a chart graph like any other; ids stay what they are; transitions out of a folded state that have the
// same target and trigger become one, named by the first, without guard and actions (these belong to states that are not shown).

import { ancestorsOf } from './ancestors.ts';
import type { ChartEdge, ChartGraph, ChartNode } from './chart-graph.ts';
import type { ChartOptions, DrawingOptions } from './chart-options.ts';
import { highlightsOf, mustHaveStates } from './chart-options.ts';
import { phasePart } from './chart-phases.ts';
import { nodePath } from './node-title.ts';
import { requireEntry } from './require-entry.ts';

/** The part that the options ask for, and the options with what is to be highlighted moved to the states that are shown. */
export function chartPart(
  graph: ChartGraph,
  options: ChartOptions,
): { readonly graph: ChartGraph; readonly shownOptions: DrawingOptions } {
  const { focus, phase, folded = [], orientation } = options;
  mustHaveStates(graph, focus === undefined ? folded : [...folded, focus]);
  const whole = foldedGraph(graph, folded);
  const focused = focus === undefined ? whole : focusedGraph(whole, focus);
  const part = phase === undefined ? focused : phasePart(focused, phase);
  const { active, taken } = highlightsOf(graph, options);
  const shown = new Set(part.nodes.map((node) => node.id));
  const shownActive = [...active].flatMap(
    (id) => [id, ...ancestorsOf(graph, id)].find((state) => shown.has(state)) ?? [],
  );
  const isTakenShown = part.edges.some((edge) => edge.id === taken);
  const shownOptions: DrawingOptions = {
    active: [...new Set(shownActive)],
    ...(taken !== null && isTakenShown ? { taken } : {}),
    ...(orientation === undefined ? {} : { orientation }),
    ...(phase === undefined ? {} : { phase }),
  };
  return { graph: part, shownOptions };
}

/** Every state inside a folded one is gone, and its transitions start and end at the folded one. */
export function foldedGraph(graph: ChartGraph, foldedIds: readonly string[]): ChartGraph {
  const folded = new Set(
    foldedIds.filter((id) => graph.nodes.some((node) => node.id === id && node.children.length > 0)),
  );
  const shown = shownAs(graph, folded);
  const nodes = graph.nodes
    .filter((node) => shown.get(node.id) === node.id)
    .map((node) => (folded.has(node.id) ? foldedNode(node, graph, shown) : node));
  return { root: graph.root, nodes, edges: foldedEdges(graph.edges, shown) };
}

/** One composite and all that is in it; of what is outside, the states around it and those that it leads to or is entered from, folded. */
export function focusedGraph(graph: ChartGraph, focus: string): ChartGraph {
  const around = ancestorsOf(graph, focus);
  const beside = graph.nodes.filter(
    (node) =>
      node.parent !== null && around.includes(node.parent) && node.id !== focus && !around.includes(node.id),
  );
  const folded = foldedGraph(
    graph,
    beside.map((node) => node.id),
  );
  const isInside = (id: string): boolean => id === focus || ancestorsOf(folded, id).includes(focus);
  const edges = folded.edges.filter((edge) => [edge.source, ...edge.targets].some(isInside));
  const ends = new Set(edges.flatMap((edge) => [edge.source, ...edge.targets]));
  const keeps = ({ id }: ChartNode): boolean => isInside(id) || around.includes(id) || ends.has(id);
  const kept = new Set(folded.nodes.filter(keeps).map((node) => node.id));
  const nodes = folded.nodes
    .filter((node) => kept.has(node.id))
    .map((node) => withoutLost(node, kept, edges));
  return { root: graph.root, nodes, edges };
}

/** A composite as a chart of its own; what is outside and has to do with it stands beside it, each under its whole path. */
export function rootedGraph(graph: ChartGraph, rootId: string): ChartGraph {
  const isInside = (id: string): boolean => id === rootId || ancestorsOf(graph, id).includes(rootId);
  const edges = graph.edges.filter((edge) => edge.trigger.type !== 'initial' || isInside(edge.source));
  const touching = edges
    .map((edge) => (isInside(edge.source) ? edge : { ...edge, targets: edge.targets.filter(isInside) }))
    .filter((edge) => [edge.source, ...edge.targets].some(isInside));
  const ends = new Set(touching.flatMap((edge) => [edge.source, ...edge.targets]));
  const nodes = graph.nodes.flatMap((node): readonly ChartNode[] => {
    if (node.id === rootId) return [{ ...node, parent: null }];
    if (isInside(node.id)) return [node];
    return ends.has(node.id) ? [outsideNode(node)] : [];
  });
  return { root: rootId, nodes, edges: touching };
}

/** The state by which each state is shown: itself, or the outermost folded state around it. */
function shownAs(graph: ChartGraph, folded: ReadonlySet<string>): ReadonlyMap<string, string> {
  const shown = new Map<string, string>();
  for (const node of graph.nodes) {
    const parent = node.parent === null ? null : requireEntry(shown, node.parent, 'shownAs');
    const isHidden =
      node.parent !== null && parent !== null && (parent !== node.parent || folded.has(parent));
    shown.set(node.id, isHidden ? parent : node.id);
  }
  return shown;
}

function foldedNode(node: ChartNode, graph: ChartGraph, shown: ReadonlyMap<string, string>): ChartNode {
  const inside = graph.nodes.filter(
    ({ id, kind }) => id !== node.id && shown.get(id) === node.id && kind !== 'initial',
  );
  return { ...node, kind: 'atomic', children: [], initialChild: null, foldedCount: inside.length };
}

function outsideNode(node: ChartNode): ChartNode {
  const bare = { children: [], initialChild: null, entry: [], exit: [], parent: null };
  return { ...node, ...bare, key: nodePath(node), kind: 'atomic' };
}

function foldedEdges(edges: readonly ChartEdge[], shown: ReadonlyMap<string, string>): readonly ChartEdge[] {
  const known = new Set<string>();
  return edges.flatMap((edge) => {
    const source = requireEntry(shown, edge.source, 'foldedEdges');
    const targets = [...new Set(edge.targets.map((target) => requireEntry(shown, target, 'foldedEdges')))];
    const isInner = targets.includes(source) && !edge.targets.includes(source);
    const isHidden = source !== edge.source;
    if (isInner || (isHidden && (targets.length === 0 || targets.includes(source)))) return [];
    if (!isHidden) return [{ ...edge, targets }];
    const line = JSON.stringify([source, targets, edge.trigger]);
    if (known.has(line)) return [];
    known.add(line);
    return [{ ...edge, source, targets, guard: null, alternative: 0, actions: [] }];
  });
}

/** The node without children that are not kept, and without a dot if the line from the dot is gone. */
function withoutLost(node: ChartNode, kept: ReadonlySet<string>, edges: readonly ChartEdge[]): ChartNode {
  const children = node.children.filter((child) => kept.has(child));
  const isStarting = edges.some(
    (edge) => edge.trigger.type === 'initial' && edge.targets[0] === node.initialChild,
  );
  return { ...node, children, initialChild: isStarting ? node.initialChild : null };
}
