// A chart as an indented outline, for a terminal, a diff or a screen reader.
//
//   ● idle                                            ● entered first, ○ not, ◎ final, H history
//       entry / wait
//       kexec.execute [imageIsLoaded] / lock → freezing
//
// Promises: every state and transition in document order, one line each. A target is named by its key beside the source,
// by `.key` inside it, and by its whole path elsewhere. A transition without an arrow does not leave its state.

import type { ChartEdge, ChartGraph, ChartNode } from './chart-graph.ts';
import { dotIdOf } from './chart-graph.ts';
import type { DrawingOptions, Highlights } from './chart-options.ts';
import { highlightsOf } from './chart-options.ts';
import { edgeText } from './edge-text.ts';
import { elsewhereLines, metaLines, nodePath } from './node-title.ts';
import { requireEntry } from './require-entry.ts';

export function text(graph: ChartGraph, options: DrawingOptions = {}): string {
  const outline: Outline = {
    graph,
    nodes: new Map(graph.nodes.map((node) => [node.id, node])),
    highlights: highlightsOf(graph, options),
  };
  return `${linesUnder(graph.root, outline).join('\n')}\n`;
}

interface Outline {
  readonly graph: ChartGraph;
  readonly nodes: ReadonlyMap<string, ChartNode>;
  readonly highlights: Highlights;
}

function linesUnder(id: string, outline: Outline): readonly string[] {
  const node = requireEntry(outline.nodes, id, 'text');
  const inside = [
    ...factLines(node),
    ...edgeLines(node, outline),
    ...node.children.flatMap((child) => linesUnder(child, outline)),
  ];
  return [titleLine(node, outline), ...inside.map((line) => `    ${line}`)];
}

function titleLine(node: ChartNode, { nodes, highlights }: Outline): string {
  const kind = node.kind === 'parallel' ? ' (parallel)' : '';
  const active = highlights.active.has(node.id) ? ' (active)' : '';
  return `${mark(node, nodes)}${node.key}${kind}${active}`;
}

function mark(node: ChartNode, nodes: ReadonlyMap<string, ChartNode>): string {
  if (node.parent === null) return '';
  if (node.kind === 'final') return '◎ ';
  if (node.kind === 'history') return 'H ';
  const parent = requireEntry(nodes, node.parent, 'text');
  return parent.initialChild === node.id || parent.kind === 'parallel' ? '● ' : '○ ';
}

function factLines(node: ChartNode): readonly string[] {
  return [
    ...(node.description === null ? [] : [node.description]),
    ...(node.tags.length === 0 ? [] : [`tags: ${node.tags.join(', ')}`]),
    ...metaLines(node.meta),
    ...elsewhereLines(node),
    ...(node.entry.length === 0 ? [] : [`entry / ${node.entry.join(', ')}`]),
    ...(node.exit.length === 0 ? [] : [`exit / ${node.exit.join(', ')}`]),
  ];
}

/** The line from the dot stands here only if something is done on the way; otherwise the mark of the state that it leads to says it. */
function edgeLines(node: ChartNode, outline: Outline): readonly string[] {
  const { graph, highlights } = outline;
  const starts = graph.edges.filter((edge) => edge.source === dotIdOf(node.id) && edge.actions.length > 0);
  const own = graph.edges.filter((edge) => edge.source === node.id);
  return [...starts, ...own].map((edge) => {
    const targets = edge.targets.map((target) =>
      targetName(node, requireEntry(outline.nodes, target, 'text')),
    );
    const arrow = targets.length === 0 ? '' : ` → ${targets.join(' and ')}`;
    // What comes in from another part says there what it is.
    const told = node.elsewhere === undefined ? lineText(edge) : edgeText(edge);
    return `${`${told}${arrow}`.trimStart()}${highlights.taken === edge.id ? ' (taken)' : ''}`;
  });
}

function lineText(edge: ChartEdge): string {
  return edge.trigger.type === 'initial' ? `initial ${edgeText(edge)}`.trimEnd() : edgeText(edge);
}

function targetName(source: ChartNode, target: ChartNode): string {
  if (target.parent === source.id) return `.${target.key}`;
  return target.parent === source.parent ? target.key : nodePath(target);
}
