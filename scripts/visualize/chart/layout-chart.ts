// The whole layout: where every box, label and line of a chart goes, in pixels, as plain data.
// Promises: every state is in it once, every transition with a target once for each target; boxes of one parent do not
// overlap and lie inside it; labels touch no box and no other label; lines cross no box; the same graph gives the same numbers.
// Leaves out: looks (see `svg.ts`).

import type { ChartGraph } from './chart-graph.ts';
import type { Orientation } from './chart-options.ts';
import type { EdgeStyle } from './edge-text.ts';
import { edgeStyle } from './edge-text.ts';
import type { Label, Point } from './layout-cell.ts';
import type { CompositePlan } from './layout-composite.ts';
import type { ShapeLine } from './layout-lines.ts';
import type { Way } from './layout-nets.ts';
import { netsOf } from './layout-nets.ts';
import { plansOf } from './layout-plans.ts';
import { straightened } from './layout-points.ts';
import type { ShapeKind, Shapes } from './layout-shapes.ts';
import { pageId, shapesOf } from './layout-shapes.ts';
import { requireEntry } from './require-entry.ts';

export interface ChartBox {
  readonly id: string;
  readonly kind: ShapeKind;
  readonly parent: string | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly ShapeLine[];
  /** Height of the title of a composite; of any other box, all of it. */
  readonly headerHeight: number;
}

export interface ChartRoute {
  readonly edge: string;
  readonly target: string;
  readonly style: EdgeStyle;
  readonly points: readonly Point[];
}

export interface ChartDivider {
  readonly parent: string;
  readonly from: Point;
  readonly to: Point;
}

export interface ChartLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly ChartBox[];
  readonly routes: readonly ChartRoute[];
  readonly labels: readonly Label[];
  readonly dividers: readonly ChartDivider[];
}

/** Width by height of what a composite should look like: the sides of an A4 sheet, upright or on its side. */
const aspectOf = { portrait: 0.71, landscape: 1.41 } satisfies Record<Orientation, number>;

export const layoutChart = (graph: ChartGraph, orientation: Orientation = 'portrait'): ChartLayout =>
  layoutInProportions(graph, aspectOf[orientation]);

/** `aspect`: width by height. */
export function layoutInProportions(graph: ChartGraph, aspect: number): ChartLayout {
  const shapes = shapesOf(graph);
  const nets = netsOf(graph, shapes);
  const plans = plansOf(shapes, nets, aspect);
  const boxes = boxesUnder(pageId, { x: 0, y: 0 }, shapes, plans);
  const corners = new Map(boxes.map((box) => [box.id, { x: box.x, y: box.y }]));
  const page = requireEntry(plans, pageId, 'layoutChart').box;
  const composites = [...plans].map(([id, plan]) => ({
    id,
    plan,
    corner: corners.get(id) ?? { x: 0, y: 0 },
  }));
  return {
    width: page.width,
    height: page.height,
    boxes: boxes.filter((box) => box.kind !== 'page'),
    routes: nets.ways.map((way) => routeOf(way, plans, corners)),
    labels: composites.flatMap(({ plan, corner }) =>
      plan.labels.map((label) => ({ ...label, ...moved(label, corner) })),
    ),
    dividers: composites.flatMap(({ id, plan, corner }) =>
      shapes.get(id)?.kind === 'parallel' ? dividersOf(id, plan, corner, boxes) : [],
    ),
  };
}

function boxesUnder(
  id: string,
  corner: Point,
  shapes: Shapes,
  plans: ReadonlyMap<string, CompositePlan>,
): readonly ChartBox[] {
  const shape = requireEntry(shapes, id, 'boxesUnder');
  const plan = plans.get(id);
  const { width, height } = plan?.box ?? shape;
  const { kind, parent, lines } = shape;
  const box: ChartBox = { id, kind, parent, ...corner, width, height, lines, headerHeight: shape.height };
  const inside = shape.children.flatMap((child) => {
    const place = requireEntry(requireEntry(plans, id, 'boxesUnder').places, child, 'boxesUnder');
    return boxesUnder(child, moved(place, corner), shapes, plans);
  });
  return [box, ...inside];
}

function routeOf(
  way: Way,
  plans: ReadonlyMap<string, CompositePlan>,
  corners: ReadonlyMap<string, Point>,
): ChartRoute {
  const points = way.legs.flatMap(({ composite, netKey, source }) => {
    const line = requireEntry(
      requireEntry(plans, composite, 'routeOf').lines,
      `${netKey} < ${source}`,
      'routeOf',
    );
    const corner = requireEntry(corners, composite, 'routeOf');
    return line.map((point) => moved(point, corner));
  });
  return { edge: way.edge.id, target: way.target, style: edgeStyle(way.edge), points: straightened(points) };
}

/** Lines halfway between regions that stand side by side, and between rows of regions. */
function dividersOf(
  parent: string,
  plan: CompositePlan,
  corner: Point,
  boxes: readonly ChartBox[],
): readonly ChartDivider[] {
  const boxOf = new Map(boxes.map((box) => [box.id, box]));
  const rows = (plan.columns[0] ?? []).map((row) =>
    row.map((child) => requireEntry(boxOf, child, 'dividersOf')),
  );
  const own = requireEntry(boxOf, parent, 'dividersOf');
  const edges = rows.slice(1).map((row, index) => {
    const above = rows[index] ?? [];
    return Math.round(
      (Math.max(...above.map((box) => box.y + box.height)) + Math.min(...row.map((box) => box.y))) / 2,
    );
  });
  const limits = [corner.y + own.headerHeight, ...edges, corner.y + own.height];
  const level = edges.map((y) => ({ parent, from: { x: corner.x, y }, to: { x: corner.x + own.width, y } }));
  const upright = rows.flatMap((row, index) =>
    row.slice(1).map((box, place) => {
      const left = row[place] ?? box;
      const x = Math.round((left.x + left.width + box.x) / 2);
      return { parent, from: { x, y: limits[index] ?? 0 }, to: { x, y: limits[index + 1] ?? 0 } };
    }),
  );
  return [...level, ...upright];
}

function moved(point: Point, by: Point): Point {
  return { x: point.x + by.x, y: point.y + by.y };
}
