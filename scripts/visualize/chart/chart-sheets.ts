/**
 * A chart split into sheets that can be read on paper.
 *
 * A chart that fits is one sheet. Else the first sheet is the outline, with composites folded, and the others show these whole: as many on
 * a sheet as fit, phases kept together, in document order; one that does not fit is split the same way.
 * Promises: every state is drawn in full on one sheet, with all its transitions; what leads to another sheet ends in a connector that
 * names the state and the sheet. Leaves out: splitting a single state; if one does not fit, its type is smaller.
 */
import { assert } from '../../../kernels/assert.ts';
import { item } from '../../../kernels/shape.ts';
import { ancestorsOf } from './ancestors.ts';
import { chartExcerpt, isConnector, type WhereDrawn } from './chart-excerpt.ts';
import type { ChartGraph, ChartNode } from './chart-graph.ts';
import { foldedGraph } from './chart-part.ts';
import { phaseOf } from './chart-phases.ts';
import { nodePath } from './node-title.ts';
import type { Paper } from './paper.ts';
import { requireEntry } from './require-entry.ts';
import { isReadable } from './sheet-layout.ts';

export interface ChartSheet {
  readonly title: string;
  readonly graph: ChartGraph;
}

/** What a sheet shows: some children of a composite, whole, or in outline. */
interface Piece {
  readonly frame: string;
  readonly shown: readonly string[];
  readonly isOutline: boolean;
}

export function sheetsOf(graph: ChartGraph, paper: Paper): readonly ChartSheet[] {
  if (isReadable(graph, paper)) return [{ title: graph.root, graph }];
  const splitter = new Splitter(graph, paper);
  for (;;) {
    const pieces = splitter.pieces();
    const whereDrawn = sheetNames(graph, pieces);
    const sheets = pieces.map((piece) => ({
      title: titleOf(graph, piece),
      graph: graphOf(graph, piece, whereDrawn),
    }));
    // Names of sheets are known only now, and may have made a sheet larger than it was thought to be.
    const tooLarge = pieces.filter((_piece, index) => !isReadable(item(sheets, index).graph, paper));
    if (!splitter.refuse(tooLarge)) return sheets;
  }
}

function sheetNames(graph: ChartGraph, pieces: readonly Piece[]): WhereDrawn {
  const homes = homesOf(graph, pieces);
  return (id) => {
    const sheets = [...(homes.get(id) ?? [])];
    const [first = 0] = sheets;
    const last = sheets.at(-1) ?? first;
    const name = first === last ? `on sheet ${first}` : `on sheets ${first} to ${last}`;
    // At these spaces no line is broken.
    return name.replaceAll(' ', '\u00a0');
  };
}

class Splitter {
  private readonly graph: ChartGraph;
  private readonly paper: Paper;
  private readonly nodes: ReadonlyMap<string, ChartNode>;
  private readonly known = new Map<string, boolean>();

  constructor(graph: ChartGraph, paper: Paper) {
    this.graph = graph;
    this.paper = paper;
    this.nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  }

  pieces(): readonly Piece[] {
    const { root } = this.graph;
    const children = this.node(root).children.filter((id) => !isConnector(this.node(id)));
    const outline: Piece = { frame: root, shown: children, isOutline: true };
    return [...(this.fits(outline) ? [outline] : []), ...this.packed(root, children)];
  }

  /** These were too large after all. False: they all were known to be, or cannot be split. */
  refuse(pieces: readonly Piece[]): boolean {
    const news = pieces.filter((piece) => this.known.get(keyOf(piece)) !== false && this.canSplit(piece));
    for (const piece of news) this.known.set(keyOf(piece), false);
    return news.length > 0;
  }

  private canSplit({ shown, isOutline }: Piece): boolean {
    return isOutline || shown.length > 1 || shown.some((id) => this.isComposite(id));
  }

  /** As many units on a sheet as fit. */
  private packed(frame: string, units: readonly string[]): readonly Piece[] {
    const done: Piece[] = [];
    let open: readonly string[] = [];
    const pieceOf = (shown: readonly string[]): Piece => ({ frame, shown, isOutline: false });
    for (const group of this.fitting(frame, units)) {
      const both = [...open, ...group];
      if (open.length > 0 && !this.fits(pieceOf(both))) done.push(pieceOf(open));
      open = open.length === 0 || this.fits(pieceOf(both)) ? both : group;
      const [only] = open;
      const isTooLarge = open.length === 1 && only !== undefined && this.isTooLarge(frame, only);
      if (!isTooLarge) continue;
      done.push(...this.packed(only, this.node(only).children));
      open = [];
    }
    return open.length === 0 ? done : [...done, pieceOf(open)];
  }

