// A chart in the DOT language of Graphviz, for other layouts and other tools.
// Composites are clusters. DOT has no lines between clusters, so a line from or to one is drawn between invisible points inside
// them and cut off at their borders (`lhead`, `ltail`, `compound`). That does not work between a cluster and what is in it:
// there a stub inside the cluster stands for it.
// `newrank` is asked for because the older ranking of Graphviz 2.42 gives up on some nested clusters ("trouble in init_rank").
// Promises: accepted by `dot` without a warning; node names are the ids of the states. Leaves out: dividers between regions.
// Facts: Graphviz 2.42 attribute documentation (`compound`, `lhead`, `ltail`, `cluster`).

import type { ChartEdge, ChartGraph, ChartNode } from './chart-graph.ts';
import type { DrawingOptions, Highlights } from './chart-options.ts';
import { highlightsOf } from './chart-options.ts';
import type { EdgeStyle } from './edge-text.ts';
import { edgeParts, edgeStyle, edgeText } from './edge-text.ts';
import { liesInside } from './layout-shapes.ts';
import { elsewhereLines, nodeTitle } from './node-title.ts';
import { requireEntry } from './require-entry.ts';

export function dot(graph: ChartGraph, options: DrawingOptions = {}): string {
  const sheet: Sheet = {
    graph,
    nodes: new Map(graph.nodes.map((node) => [node.id, node])),
    highlights: highlightsOf(graph, options),
  };
  const direction = options.orientation === 'landscape' ? 'LR' : 'TB';
  return [
    `digraph ${quoted(graph.root)} {`,
    `  compound=true; newrank=true; rankdir=${direction}; fontname="monospace"; fontsize=12;`,
    '  node [shape=box, style=rounded, fontname="monospace", fontsize=11];',
    '  edge [fontname="monospace", fontsize=10];',
    ...nodeLines(graph.root, sheet).map((line) => `  ${line}`),
    ...graph.edges.flatMap((edge) => edgeLines(edge, sheet)).map((line) => `  ${line}`),
    '}\n',
  ].join('\n');
}

interface Sheet {
  readonly graph: ChartGraph;
  readonly nodes: ReadonlyMap<string, ChartNode>;
  readonly highlights: Highlights;
}

type Attributes = Readonly<Record<string, string>>;

/** Colours and patterns as in the SVG for a light ground. */
const looks: Readonly<Record<EdgeStyle, Attributes>> = {
  initial: {},
  event: {},
  delay: { color: '#6b4a00', fontcolor: '#6b4a00', arrowhead: 'empty' },
  always: { color: '#0b6b5d', fontcolor: '#0b6b5d', style: 'dotted' },
  done: { color: '#1d4fc4', fontcolor: '#1d4fc4', style: 'bold' },
  failure: { color: '#b3181d', fontcolor: '#b3181d', style: 'dashed' },
};

function nodeLines(id: string, sheet: Sheet): readonly string[] {
  const node = requireEntry(sheet.nodes, id, 'dot');
  const tooltip = nodeTitle(node);
  const thick: Attributes = sheet.highlights.active.has(id) ? { penwidth: '3' } : {};
  const label = labelOf(node, sheet.graph);
  if (node.children.length === 0)
    return [`${quoted(id)} [${attributes({ ...leafLook(node, label), ...thick, tooltip })}];`];
  const dots = sheet.graph.nodes.filter(({ kind, parent }) => kind === 'initial' && parent === id);
  const stubs = stubLines(node, sheet);
  const style = node.kind === 'parallel' || isRegion(node, sheet) ? 'rounded,dashed' : 'rounded';
  return [
    `subgraph ${quoted(`cluster ${id}`)} {`,
    `  graph [${attributes({ label, style, ...thick, tooltip })}];`,
    `  ${quoted(anchorOf(node))} [shape=point, style=invis, width=0, height=0];`,
    ...stubs.map((stub) => `  ${stub}`),
    ...dots.map((each) => `  ${quoted(each.id)} [shape=point, width=0.12, label="", tooltip="initial"];`),
    ...node.children.flatMap((child) => nodeLines(child, sheet)).map((line) => `  ${line}`),
    '}',
  ];
}

