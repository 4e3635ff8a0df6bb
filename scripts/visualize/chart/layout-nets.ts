// Cuts every transition at the borders of the composites it crosses and bundles the pieces into nets. A net is all that flows
// through one composite towards one target in one style of line: it may come from many children, from outside (through the
// top border), and it ends in one place, a child or the bottom border. Lines of a net may run together, and their
// number does not grow with the number of transitions, which is what keeps twenty failures to one target readable.
// Rule of the drawing: lines leave a box at its bottom and enter at its top.
// Promises: nets and their sources in document order; the way of each transition as a list of pieces from source to target.

import type { ChartEdge, ChartGraph } from './chart-graph.ts';
import type { EdgeStyle } from './edge-text.ts';
import { edgeStyle } from './edge-text.ts';
import type { Shapes } from './layout-shapes.ts';
import { liesInside, netKeyOf, stubIdOf } from './layout-shapes.ts';
import { requireEntry } from './require-entry.ts';

/** `own`: transitions of the child itself. `through`: lines that come out of the child's bottom border. `top`: from outside. */
export type NetSource =
  | { readonly type: 'own'; readonly child: string; readonly edges: readonly ChartEdge[] }
  | { readonly type: 'through'; readonly child: string }
  | { readonly type: 'top' };

/** `own`: the child is the target. `through`: the target lies inside the child. `bottom`: it lies outside the composite. */
export type NetSink =
  | { readonly type: 'own'; readonly child: string }
  | { readonly type: 'through'; readonly child: string }
  | { readonly type: 'bottom' };

export interface Net {
  readonly key: string;
  readonly target: string;
  readonly style: EdgeStyle;
  readonly sink: NetSink;
  readonly sources: readonly NetSource[];
}

/** One piece of a transition's way: in which composite, and as which source of which net. */
export interface Leg {
  readonly composite: string;
  readonly netKey: string;
  readonly source: string;
}

export interface Way {
  readonly edge: ChartEdge;
  readonly target: string;
  readonly legs: readonly Leg[];
}

export interface Nets {
  readonly byComposite: ReadonlyMap<string, readonly Net[]>;
  readonly ways: readonly Way[];
}

export function netsOf(graph: ChartGraph, shapes: Shapes): Nets {
  const ways = graph.edges.flatMap((edge) =>
    edge.targets.map((target) => ({ edge, target, pieces: piecesOf(edge, target, shapes) })),
  );
  const pieces = ways.flatMap((way) => way.pieces);
  const composites = [...new Set(pieces.map((piece) => piece.composite))];
  return {
    byComposite: new Map(
      composites.map((composite) => [
        composite,
        bundled(pieces.filter((piece) => piece.composite === composite)),
      ]),
    ),
    ways: ways.map(({ edge, target, pieces: own }) => ({ edge, target, legs: own.map(legOf) })),
  };
}

/** Names a source within its net and composite. */
export function sourceKey(source: NetSource): string {
  return source.type === 'top' ? 'top' : `${source.type} ${source.child}`;
}

/** A net with a single source: what one transition contributes to one composite. */
interface Piece {
  readonly composite: string;
  readonly netKey: string;
  readonly target: string;
  readonly style: EdgeStyle;
  readonly source: NetSource;
  readonly sink: NetSink;
}

/** Out of the composites around the source, across the one that holds both ends, and into those around the target. */
function piecesOf(edge: ChartEdge, target: string, shapes: Shapes): readonly Piece[] {
  const start = liesInside(shapes, target, edge.source) ? stubIdOf(edge.source) : edge.source;
  const meeting = meetingPlace(shapes, start, target);
  const upward = chain(shapes, start, meeting);
  const sinks = chain(shapes, target, meeting)
    .reverse()
    .map((child): NetSink => ({ type: child === target ? 'own' : 'through', child }));
  const [across = { type: 'own', child: target }, ...inward] = sinks;
  const common = { netKey: netKeyOf(edge, target), target, style: edgeStyle(edge) };
  const climbing = upward.map((child, index): Piece => {
    const source: NetSource =
      index === 0 ? { type: 'own', child, edges: [edge] } : { type: 'through', child };
    const sink: NetSink = index === upward.length - 1 ? across : { type: 'bottom' };
    return { composite: parentOf(shapes, child), source, sink, ...common };
  });
  const sinking = inward.map((sink): Piece => {
    const composite = sink.type === 'bottom' ? meeting : parentOf(shapes, sink.child);
    return { composite, source: { type: 'top' }, sink, ...common };
  });
  return [...climbing, ...sinking];
}

/** The pieces of one composite as nets: equal keys make one net, equal sources in it one source. */
function bundled(pieces: readonly Piece[]): readonly Net[] {
  const keys = [...new Set(pieces.map((piece) => piece.netKey))];
  return keys.flatMap((key) => {
    const members = pieces.filter((piece) => piece.netKey === key);
    const [first] = members;
    if (first === undefined) return [];
    const names = [...new Set(members.map((piece) => sourceKey(piece.source)))];
    const sources = names.flatMap((name) => {
      return joined(members.map((piece) => piece.source).filter((source) => sourceKey(source) === name));
    });
    return [{ key, target: first.target, style: first.style, sink: first.sink, sources }];
  });
}

/** One source for several of the same name, with the transitions of all. */
function joined(sources: readonly NetSource[]): readonly NetSource[] {
  const edges = sources.flatMap((source) => (source.type === 'own' ? source.edges : []));
  return sources.slice(0, 1).map((source) => (source.type === 'own' ? { ...source, edges } : source));
}

function legOf({ composite, netKey, source }: Piece): Leg {
  return { composite, netKey, source: sourceKey(source) };
}

/** The innermost composite that holds both ends; for a state that leads to itself or to a state around it, the one around that. */
function meetingPlace(shapes: Shapes, source: string, target: string): string {
  const around = parentOf(shapes, target);
  return source === target || liesInside(shapes, source, around)
    ? around
    : meetingPlace(shapes, source, around);
}

/** The states from `inner` outwards, up to the child of `outer`. */
function chain(shapes: Shapes, inner: string, outer: string): string[] {
  const parent = parentOf(shapes, inner);
  return parent === outer ? [inner] : [inner, ...chain(shapes, parent, outer)];
}

function parentOf(shapes: Shapes, id: string): string {
  return requireEntry(shapes, id, 'layout-nets').parent ?? '';
}
