// Plans every composite of a chart, the innermost first, and chooses how many columns its rows are broken into, so that a
// long sequence gets the shape of the page instead of a ribbon. Regions of a parallel state stand side by side, in
// several rows when there are many.
// Promises: the outermost state is as near to the proportions of the page as its columns allow; what is inside is broken
// only if it is higher than a limit, which is chosen so that the whole takes the least room.

import { assert } from '../../../kernels/assert.ts';
import type { ChildBox } from './layout-arrangement.ts';
import { styleRank } from './layout-arrangement.ts';
import { columnsOf } from './layout-columns.ts';
import type { CompositePlan } from './layout-composite.ts';
import { layoutComposite } from './layout-composite.ts';
import type { Columns } from './layout-courses.ts';
import type { CompositeHeader } from './layout-floor.ts';
import type { FlowEdge } from './layout-layers.ts';
import { layersOf } from './layout-layers.ts';
import type { Net, Nets } from './layout-nets.ts';
import type { Shape, Shapes } from './layout-shapes.ts';
import { pageId } from './layout-shapes.ts';
import { compositePadding, cornerInset, labelLineHeight, ringReach } from './layout-sizes.ts';
import { requireEntry } from './require-entry.ts';

/** Heights above which a composite inside the outermost one is broken, all tried; the one that makes the page smallest is taken. */
const heightLimits = [3000, 2300, 1700, 1300, 1000];

/** Width above which regions are put into several rows. */
const regionsWidthLimit = 1800;

const columnLimit = 6;

/** What a further column costs, as a part of the page's size: an even flow is easier to follow. */
const columnCost = 0.04;

/** About the room that a row needs besides its boxes and labels. */
const gapEstimate = 40;

/** From this height on a child has a row of its own. */
const tallHeight = 250;

export type Plans = ReadonlyMap<string, CompositePlan>;

export function plansOf(shapes: Shapes, nets: Nets, aspect: number): Plans {
  const [highest = 0, ...lower] = heightLimits;
  let best = plansWithin(shapes, nets, aspect, highest);
  let tallest = tallestInside(best, shapes);
  for (const heightLimit of lower) {
    // Nothing is as high as this, so nothing would be broken that was not broken before.
    if (tallest <= heightLimit) continue;
    const plans = plansWithin(shapes, nets, aspect, heightLimit);
    tallest = tallestInside(plans, shapes);
    if (sizeOf(plans, aspect) < sizeOf(best, aspect)) best = plans;
  }
  return best;
}

function tallestInside(plans: Plans, shapes: Shapes): number {
  const inside = [...plans].filter(([id]) => id !== pageId && shapes.get(id)?.parent !== pageId);
  return Math.max(0, ...inside.map(([, plan]) => plan.box.height));
}

function sizeOf(plans: Plans, aspect: number): number {
  return pageSize(requireEntry(plans, pageId, 'sizeOf'), aspect);
}

/** The height of the smallest sheet with these proportions on which the plan fits. */
function pageSize(plan: CompositePlan, aspect: number): number {
  return Math.max(plan.box.width / aspect, plan.box.height);
}

function plansWithin(shapes: Shapes, nets: Nets, aspect: number, heightLimit: number): Plans {
  const plans = new Map<string, CompositePlan>();
  const planUnder = (id: string): void => {
    const shape = requireEntry(shapes, id, 'plansWithin');
    if (shape.children.length === 0) return;
    shape.children.forEach(planUnder);
    const children = new Map(
      shape.children.map((child) => [child, childBoxOf(requireEntry(shapes, child, 'plansWithin'), plans)]),
    );
    const candidates = planCandidates(shape, children, nets.byComposite.get(id) ?? []);
    plans.set(
      id,
      shape.parent === pageId && shape.kind !== 'parallel'
        ? smallestPage(candidates, aspect)
        : fewestParts(candidates, shape, heightLimit),
    );
  };
  planUnder(pageId);
  return plans;
}

