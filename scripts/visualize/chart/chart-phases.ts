/** Phases of a chart: what its states' `meta.phase` names, and the part of the chart that a phase is. */
import { assert } from '../../../kernels/assert.ts';
import { chartExcerpt } from './chart-excerpt.ts';
import type { ChartGraph, ChartNode } from './chart-graph.ts';

export function phaseOf({ meta }: ChartNode): string | undefined {
  if (typeof meta !== 'object' || meta === null || !('phase' in meta)) return undefined;
  return typeof meta.phase === 'string' ? meta.phase : undefined;
}

/** In document order, each once. */
export const phasesIn = ({ nodes }: ChartGraph): readonly string[] => [
  ...new Set(nodes.flatMap((node) => phaseOf(node) ?? [])),
];

/** The states of a phase, with what is in them; what they lead to and are entered from is named by its own phase. */
export function phasePart(graph: ChartGraph, phase: string): ChartGraph {
  assert(phasesIn(graph).includes(phase), `chart '${graph.root}' has no phase '${phase}'`);
  const phases = new Map(graph.nodes.map((node) => [node.id, phaseOf(node)]));
  const parents = new Map(graph.nodes.map((node) => [node.id, node.parent]));
  const own = graph.nodes.filter((node) => phases.get(node.id) === phase && isAlike(graph, node, phase));
  const outermost = own.filter(({ id }) => !own.some((other) => other.id === parents.get(id)));
  return chartExcerpt(
    graph,
    outermost.map(({ id }) => id),
    (id) => {
      const other = phases.get(id);
      // At these spaces no line is broken.
      return (other === undefined ? 'in no phase' : `in phase ${other}`).replaceAll(' ', '\u00a0');
    },
  );
}

/** A composite belongs to its phase as a whole when no state inside it belongs to another. */
function isAlike(graph: ChartGraph, { children }: ChartNode, phase: string): boolean {
  return children.every((id) => {
    const child = graph.nodes.find((node) => node.id === id);
    return child === undefined || ((phaseOf(child) ?? phase) === phase && isAlike(graph, child, phase));
  });
}
