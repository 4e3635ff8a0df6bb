// The gaps between the rows of a column: which level lines run through each, and on which track.
// A `leave` run takes lines from the row above to a channel; an `enter` run brings lines, from the row above and from
// channels, to where a net enters its sink. A line that leaves its cell sideways needs no run.
// Promises: leaving runs lie above entering ones where nothing else decides; of several that turn the same way, those that
// would be crossed lie further from the boxes they come from or go to.

import type { Arrangement } from './layout-arrangement.ts';
import type { Course, Hand } from './layout-courses.ts';
import { compositePadding, gapAbove, gapBelow, trackSpacing } from './layout-sizes.ts';
import type { Run } from './layout-tracks.ts';
import { runTracks } from './layout-tracks.ts';
import { requireEntry } from './require-entry.ts';

export interface Gap {
  readonly height: number;
  /** The y of each run, from the top of the gap. */
  readonly levels: ReadonlyMap<string, number>;
}

/** Further out than any line of a column. */
const beyond = 1e6;

export function leaveRunKey(course: Course): string {
  return `leave ${course.exitHand} ${course.net.key}`;
}

export function enterRunKey(course: Course): string {
  return `enter ${course.net.key}`;
}

/** Gap `index` of a column lies above its row `index`; the last one lies below all rows. */
export function gapOf(arrangement: Arrangement, column: number, index: number): Gap {
  const runs = [...leaveRuns(arrangement, column, index), ...enterRuns(arrangement, column, index)];
  const tracks = runTracks(runs);
  const trackCount = Math.max(0, ...[...tracks.values()].map((track) => track + 1));
  const levels = new Map([...tracks].map(([key, track]) => [key, gapAbove + trackSpacing * track]));
  const forTracks = trackCount === 0 ? 0 : gapAbove + trackSpacing * (trackCount - 1);
  return { height: forTracks + roomBelow(arrangement, column, index), levels };
}

/** Room for arrow heads where lines enter the row below. */
function roomBelow(arrangement: Arrangement, column: number, index: number): number {
  const row = arrangement.columns[column]?.[index];
  if (row === undefined) return compositePadding;
  return arrangement.courses.some(({ to }) => to?.column === column && to.row === index)
    ? gapBelow
    : gapAbove;
}

/** Where a course leaves its cell, in x. */
export function startX(arrangement: Arrangement, course: Course): number {
  if (course.source.type === 'top') return 0;
  const { child } = course.source;
  const start = requireEntry(requireEntry(arrangement.cells, child, 'startX').starts, course.key, 'startX');
  return (arrangement.axes.get(child) ?? 0) + (start.points.at(-1)?.x ?? 0);
}

export function leavesBelow(arrangement: Arrangement, course: Course): boolean {
  if (course.source.type === 'top' || arrangement.directs.has(course.key)) return false;
  const cell = requireEntry(arrangement.cells, course.source.child, 'leavesBelow');
  return requireEntry(cell.starts, course.key, 'leavesBelow').leaves === 'below';
}

function leaveRuns(arrangement: Arrangement, column: number, index: number): readonly Run[] {
  const leaving = arrangement.courses.filter(
    (course) =>
      course.kind === 'far' &&
      course.from?.column === column &&
      course.from.row + 1 === index &&
      leavesBelow(arrangement, course),
  );
  const runs = [...new Set(leaving.map(leaveRunKey))].map((key) => {
    const members = leaving.filter((course) => leaveRunKey(course) === key);
    const above = members.map((course) => startX(arrangement, course));
    const hand: Hand = members[0]?.exitHand ?? 'right';
    return runOf(key, above, [], new Set([hand]));
  });
  const outermost = (run: Run): number =>
    run.to === beyond ? -Math.max(...run.above) : Math.min(...run.above);
  return runs.sort((left, right) => outermost(left) - outermost(right));
}

function enterRuns(arrangement: Arrangement, column: number, index: number): readonly Run[] {
  const entering = arrangement.courses.filter(
    (course) =>
      course.to?.column === column &&
      course.to.row === index &&
      course.kind !== 'straight' &&
      !arrangement.directs.has(course.key),
  );
  const runs = [...new Set(entering.map(enterRunKey))].map((key) => {
    const members = entering.filter((course) => enterRunKey(course) === key);
    const above = members.flatMap((course) => (course.kind === 'near' ? [startX(arrangement, course)] : []));
    const hands = new Set(members.flatMap((course) => (course.kind === 'far' ? [course.entryHand] : [])));
    const below = [arrangement.entries.get(members[0]?.net.key ?? '') ?? 0];
    return runOf(key, above, below, hands);
  });
  const innermost = (run: Run): number =>
    run.from === -beyond ? -Math.max(...run.below) : Math.min(...run.below);
  return runs.sort((left, right) => innermost(left) - innermost(right));
}

function runOf(
  key: string,
  above: readonly number[],
  below: readonly number[],
  hands: ReadonlySet<Hand>,
): Run {
  const from = hands.has('left') ? -beyond : Math.min(...above, ...below);
  const to = hands.has('right') ? beyond : Math.max(...above, ...below);
  return { key, from, to, above, below };
}
