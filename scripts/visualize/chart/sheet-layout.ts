/** A chart laid out for a sheet of paper, in the proportions in which it comes out largest. */
import type { ChartGraph } from './chart-graph.ts';
import { type ChartLayout, layoutInProportions } from './layout-chart.ts';
import { shapesOf } from './layout-shapes.ts';
import { leastScale, type Paper, scaleOn } from './paper.ts';
import { type Legend, legendOf } from './svg-legend.ts';

export interface SheetLayout {
  readonly layout: ChartLayout;
  readonly legend: Legend;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

/** Width by height: an outermost state is broken into columns only as far as its proportions allow, so the sheet's own are not always best. */
const proportions = [0.71, 1.41, 1, 0.5];

export function layoutForPaper(graph: ChartGraph, paper: Paper): SheetLayout {
  const layouts = proportions.map((aspect) => sized(layoutInProportions(graph, aspect), paper));
  return layouts.reduce((best, next) => (next.scale > best.scale ? next : best));
}

/** Whether the smallest type comes out large enough. */
export const isReadable = (graph: ChartGraph, paper: Paper): boolean =>
  leastArea(graph) * leastScale ** 2 < paper.width * paper.height * largestPart &&
  proportions.some((aspect) => sized(layoutInProportions(graph, aspect), paper).scale >= leastScale);

/** Of a full sheet, boxes take less: the rest is lines and labels. Measured over the registered charts: 0.13 to 0.35. */
const largestPart = 0.4;

/** What boxes alone take: a chart that is far too large need not be laid out to know it. */
const leastArea = (graph: ChartGraph): number =>
  [...shapesOf(graph).values()]
    .filter(({ children }) => children.length === 0)
    .reduce((sum, { width, height }) => sum + width * height, 0);

function sized(layout: ChartLayout, paper: Paper): SheetLayout {
  const legend = legendOf(layout.routes, layout);
  const size = { width: Math.max(layout.width, legend.width), height: layout.height + legend.height };
  return { layout, legend, ...size, scale: scaleOn(paper, size) };
}
