// Which part of each line is drawn. Lines to one target in one style run together; were each drawn whole, their dashes
// would lie over each other out of step and look like a solid line. So the longest is drawn whole, and the others up
// to where they meet what is drawn, plus a bend in the direction in which the common line goes on.
// Promises: all together cover every line; a line that shares its whole way with another is not drawn again.

import type { Point } from './layout-cell.ts';
import type { ChartRoute } from './layout-chart.ts';

/** How far a line goes on along the one it meets. */
const mergeLength = 8;

/** The part of each route that is drawn, in the order of the routes. */
export function drawnParts(routes: readonly ChartRoute[]): readonly (readonly Point[])[] {
  const parts = new Map<ChartRoute, readonly Point[]>();
  const longestFirst = [...routes].sort((left, right) => lengthOf(right.points) - lengthOf(left.points));
  for (const route of longestFirst) {
    const companions = longestFirst.filter(
      (other) => parts.has(other) && other.target === route.target && other.style === route.style,
    );
    const shared = Math.max(0, ...companions.map((other) => sharedEnd(route.points, other.points)));
    const isCovered = shared === lengthOf(route.points);
    parts.set(route, isCovered ? [] : cutAtEnd(route.points, Math.max(0, shared - mergeLength)));
  }
  return routes.map((route) => parts.get(route) ?? route.points);
}

export function lengthOf(points: readonly Point[]): number {
  return points.slice(1).reduce((sum, point, index) => sum + distance(points[index] ?? point, point), 0);
}

/** How much of its end a line has in common with another that ends in the same place. */
function sharedEnd(one: readonly Point[], other: readonly Point[]): number {
  const [endOne, endOther] = [one.at(-1), other.at(-1)];
  const [beforeOne, beforeOther] = [one.at(-2), other.at(-2)];
  if (!endOne || !endOther || !beforeOne || !beforeOther || distance(endOne, endOther) > 0) return 0;
  const [lengthOne, lengthOther] = [distance(beforeOne, endOne), distance(beforeOther, endOther)];
  const isSameWay =
    Math.sign(beforeOne.x - endOne.x) === Math.sign(beforeOther.x - endOther.x) &&
    Math.sign(beforeOne.y - endOne.y) === Math.sign(beforeOther.y - endOther.y);
  if (!isSameWay) return 0;
  if (lengthOne !== lengthOther) return Math.min(lengthOne, lengthOther);
  return lengthOne + sharedEnd(one.slice(0, -1), other.slice(0, -1));
}

/** The line without its last `length` pixels. */
export function cutAtEnd(points: readonly Point[], length: number): readonly Point[] {
  const [end, before] = [points.at(-1), points.at(-2)];
  if (length <= 0 || !end || !before) return points;
  const last = distance(before, end);
  if (last <= length) return cutAtEnd(points.slice(0, -1), length - last);
  const part = (last - length) / last;
  const cut = { x: before.x + (end.x - before.x) * part, y: before.y + (end.y - before.y) * part };
  return [...points.slice(0, -1), cut];
}

/** All lines are level or upright. */
function distance(from: Point, to: Point): number {
  return Math.abs(from.x - to.x) + Math.abs(from.y - to.y);
}
