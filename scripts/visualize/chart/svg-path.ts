import type { Point } from './layout-cell.ts';

const cornerRadius = 5;

/** The SVG path of a line of level and upright stretches, with rounded corners. */
export function roundedPath(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return '';
  const pieces = points.slice(1).map((point, index) => {
    const before = points[index] ?? point;
    const after = points[index + 2];
    if (after === undefined) return lineTo(before, point);
    const radius = Math.min(cornerRadius, half(before, point), half(point, after));
    const corner = towards(point, after, radius);
    return `${lineTo(before, towards(point, before, radius))}Q${point.x} ${point.y} ${corner.x} ${corner.y}`;
  });
  return `M${first.x} ${first.y}${pieces.join('')}`;
}

/** The arrow head at the end of a line that comes from above, as all do. */
export function headPath(end: Point): string {
  return `M${end.x} ${end.y}l-4 -9h8z`;
}

function lineTo(from: Point, to: Point): string {
  return from.x === to.x ? `V${to.y}` : `H${to.x}`;
}

function half(from: Point, to: Point): number {
  return Math.floor((Math.abs(from.x - to.x) + Math.abs(from.y - to.y)) / 2);
}

function towards(from: Point, to: Point, length: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * length, y: from.y + Math.sign(to.y - from.y) * length };
}
