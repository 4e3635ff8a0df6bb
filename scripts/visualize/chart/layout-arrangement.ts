// The arrangement of a composite's children in columns of rows: everything that can be settled from left to right within a column,
// before it is known how high the gaps and how wide the channels are. Boxes are placed twice: first by their own width, to
// learn to which side each line leads, then with the labels that stand on that side.
// Promises: x counts from the left end of the column's content; all lines that enter or leave a box have ports of their own.

import type { EdgeStyle } from './edge-text.ts';
import type { Link } from './layout-axes.ts';
import { axesOf, straightLinks } from './layout-axes.ts';
import type { Cell, Exit } from './layout-cell.ts';
import { cellOf } from './layout-cell.ts';
import type { Columns, Course, Hand } from './layout-courses.ts';
import { coursesOf } from './layout-courses.ts';
import type { Net } from './layout-nets.ts';
import { portSpacing } from './layout-sizes.ts';
import { requireEntry } from './require-entry.ts';

/** A child as its parent sees it: its size, the axis on which it is strung, and where lines pass through its borders. */
export interface ChildBox {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly axis: number;
  /** How far from the axis lines may enter it, to either hand. */
  readonly entryReach: Readonly<Record<Hand, number>>;
  readonly topPorts: ReadonlyMap<string, number>;
  readonly bottomPorts: ReadonlyMap<string, number>;
}

export interface Arrangement {
  readonly columns: Columns;
  readonly children: ReadonlyMap<string, ChildBox>;
  readonly axes: ReadonlyMap<string, number>;
  readonly cells: ReadonlyMap<string, Cell>;
  readonly courses: readonly Course[];
  /** By net: the x at which it enters its sink. */
  readonly entries: ReadonlyMap<string, number>;
  /** Near courses that turn down to their target beside the last box of the row, by key. */
  readonly directs: ReadonlySet<string>;
}

const rankOfStyle = { initial: 0, event: 1, delay: 2, always: 3, done: 4, failure: 5 } satisfies Record<
  EdgeStyle,
  number
>;

/** What is followed and made straight first: the good way before failures. */
export function styleRank(style: EdgeStyle): number {
  return rankOfStyle[style];
}

export function arrange(
  columns: Columns,
  children: ReadonlyMap<string, ChildBox>,
  nets: readonly Net[],
): Arrangement {
  const links = linksOf(nets);
  const straight = columns.map((rows) => straightLinks(rows, links));
  const axesWith = (extents: ReadonlyMap<string, { readonly left: number; readonly right: number }>) =>
    new Map(columns.flatMap((rows, index) => [...axesOf(rows, extents, straight[index] ?? [], links)]));
  const boxes = new Map(
    [...children].map(([id, box]) => [
      id,
      { left: box.axis, right: box.width - box.axis, height: box.height },
    ]),
  );
  const firstAxes = axesWith(boxes);
  const isStraight = (from: string, to: string, netKey: string) =>
    straight.flat().some((link) => link.from === from && link.to === to && link.netKey === netKey);
  const courses = coursesOf(nets, { columns, axes: firstAxes, isStraight });
  const cells = new Map(
    [...children.values()].map((box) => {
      const exits = exitsOf(box, courses, columns, firstAxes);
      return [box.id, cellOf(requireEntry(boxes, box.id, 'arrange'), exits)];
    }),
  );
  const axes = axesWith(cells);
  const entries = entriesOf(courses, children, axes);
  const directs = directsOf({ columns, children, axes, cells, courses, entries });
  return { columns, children, axes, cells, courses, entries, directs };
}

interface NetLink extends Link {
  readonly netKey: string;
}

/** One link for each pair of children that a net joins; the best net of a pair is the one made straight. */
function linksOf(nets: readonly Net[]): readonly NetLink[] {
  return nets.flatMap((net) => {
    const { sink } = net;
    if (sink.type !== 'own') return [];
    return net.sources.flatMap((source) =>
      source.type === 'own'
        ? [{ from: source.child, to: sink.child, rank: styleRank(net.style), netKey: net.key }]
        : [],
    );
  });
}

/** Near lines before far ones, and each kind by how far it goes, so that those that turn off first lie outside. */
function exitsOf(
  box: ChildBox,
  courses: readonly Course[],
  columns: Columns,
  axes: ReadonlyMap<string, number>,
): readonly Exit[] {
  const leaving = courses.filter(({ source }) => source.type !== 'top' && source.child === box.id);
  const lean = (course: Course): number => Math.abs(sinkAxis(course, axes) - (axes.get(box.id) ?? 0));
  const far = leaving.filter(({ kind }) => kind === 'far');
  const near = leaving.filter(({ kind }) => kind !== 'far');
  return [
    ...near.sort((left, right) => lean(left) - lean(right)),
    ...far.sort((left, right) => rowSpan(left) - rowSpan(right)),
  ].map((course) => exitOf(course, box, columns));
}