function childBoxOf(shape: Shape, plans: ReadonlyMap<string, CompositePlan>): ChildBox {
  const plan = plans.get(shape.id);
  if (plan !== undefined) return { id: shape.id, ...plan.box };
  const { id, width, height } = shape;
  const isRing = shape.kind === 'final' || shape.kind === 'history';
  const reach = isRing ? ringReach : width / 2 - cornerInset;
  const ports = { topPorts: new Map<string, number>(), bottomPorts: new Map<string, number>() };
  return { id, width, height, axis: width / 2, entryReach: { left: reach, right: reach }, ...ports };
}

/** One plan for each number of columns, from one upwards. */
function planCandidates(
  shape: Shape,
  children: ReadonlyMap<string, ChildBox>,
  nets: readonly Net[],
): readonly CompositePlan[] {
  const header: CompositeHeader = {
    width: shape.kind === 'page' ? 0 : shape.width + compositePadding,
    height: shape.height,
    ownExitCount: shape.ownExitCount,
    portCount: shape.portCount,
  };
  return columnCandidates(shape, children, nets).map((columns) =>
    layoutComposite(columns, children, nets, header),
  );
}

function smallestPage(plans: readonly CompositePlan[], aspect: number): CompositePlan {
  const sizes = plans.map((plan, index) => pageSize(plan, aspect) * (1 + columnCost * index));
  return entryAt(plans, sizes.indexOf(Math.min(...sizes)));
}

/** As few columns as the height allows; of regions, as few rows as the width allows. */
function fewestParts(plans: readonly CompositePlan[], shape: Shape, heightLimit: number): CompositePlan {
  const fitting = plans.findIndex(({ box }) =>
    shape.kind === 'parallel' ? box.width <= regionsWidthLimit : box.height <= heightLimit,
  );
  return entryAt(plans, fitting < 0 ? plans.length - 1 : fitting);
}

function entryAt(plans: readonly CompositePlan[], index: number): CompositePlan {
  const plan = plans[index];
  assert(plan !== undefined, 'layout-plans: a composite has at least one child');
  return plan;
}

function columnCandidates(
  shape: Shape,
  children: ReadonlyMap<string, ChildBox>,
  nets: readonly Net[],
): readonly Columns[] {
  if (shape.kind === 'parallel') return regionRowsOf(shape.children);
  const isTall = (child: string): boolean => (children.get(child)?.height ?? 0) > tallHeight;
  const rows = layersOf(shape.children, flowEdgesOf(nets), isTall);
  const heights = rows.map((row) => Math.max(...row.map((child) => heightEstimate(child, children, nets))));
  const counts = Array.from({ length: Math.min(columnLimit, rows.length) }, (_, index) => index + 1);
  return counts.map((count) => columnsOf(rows, heights, count));
}

/** All regions in one row, then in two rows, and so on. */
function regionRowsOf(regions: readonly string[]): readonly Columns[] {
  return regions.map((_, index) => {
    const inRow = Math.ceil(regions.length / (index + 1));
    const rowCount = Math.ceil(regions.length / inRow);
    return [
      Array.from({ length: rowCount }, (_unused, row) => regions.slice(row * inRow, (row + 1) * inRow)),
    ];
  });
}

function heightEstimate(
  child: string,
  children: ReadonlyMap<string, ChildBox>,
  nets: readonly Net[],
): number {
  const exitCount = nets
    .flatMap((net) => net.sources)
    .filter((source) => source.type === 'own' && source.child === child).length;
  return (children.get(child)?.height ?? 0) + exitCount * labelLineHeight + gapEstimate;
}

function flowEdgesOf(nets: readonly Net[]): readonly FlowEdge[] {
  return nets.flatMap((net) => {
    const { sink } = net;
    if (sink.type === 'bottom') return [];
    return net.sources.flatMap((source) =>
      source.type === 'top' ? [] : [{ from: source.child, to: sink.child, rank: styleRank(net.style) }],
    );
  });
}
