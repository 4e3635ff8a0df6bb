/** The points of one course inside its composite, from the bottom of its source to the top of its sink, without needless corners. */
import type { Arrangement } from './layout-arrangement.ts';
import type { Point } from './layout-cell.ts';
import { enterHeight, heightsOf } from './layout-channels.ts';
import type { Course } from './layout-courses.ts';
import type { Floor } from './layout-floor.ts';
import type { Levels } from './layout-levels.ts';
import { requireEntry } from './require-entry.ts';

export interface Measures {
  readonly arrangement: Arrangement;
  readonly levels: Levels;
  readonly floor: Floor;
}

export function coursePoints(course: Course, measures: Measures): readonly Point[] {
  const start = startPoints(course, measures);
  const end = endPoints(course, measures);
  if (course.kind === 'far') return straightened([...start, ...farPoints(course, measures), ...end]);
  const last = start.at(-1) ?? { x: 0, y: 0 };
  const target = end.at(-1) ?? last;
  if (course.kind === 'straight') return straightened([...start, ...end]);
  if (measures.arrangement.directs.has(course.key)) {
    const [port, turn] = start;
    if (port === undefined || turn === undefined) return [];
    return straightened([port, turn, { x: target.x, y: turn.y }, target]);
  }
  const height = enterHeight(course, measures.levels);
  return straightened([...start, { x: last.x, y: height }, { x: target.x, y: height }, target]);
}

/** Leaves out repeated points and points in the middle of a straight stretch. */
export function straightened(points: readonly Point[]): readonly Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const [before, last] = [kept.at(-2), kept.at(-1)];
    if (last !== undefined && last.x === point.x && last.y === point.y) continue;
    const isOnTheWay =
      before !== undefined &&
      last !== undefined &&
      ((before.x === last.x && last.x === point.x) || (before.y === last.y && last.y === point.y));
    if (isOnTheWay) kept.pop();
    kept.push(point);
  }
  return kept;
}

function startPoints(course: Course, { arrangement, levels, floor }: Measures): readonly Point[] {
  if (course.source.type === 'top' || course.from === null) return [];
  const { child } = course.source;
  const cell = requireEntry(arrangement.cells, child, 'startPoints');
  const x = (floor.columnStarts[course.from.column] ?? 0) + (arrangement.axes.get(child) ?? 0);
  const y = levels.rowTops[course.from.column]?.[course.from.row] ?? 0;
  const { points } = requireEntry(cell.starts, course.key, 'startPoints');
  return points.map((point) => ({ x: x + point.x, y: y + point.y }));
}

/** Down one channel, or down one, along a bus and down another. */
function farPoints(course: Course, measures: Measures): readonly Point[] {
  const { arrangement, levels, floor } = measures;
  const heights = heightsOf(course, arrangement, levels);
  const [begin = 0] = heights;
  const last = startPoints(course, measures).at(-1);
  const stretch = course.channels.flatMap((channel, index) => {
    const x = floor.trackX(channel, course.net.key);
    return [
      { x, y: heights[index] ?? 0 },
      { x, y: heights[index + 1] ?? 0 },
    ];
  });
  return last === undefined ? stretch : [{ x: last.x, y: begin }, ...stretch];
}

function endPoints(course: Course, { arrangement, levels, floor }: Measures): readonly Point[] {
  if (course.to === null) return [];
  const x = (floor.columnStarts[course.to.column] ?? 0) + (arrangement.entries.get(course.net.key) ?? 0);
  const y = levels.rowTops[course.to.column]?.[course.to.row] ?? 0;
  if (course.kind === 'straight') return [{ x, y }];
  return [...(course.kind === 'far' ? [{ x, y: enterHeight(course, levels) }] : []), { x, y }];
}
