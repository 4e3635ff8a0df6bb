// A cell is a box with the lines that leave it and their labels, as far as both belong to it alone:
//
//            |  box  |
//            +-+-+-+-+
//   retry ---' | | `--- device.failed      the outermost line turns first, so that no two lines of a cell cross;
//      ok      | `----- after 500 ms       a label lies on the level part of its line, or beside the straight one
//              v
//
// A line leaves to one side (and runs on to a channel at that height) or below (and comes down at the edge of the cell).
// Promises: inside the cell no line touches a label and no label a box. Coordinates count from the axis of the box and its top.

import type { ChartEdge } from './chart-graph.ts';
import { edgeParts } from './edge-text.ts';
import {
  cornerInset,
  labelGap,
  labelInset,
  labelLineHeight,
  lineLimit,
  portSpacing,
  smallFontSize,
  trackSpacing,
} from './layout-sizes.ts';
import { textWidth } from './text-width.ts';
import { wrapParts } from './wrap-text.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Label {
  readonly edge: string;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Which way a line of the box goes. `through` lines come out of a composite at a place of their own and have no label here. */
export interface Exit {
  readonly key: string;
  readonly hand: 'left' | 'straight' | 'right' | 'through';
  readonly leaves: 'side' | 'below';
  readonly edges: readonly ChartEdge[];
  readonly target: string;
  readonly throughX: number;
}

/** The start of a line: from the bottom of the box to where it leaves the cell. The last point's `y` is where it runs or drops from. */
export interface ExitStart {
  readonly points: readonly Point[];
  readonly leaves: 'side' | 'below';
}

export interface Cell {
  readonly left: number;
  readonly right: number;
  readonly height: number;
  readonly starts: ReadonlyMap<string, ExitStart>;
  readonly labels: readonly Label[];
}

export interface CellBox {
  readonly left: number;
  readonly right: number;
  readonly height: number;
}

/** Exits to one hand are listed from the innermost to the outermost. */
export function cellOf(box: CellBox, exits: readonly Exit[]): Cell {
  const ports = firstPortsOf(exits);
  const fan = (hand: 'left' | 'right', clearance: number): Fan =>
    fanOf(box, exits, { hand, firstPort: ports[hand], clearance });
  const straight = straightOf(box, exits, fan('left', 0).height, fan('right', 0).height);
  const left = fan('left', straight.left);
  const right = fan('right', straight.right);
  const throughs = exits.filter((exit) => exit.hand === 'through').map(throughStart(box));
  return {
    left: left.reach,
    right: right.reach,
    height: Math.max(left.height, right.height, straight.height),
    starts: new Map([...left.starts, ...right.starts, ...straight.starts, ...throughs]),
    labels: [...left.labels, ...straight.labels, ...right.labels],
  };
}

type Start = readonly [string, ExitStart];

function throughStart(box: CellBox): (exit: Exit) => Start {
  return (exit) => [exit.key, { points: [point(exit.throughX, box.height)], leaves: 'below' }];
}

/** The first port of each hand, from the axis: the axis itself if nothing else starts there, and right of what comes through. */
function firstPortsOf(exits: readonly Exit[]): { readonly left: number; readonly right: number } {
  const throughs = exits.filter((exit) => exit.hand === 'through').map((exit) => exit.throughX);
  const hasHand = (hand: Exit['hand']): boolean => exits.some((exit) => exit.hand === hand);
  const isAxisFree = !hasHand('straight');
  const right = isAxisFree && throughs.length === 0 ? 0 : Math.max(0, ...throughs) + portSpacing;
  const left = isAxisFree && (!hasHand('right') || right > 0) ? 0 : portSpacing;
  return { left, right };
}

interface Fan {
  readonly reach: number;
  readonly height: number;
  readonly starts: readonly Start[];
  readonly labels: readonly Label[];
}

interface Side {
  readonly hand: 'left' | 'right';
  readonly firstPort: number;
  /** Lines come down no nearer to the axis than this. */
  readonly clearance: number;
}