/** How many rows a far course passes; one that leaves the column passes more than any that does not. */
function rowSpan({ from, to }: Course): number {
  return from === null || from.column !== to?.column ? Number.MAX_SAFE_INTEGER : Math.abs(to.row - from.row);
}

function exitOf(course: Course, box: ChildBox, columns: Columns): Exit {
  const { source, kind, exitHand } = course;
  const row = columns[course.from?.column ?? 0]?.[course.from?.row ?? 0] ?? [];
  const isOutermost = box.id === (exitHand === 'left' ? row[0] : row.at(-1));
  const hand = kind === 'straight' ? 'straight' : exitHand;
  return {
    key: course.key,
    hand: source.type === 'through' ? 'through' : hand,
    leaves: kind === 'far' && isOutermost && source.type !== 'through' ? 'side' : 'below',
    edges: source.type === 'own' ? source.edges : [],
    target: course.net.target,
    throughX: (box.bottomPorts.get(course.net.key) ?? 0) - box.axis,
  };
}

function sinkAxis(course: Course, axes: ReadonlyMap<string, number>): number {
  return course.net.sink.type === 'bottom' ? 0 : (axes.get(course.net.sink.child) ?? 0);
}

/** Where each net enters its sink: into a composite through the net's port, into the child itself by a port of the child's own. */
function entriesOf(
  courses: readonly Course[],
  children: ReadonlyMap<string, ChildBox>,
  axes: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  return new Map(
    [...children.values()].flatMap((box) => {
      const axis = axes.get(box.id) ?? 0;
      const entering = courses.filter(({ net }) => net.sink.type !== 'bottom' && net.sink.child === box.id);
      const through = entering.filter(({ net }) => net.sink.type === 'through');
      const ports = through.map(({ net }): [string, number] => [
        net.key,
        axis - box.axis + (box.topPorts.get(net.key) ?? 0),
      ]);
      return [
        ...ports,
        ...ownEntries(
          axis,
          box.entryReach,
          entering.filter((course) => !through.includes(course)),
        ),
      ];
    }),
  );
}

/** The straight line enters on the axis, or else the first net; the others stand to the hand that they come from, closer if they are many. */
function ownEntries(
  axis: number,
  reach: Readonly<Record<Hand, number>>,
  entering: readonly Course[],
): ReadonlyMap<string, number> {
  const onAxis = (entering.find(({ kind }) => kind === 'straight') ?? entering[0])?.net.key ?? '';
  const hands = new Map<string, Hand>();
  for (const { net, entryHand } of entering) {
    if (net.key !== onAxis && !hands.has(net.key)) hands.set(net.key, entryHand);
  }
  const dealt = dealtHands(hands, reach);
  const sideOf = (hand: Hand): readonly (readonly [string, number])[] => {
    const keys = [...dealt].filter(([, each]) => each === hand).map(([key]) => key);
    const spacing = Math.min(portSpacing, Math.floor(reach[hand] / Math.max(1, keys.length)));
    return keys.map((key, index) => [key, axis + (hand === 'left' ? -1 : 1) * spacing * (index + 1)]);
  };
  return new Map([[onAxis, axis], ...sideOf('left'), ...sideOf('right')]);
}

/** Lines that enter nearer to each other than this cannot be told apart. */
const entrySpacing = 4;

/** Each line keeps to the hand it comes from, unless there are more than there is room for: then every other one goes to the other hand. */
function dealtHands(
  hands: ReadonlyMap<string, Hand>,
  reach: Readonly<Record<Hand, number>>,
): ReadonlyMap<string, Hand> {
  const countOf = (hand: Hand): number => [...hands.values()].filter((each) => each === hand).length;
  const fits = (hand: Hand): boolean => reach[hand] >= entrySpacing * countOf(hand);
  if (fits('left') && fits('right')) return hands;
  return new Map([...hands.keys()].map((key, index) => [key, index % 2 === 0 ? 'right' : 'left']));
}

function directsOf(arrangement: Omit<Arrangement, 'directs'>): ReadonlySet<string> {
  const { columns, axes, cells, courses, entries } = arrangement;
  const directs = courses.filter((course) => {
    if (course.kind !== 'near' || course.from === null || course.source.type !== 'own') return false;
    const row = columns[course.from.column]?.[course.from.row] ?? [];
    const { child } = course.source;
    const cell = requireEntry(cells, child, 'directsOf');
    const lean = (entries.get(course.net.key) ?? 0) - (axes.get(child) ?? 0);
    return course.exitHand === 'right'
      ? child === row.at(-1) && lean >= cell.right
      : child === row[0] && -lean >= cell.left;
  });
  return new Set(directs.map((course) => course.key));
}
