import { assert } from '../../../kernels/assert.ts';
import type { ChartGraph } from './chart-graph.ts';

/** Which sheet to fill: an upright one or one on its side. */
export type Orientation = 'portrait' | 'landscape';

/** How to draw what is drawn; every format takes from it what it can show. */
export interface DrawingOptions {
  /** Ids of the states to highlight. */
  readonly active?: readonly string[];
  /** Id of the transition that was taken last (see `chartEdgeId`). */
  readonly taken?: string;
  readonly orientation?: Orientation;
  /** The phase that alone is drawn, with what it leads to and is entered from. */
  readonly phase?: string;
}

/** What to draw, too. */
export interface ChartOptions extends DrawingOptions {
  /** Id of the one composite to draw, with what it leads to and is entered from. */
  readonly focus?: string;
  /** Ids of composites to draw as single states. */
  readonly folded?: readonly string[];
}

export interface Highlights {
  readonly active: ReadonlySet<string>;
  readonly taken: string | null;
}

/** What is to be highlighted, after making sure that the chart has it. */
export function highlightsOf(graph: ChartGraph, options: DrawingOptions): Highlights {
  const { active = [], taken = null } = options;
  mustHaveStates(graph, active);
  const isKnown = taken === null || graph.edges.some((edge) => edge.id === taken);
  assert(isKnown, `highlightsOf: chart '${graph.root}' has no transition '${taken}'`);
  return { active: new Set(active), taken };
}

export function mustHaveStates(graph: ChartGraph, ids: readonly string[]): void {
  const states = new Set(graph.nodes.map((node) => node.id));
  for (const id of ids) assert(states.has(id), `chart '${graph.root}' has no state '${id}'`);
}