  /** Neighbours of one phase together where they fit on a sheet, else one by one. */
  private fitting(frame: string, units: readonly string[]): readonly (readonly string[])[] {
    return this.byPhase(units).flatMap((group) =>
      this.fits({ frame, shown: group, isOutline: false }) ? [group] : group.map((unit) => [unit]),
    );
  }

  private isTooLarge(frame: string, unit: string): boolean {
    return this.isComposite(unit) && !this.fits({ frame, shown: [unit], isOutline: false });
  }

  /** Neighbours of one phase. */
  private byPhase(units: readonly string[]): readonly (readonly string[])[] {
    const groups: string[][] = [];
    let last: string | undefined;
    for (const unit of units) {
      const phase = phaseOf(this.node(unit));
      if (phase === last && groups.length > 0) groups.at(-1)?.push(unit);
      else groups.push([unit]);
      last = phase;
    }
    return groups;
  }

  private fits(piece: Piece): boolean {
    const key = keyOf(piece);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    // As wide as any number of sheets that we draw.
    const graph = graphOf(this.graph, piece, () => 'on\u00a0sheets\u00a088\u00a0to\u00a088');
    const fits = isReadable(graph, this.paper);
    this.known.set(key, fits);
    return fits;
  }

  private isComposite(id: string): boolean {
    return this.node(id).children.length > 0;
  }

  private node(id: string): ChartNode {
    const node = this.nodes.get(id);
    assert(node !== undefined, `chart-sheets: there is no state ${id}`);
    return node;
  }
}

const keyOf = ({ frame, shown, isOutline }: Piece): string => JSON.stringify([frame, shown, isOutline]);

function graphOf(graph: ChartGraph, piece: Piece, whereDrawn: WhereDrawn): ChartGraph {
  const { frame, shown, isOutline } = piece;
  if (isOutline) return outlineOf(graph, shown, whereDrawn);
  return chartExcerpt(graph, isAllOf(graph, piece) ? [frame] : shown, whereDrawn);
}

/** Without guards and actions: one line for all transitions with the same trigger. */
function outlineOf(graph: ChartGraph, ids: readonly string[], whereDrawn: WhereDrawn): ChartGraph {
  const { root, nodes, edges } = foldedGraph(graph, ids);
  const bare = edges.map((edge) => ({ ...edge, guard: null, actions: [], alternative: 0 }));
  const known = new Set<string>();
  return {
    root,
    nodes: nodes.map((node) =>
      node.parent === root && node.kind !== 'initial' && !isConnector(node)
        ? { ...node, entry: [], exit: [], elsewhere: [whereDrawn(node.id)] }
        : node,
    ),
    edges: bare.filter(({ source, targets, trigger }) => {
      const text = JSON.stringify([source, targets, trigger]);
      const isNew = targets.length > 0 && !known.has(text);
      known.add(text);
      return isNew;
    }),
  };
}

const isAllOf = (graph: ChartGraph, { frame, shown }: Piece): boolean =>
  frame !== graph.root && graph.nodes.find(({ id }) => id === frame)?.children.length === shown.length;

/** On which sheets, counted from 1, a state or what is in it is drawn whole. */
function homesOf(graph: ChartGraph, pieces: readonly Piece[]): ReadonlyMap<string, ReadonlySet<number>> {
  const homes = new Map<string, Set<number>>();
  for (const [index, { shown, isOutline }] of pieces.entries()) {
    for (const { id } of graph.nodes) {
      const chain = [id, ...ancestorsOf(graph, id)];
      if (isOutline || !chain.some((each) => shown.includes(each))) continue;
      for (const each of chain) homes.set(each, (homes.get(each) ?? new Set()).add(index + 1));
    }
  }
  return homes;
}

function titleOf(graph: ChartGraph, piece: Piece): string {
  const { frame, shown, isOutline } = piece;
  if (isOutline) return `${graph.root}: outline`;
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const frameNode = requireEntry(nodes, frame, 'titleOf');
  const around = frame === graph.root ? graph.root : `${graph.root} · ${nodePath(frameNode)}`;
  if (isAllOf(graph, piece)) return around;
  const names = shown.map((id) => requireEntry(nodes, id, 'titleOf').key);
  const listed = names.length > 3 ? `${names[0]} … ${names.at(-1)}` : names.join(', ');
  return `${around}: ${listed}`;
}
