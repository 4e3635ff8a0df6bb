// A chart as one SVG that needs nothing else: no script, no font file, no style from outside.
// Promises: the same chart gives the same bytes; every state and every transition has one element with an id that depends on names
// only (`elementId`), so that a page may highlight them by adding the classes `active` and `taken`; tooltips and
// labels for screen readers (WAI-ARIA Graphics Module 1.0 roles) say what each is.
// Leaves out: layout (see `layout-chart.ts`) and looks (see `svg-style.ts`).

import type { ChartEdge, ChartGraph, ChartNode } from './chart-graph.ts';
import type { DrawingOptions, Highlights } from './chart-options.ts';
import { highlightsOf } from './chart-options.ts';
import { elementId } from './element-id.ts';
import type { ChartBox, ChartLayout } from './layout-chart.ts';
import { layoutChart } from './layout-chart.ts';
import { nodePath, nodeTitle } from './node-title.ts';
import { requireEntry } from './require-entry.ts';
import { type EdgeLook, edgeDrawing, edgeElement, edgeTitle } from './svg-edge.ts';
import { type Legend, legendOf } from './svg-legend.ts';
import { drawnParts } from './svg-lines.ts';
import { roundedPath } from './svg-path.ts';
import { boxShape, textElement } from './svg-shape.ts';
import { styleSheet } from './svg-style.ts';
import { xmlText } from './xml-text.ts';

export function svg(graph: ChartGraph, options: DrawingOptions = {}): string {
  const layout = layoutChart(graph, options.orientation);
  const legend = legendOf(layout.routes, layout);
  const width = Math.max(layout.width, legend.width);
  const height = layout.height + legend.height;
  const name = xmlText(graph.root);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="kjump-chart" role="graphics-document document" aria-roledescription="statechart" aria-label="${name}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${name}</title>`,
    `<style>\n${styleSheet()}\n</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...chartElements({ graph, layout, legend }, options),
    '</svg>',
  ].join('\n')}\n`;
}

export interface LaidOutChart {
  readonly graph: ChartGraph;
  readonly layout: ChartLayout;
  readonly legend: Legend;
}

/** `place` comes before all ids: where several drawings share a document, each needs its own. */
export function chartElements(
  { graph, layout, legend }: LaidOutChart,
  options: DrawingOptions,
  place = '',
): readonly string[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const scene: Scene = { graph, layout, nodes, highlights: highlightsOf(graph, options), place };
  return [
    ...layout.boxes.map((box) => stateElement(box, scene)),
    ...layout.dividers.map(({ from, to }) => `<path class="divider" d="${roundedPath([from, to])}"/>`),
    ...edgeElements(scene),
    ...legend.elements,
  ];
}

interface Scene {
  readonly graph: ChartGraph;
  readonly layout: ChartLayout;
  readonly nodes: ReadonlyMap<string, ChartNode>;
  readonly highlights: Highlights;
  readonly place: string;
}

function stateElement(box: ChartBox, scene: Scene): string {
  const node = scene.nodes.get(box.id);
  const isActive = scene.highlights.active.has(box.id);
  const own = scene.graph.edges.filter((edge) => edge.source === box.id && edge.targets.length === 0);
  const inside = [
    ...(node === undefined || node.kind === 'initial' ? [] : [`<title>${xmlText(nodeTitle(node))}</title>`]),
    boxShape(box),
    ...box.lines.filter((line) => line.edge === null).map((line) => textElement(line, box)),
    ...own.map((edge) => internalElement(edge, box, scene)),
  ];
  const attributes = [
    `id="${scene.place}${elementId('state', box.id)}"`,
    `class="state ${box.kind}${isActive ? ' active' : ''}${node?.elsewhere ? ' elsewhere' : ''}"`,
    `role="${box.kind === 'compound' || box.kind === 'parallel' ? 'graphics-object' : 'graphics-symbol'}"`,
    `aria-label="${xmlText(node === undefined ? 'any state' : nodePath(node))}"`,
  ];
  return `<g ${attributes.join(' ')}>${inside.join('')}</g>`;
}

function internalElement(edge: ChartEdge, box: ChartBox, scene: Scene): string {
  const lines = box.lines.filter((line) => line.edge === edge.id).map((line) => textElement(line, box));
  return edgeElement(edge, lines.join(''), edgeLook(edge, scene));
}

/** The taken transition comes last, so that it lies above the others. */
function edgeElements(scene: Scene): readonly string[] {
  const { graph, layout, highlights } = scene;
  const parts = drawnParts(layout.routes);
  const isTaken = (edge: ChartEdge): number => Number(edge.id === highlights.taken);
  return graph.edges
    .filter((edge) => edge.targets.length > 0)
    .sort((left, right) => isTaken(left) - isTaken(right))
    .map((edge) => {
      const routes = layout.routes.flatMap((route, index) =>
        route.edge === edge.id ? [{ route, part: parts[index] ?? route.points }] : [],
      );
      const labels = layout.labels.filter((label) => label.edge === edge.id);
      return edgeElement(edge, edgeDrawing(routes, labels), edgeLook(edge, scene));
    });
}

function edgeLook(edge: ChartEdge, { nodes, highlights, place }: Scene): EdgeLook {
  return {
    id: `${place}${elementId('edge', edge.id)}`,
    title: edgeTitle(edge, (stateId) => nodePath(requireEntry(nodes, stateId, 'svg'))),
    isTaken: highlights.taken === edge.id,
  };
}