/** All lines to one hand, worked out as if to the right and mirrored for the left. */
function fanOf(box: CellBox, exits: readonly Exit[], { hand, firstPort, clearance }: Side): Fan {
  const sign = hand === 'right' ? 1 : -1;
  const mine = exits.filter((exit) => exit.hand === hand);
  const roomEach = Math.floor((box[hand] - cornerInset - firstPort) / Math.max(1, mine.length - 1));
  const spacing = Math.max(1, Math.min(portSpacing, roomEach));
  let level = box.height;
  let labelEdge = Math.max(clearance, box[hand]);
  const placed = mine
    .map((exit, index) => ({ exit, port: firstPort + spacing * index }))
    .reverse()
    .map(({ exit, port }) => {
      const labels = stackOf(exit, level + labelGap);
      level = labels.reduce((sum, label) => sum + label.height, level + labelGap);
      labelEdge = Math.max(labelEdge, ...labels.map((label) => port + labelInset + label.width + labelInset));
      return { exit, port, level, labels };
    });
  const dropping = placed.filter(({ exit }) => exit.leaves === 'below').reverse();
  const starts = placed.map(({ exit, port, level: runs }): Start => {
    const down = [point(sign * port, box.height), point(sign * port, runs)];
    const rank = dropping.findIndex((other) => other.exit === exit);
    const drop = point(sign * (labelEdge + trackSpacing * (rank + 1)), runs);
    return [exit.key, { points: rank < 0 ? down : [...down, drop], leaves: exit.leaves }];
  });
  const labels = placed.flatMap(({ port, labels: stack }) =>
    stack.map((label) => ({
      ...label,
      x: sign > 0 ? port + labelInset : -port - labelInset - label.width,
    })),
  );
  return { reach: labelEdge + trackSpacing * dropping.length, height: level + labelGap, starts, labels };
}

interface Straight extends Omit<Fan, 'reach'> {
  readonly left: number;
  readonly right: number;
}

/** The label of the straight line stands on the side with fewer lines, below them; never among the lines of a composite's inside. */
function straightOf(box: CellBox, exits: readonly Exit[], leftHeight: number, rightHeight: number): Straight {
  const exit = exits.find((candidate) => candidate.hand === 'straight');
  if (exit === undefined) return { left: 0, right: 0, height: box.height, starts: [], labels: [] };
  const isLeft = exits.some((other) => other.hand === 'through') || leftHeight < rightHeight;
  const top = isLeft ? leftHeight : rightHeight;
  const labels = stackOf(exit, top + labelGap).map((label) => ({
    ...label,
    x: isLeft ? -labelInset - label.width : labelInset,
  }));
  const reach = Math.max(0, ...labels.map((label) => label.width + 2 * labelInset));
  const height = labels.reduce((sum, label) => sum + label.height, top);
  const starts: readonly Start[] = [[exit.key, { points: [point(0, box.height)], leaves: 'below' }]];
  return { left: isLeft ? reach : 0, right: isLeft ? 0 : reach, height, starts, labels };
}

/** The labels of transitions that share a line, one below the other, with `x` still to be set. */
function stackOf(exit: Exit, top: number): Label[] {
  let y = top;
  return exit.edges.flatMap((edge) => {
    const lines = wrapParts([...edgeParts(edge), ...branchParts(edge, exit.target)], lineLimit);
    if (lines.length === 0) return [];
    const width = Math.max(...lines.map((line) => textWidth(line, smallFontSize)));
    const label = { edge: edge.id, lines, x: 0, y, width, height: lines.length * labelLineHeight };
    y += label.height;
    return [label];
  });
}

/** A transition into several regions has a line to each; their labels say that they belong together. */
function branchParts(edge: ChartEdge, target: string): readonly string[] {
  const count = edge.targets.length;
  return count < 2 ? [] : [`(${edge.targets.indexOf(target) + 1} of ${count})`];
}

function point(x: number, y: number): Point {
  return { x, y };
}