/** Inside a composite: where its own transitions to states inside it start, and where those from inside to the composite end. */
function stubLines(node: ChartNode, sheet: Sheet): readonly string[] {
  const ends = sheet.graph.edges.flatMap((edge) =>
    edge.targets.map((target) => [edge.source, target] as const),
  );
  const leadsIn = ends.some(([source, target]) => source === node.id && leadsInto(sheet, source, target));
  const leadsBack = ends.some(([source, target]) => target === node.id && leadsInto(sheet, target, source));
  return [
    ...(leadsIn ? [`${quoted(`${node.id}:any`)} [label="any state", style="rounded,dashed"];`] : []),
    ...(leadsBack
      ? [`${quoted(`${node.id}:again`)} [label=${quoted(`${node.key} again`)}, style="rounded,dashed"];`]
      : []),
  ];
}

/** Whether a line between the two would have to start or end at a border and go on inside it, or come back to it. */
function leadsInto(sheet: Sheet, composite: string, state: string): boolean {
  const isComposite = requireEntry(sheet.nodes, composite, 'dot').children.length > 0;
  return isComposite && (composite === state || liesInside(sheet.nodes, state, composite));
}

function isRegion(node: ChartNode, sheet: Sheet): boolean {
  return node.parent !== null && sheet.nodes.get(node.parent)?.kind === 'parallel';
}

function leafLook(node: ChartNode, label: string): Attributes {
  switch (node.kind) {
    case 'final':
      return { shape: 'doublecircle', label };
    case 'history':
      return { shape: 'circle', label: `H ${label}` };
    case 'initial':
    case 'atomic':
    case 'compound':
    case 'parallel':
      return { label };
  }
}

function labelOf(node: ChartNode, graph: ChartGraph): string {
  const internal = graph.edges.filter((edge) => edge.source === node.id && edge.targets.length === 0);
  return [
    node.key,
    ...elsewhereLines(node),
    ...(node.entry.length === 0 ? [] : [`entry / ${node.entry.join(', ')}`]),
    ...(node.exit.length === 0 ? [] : [`exit / ${node.exit.join(', ')}`]),
    ...internal.map(edgeText),
  ].join('\n');
}

/** An internal transition is a line in its state's label, not an edge. */
function edgeLines(edge: ChartEdge, sheet: Sheet): readonly string[] {
  const text = edgeParts(edge).join('\n');
  return edge.targets.map((target, index) => {
    const tail = endOf(edge.source, target, 'any', sheet);
    const head = endOf(target, edge.source, 'again', sheet);
    const look: Attributes = {
      ...(text === '' ? {} : { label: text }),
      ...looks[edgeStyle(edge)],
      ...(tail.border === null ? {} : { ltail: tail.border }),
      ...(head.border === null ? {} : { lhead: head.border }),
      ...(sheet.highlights.taken === edge.id ? { penwidth: '3' } : {}),
      id: index === 0 ? edge.id : `${edge.id} ${index + 1}`,
    };
    return `${quoted(tail.node)} -> ${quoted(head.node)} [${attributes(look)}];`;
  });
}

/** What one end of a line is tied to, and the border at which it is cut off. */
function endOf(id: string, other: string, stub: 'any' | 'again', sheet: Sheet) {
  const node = requireEntry(sheet.nodes, id, 'dot');
  if (leadsInto(sheet, id, other)) return { node: `${id}:${stub}`, border: null };
  return { node: anchorOf(node), border: node.children.length > 0 ? `cluster ${id}` : null };
}

/** The node that lines to a state are tied to: itself, or the invisible point inside a composite. */
function anchorOf(node: ChartNode): string {
  return node.children.length === 0 ? node.id : `${node.id}:anchor`;
}

function attributes(values: Attributes): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(', ');
}

/** In quotes only quotes, backslashes and line ends mean anything; `\n` is DOT's own centred line end. */
function quoted(value: string): string {
  return `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}
