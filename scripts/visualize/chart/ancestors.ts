import type { ChartGraph } from './chart-graph.ts';

/** The composites around a state, the innermost first. */
export function ancestorsOf(graph: ChartGraph, id: string): readonly string[] {
  const parents = new Map(graph.nodes.map((node) => [node.id, node.parent]));
  const chain: string[] = [];
  for (let parent = parents.get(id); parent; parent = parents.get(parent)) chain.push(parent);
  return chain;
}
