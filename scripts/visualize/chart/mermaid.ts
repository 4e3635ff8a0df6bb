// A chart in Mermaid (`stateDiagram-v2`), which GitHub, GitLab and many editors draw.
// Where one diagram holds the chart, the answer is that diagram and nothing else. Where Mermaid's limits do not allow it, the
// answer is a Markdown document with several: the overview with parts folded, then each part.
// Promises: no diagram has more lines than viewers draw, and none has a composite inside a region.
// Facts: Mermaid 11.17: a line to a composite in a region stops the layout (mermaid#4052); viewers stop at 500 lines (`maxEdges`).

import type { ChartGraph, ChartNode } from './chart-graph.ts';
import type { DrawingOptions } from './chart-options.ts';
import { chartPart, rootedGraph } from './chart-part.ts';
import { mermaidDiagram } from './mermaid-diagram.ts';
import { nodePath } from './node-title.ts';
import { requireEntry } from './require-entry.ts';

export interface MermaidDiagram {
  readonly title: string;
  readonly text: string;
}

/** Mermaid's own limit is 500; some are left for the lines at start and end points. */
const edgeLimit = 400;

export function mermaid(graph: ChartGraph, options: DrawingOptions = {}): string {
  const diagrams = mermaidDiagrams(graph, options);
  const [first] = diagrams;
  if (first !== undefined && diagrams.length === 1) return first.text;
  return diagrams.map(({ title, text }) => `## ${title}\n\n\`\`\`mermaid\n${text}\`\`\`\n`).join('\n');
}

export function mermaidDiagrams(graph: ChartGraph, options: DrawingOptions = {}): readonly MermaidDiagram[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const root = requireEntry(nodes, graph.root, 'mermaidDiagrams');
  const folded = foldedIn(graph, root, nodes);
  const overview = chartPart(graph, { ...options, folded });
  const parts = folded.flatMap((id) => {
    const part = rootedGraph(graph, id);
    const shown = new Set(part.nodes.map((node) => node.id));
    const active = (options.active ?? []).filter((state) => shown.has(state));
    const { taken, ...rest } = options;
    const isTakenShown = part.edges.some((edge) => edge.id === taken);
    return mermaidDiagrams(part, {
      ...rest,
      active,
      ...(isTakenShown && taken !== undefined ? { taken } : {}),
    });
  });
  return [{ title: nodePath(root), text: mermaidDiagram(overview.graph, overview.shownOptions) }, ...parts];
}

/** Regions that Mermaid cannot hold; if there are none but the lines are too many, everything that can be folded. */
function foldedIn(
  graph: ChartGraph,
  root: ChartNode,
  nodes: ReadonlyMap<string, ChartNode>,
): readonly string[] {
  const regions = graph.nodes.filter(
    (node) => node.id !== root.id && node.parent !== null && nodes.get(node.parent)?.kind === 'parallel',
  );
  const difficult = regions.filter((region) => {
    const isEnd = graph.edges.some((edge) => edge.source === region.id || edge.targets.includes(region.id));
    const hasComposites = region.children.some((child) => (nodes.get(child)?.children.length ?? 0) > 0);
    return isEnd || hasComposites;
  });
  const inner = difficult.filter((region) => region.children.length > 0).map((region) => region.id);
  if (inner.length > 0 || graph.edges.length <= edgeLimit) return inner;
  return root.children.filter((child) => (nodes.get(child)?.children.length ?? 0) > 0);
}
