// The shapes of a drawing: every node of the chart with its text and the room it needs, and two kinds of shape that are not
// in the chart: the page around the outermost state, and a stub inside each composite that has transitions of its own to
// states inside it ("any state"), from which those are drawn.
// Promises: children in drawing order (dot, stub, states in document order). A leaf's size is final, a composite's is that
// of its header.

import type { ChartEdge, ChartGraph, ChartNode, ChartNodeKind } from './chart-graph.ts';
import { dotIdOf } from './chart-graph.ts';
import { edgeStyle } from './edge-text.ts';
import type { ShapeLine } from './layout-lines.ts';
import { shapeTextOf } from './layout-lines.ts';
import { boxPadding, lineHeight, smallFontSize } from './layout-sizes.ts';
import { requireEntry } from './require-entry.ts';
import { textWidth } from './text-width.ts';

export type ShapeKind = ChartNodeKind | 'page' | 'stub';

export interface Shape {
  readonly id: string;
  readonly kind: ShapeKind;
  readonly parent: string | null;
  readonly children: readonly string[];
  readonly lines: readonly ShapeLine[];
  readonly width: number;
  readonly height: number;
  /** How many lines of its own leave it: transitions to one target in one style share a line. */
  readonly ownExitCount: number;
  /** How many lines at most start or end side by side at one of its borders. */
  readonly portCount: number;
}

export type Shapes = ReadonlyMap<string, Shape>;

export const pageId = ':page';

export function stubIdOf(stateId: string): string {
  return `${stateId}:any`;
}

export function shapesOf(graph: ChartGraph): Shapes {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const stubbed = new Set(graph.edges.filter((edge) => leadsInside(nodes, edge)).map((edge) => edge.source));
  const shapes = graph.nodes.map((node) => shapeOf(node, graph, stubbed.has(node.id)));
  const stubs = [...stubbed].map(stubOf);
  return new Map([pageOf(graph.root), ...shapes, ...stubs].map((shape) => [shape.id, shape]));
}

/** The name of all that flows to one target in one style of line. */
export function netKeyOf(edge: ChartEdge, target: string): string {
  return `${target} ${edgeStyle(edge)}`;
}

/** Whether the state `inner` lies inside the state `outer`, and is not that state itself. */
export function liesInside(
  parents: ReadonlyMap<string, { readonly parent: string | null }>,
  inner: string,
  outer: string,
): boolean {
  const parent = requireEntry(parents, inner, 'liesInside').parent;
  return parent !== null && (parent === outer || liesInside(parents, parent, outer));
}

function leadsInside(nodes: ReadonlyMap<string, ChartNode>, edge: ChartEdge): boolean {
  return edge.targets.some((target) => liesInside(nodes, target, edge.source));
}

function pageOf(root: string): Shape {
  const size = { width: 0, height: 0, ownExitCount: 0, portCount: 0 };
  return { id: pageId, kind: 'page', parent: null, children: [root], lines: [], ...size };
}

function stubOf(stateId: string): Shape {
  const text = 'any state';
  const width = textWidth(text, smallFontSize) + 2 * boxPadding;
  const line: ShapeLine = {
    text,
    role: 'action',
    edge: null,
    x: width / 2,
    y: lineHeight - 1,
    isCentred: true,
  };
  const size = { width, height: lineHeight + 5, ownExitCount: 0, portCount: 0 };
  return { id: stubIdOf(stateId), kind: 'stub', parent: stateId, children: [], lines: [line], ...size };
}

function shapeOf(node: ChartNode, graph: ChartGraph, isStubbed: boolean): Shape {
  const own = graph.edges.filter((edge) => edge.source === node.id);
  const exits = own.flatMap((edge) => edge.targets.map((target) => netKeyOf(edge, target)));
  const ownExitCount = new Set(exits).size;
  const entries = graph.edges.filter((edge) => edge.targets.includes(node.id)).map(edgeStyle);
  const portCount = Math.max(ownExitCount, new Set(entries).size);
  const children = [
    ...(node.initialChild === null ? [] : [dotIdOf(node.id)]),
    ...(isStubbed ? [stubIdOf(node.id)] : []),
    ...node.children,
  ];
  const parent = node.parent ?? pageId;
  return {
    id: node.id,
    kind: node.kind,
    parent,
    children,
    ...shapeTextOf(node, own, portCount),
    ownExitCount,
    portCount,
  };
}
