/**
 * A chart as sheets of paper in SVG: each exactly as large as its paper, white whatever the screen is, with a head that says what it shows
 * and which sheet of how many it is. One document for each sheet, or one with all of them, one below the other.
 * Promises: nothing is drawn in the margin; the smallest type has at least 6 points (paper.ts) unless a single state is larger than a sheet.
 */
import { item } from '../../../kernels/shape.ts';
import { ancestorsOf } from './ancestors.ts';
import type { ChartGraph } from './chart-graph.ts';
import type { DrawingOptions } from './chart-options.ts';
import { type ChartSheet, sheetsOf } from './chart-sheets.ts';
import { headPixels, marginPixels, type Paper } from './paper.ts';
import { layoutForPaper } from './sheet-layout.ts';
import { chartElements } from './svg.ts';
import { printStyleSheet } from './svg-style.ts';
import { xmlText } from './xml-text.ts';

export interface DrawnSheet extends ChartSheet {
  /** A document of its own. */
  readonly svg: string;
}

export interface ChartOnPaper {
  readonly sheets: readonly DrawnSheet[];
  /** All sheets in one document, one below the other. */
  readonly whole: string;
}

export function svgSheets(graph: ChartGraph, paper: Paper, options: DrawingOptions = {}): ChartOnPaper {
  const sheets = sheetsOf(graph, paper);
  const pages = sheets.map((sheet, index): Page => {
    const isOnly = sheets.length === 1;
    const what = options.phase === undefined ? sheet.title : `${sheet.title}, phase ${options.phase}`;
    const title = isOnly ? what : `${what} (sheet ${index + 1} of ${sheets.length})`;
    const shownOptions = highlightsOn(sheet.graph, graph, options);
    const place = isOnly ? '' : `sheet-${index + 1}-`;
    return { title, elements: sheetElements(sheet, paper, { title, place, options: shownOptions }) };
  });
  const below = pages.flatMap(({ elements }, index) => [
    `<g transform="translate(0 ${index * paper.height})">`,
    ...(index === 0 ? [] : [`<path class="divider" d="M0 0H${paper.width}"/>`]),
    ...elements,
    '</g>',
  ]);
  return {
    sheets: sheets.map((sheet, index) => ({ ...sheet, svg: documentOf(paper, item(pages, index), 1) })),
    whole: documentOf(paper, { title: graph.root, elements: below }, sheets.length),
  };
}

interface Page {
  readonly title: string;
  readonly elements: readonly string[];
}

/** What is not drawn on a sheet is marked by the state around it that is. */
function highlightsOn(shown: ChartGraph, whole: ChartGraph, options: DrawingOptions): DrawingOptions {
  const ids = new Set(shown.nodes.map(({ id }) => id));
  const active = (options.active ?? []).flatMap(
    (id) => [id, ...ancestorsOf(whole, id)].find((each) => ids.has(each) && each !== shown.root) ?? [],
  );
  const isTakenShown = shown.edges.some(({ id }) => id === options.taken);
  return {
    active: [...new Set(active)],
    ...(options.taken !== undefined && isTakenShown && { taken: options.taken }),
  };
}

interface SheetPlace {
  readonly title: string;
  /** Comes before all ids. */
  readonly place: string;
  readonly options: DrawingOptions;
}

function sheetElements(
  { graph }: ChartSheet,
  paper: Paper,
  { title, place, options }: SheetPlace,
): readonly string[] {
  const laidOut = layoutForPaper(graph, paper);
  // Rounded down, so that nothing reaches into the margin.
  const scale = Math.floor(laidOut.scale * 1000) / 1000;
  const left = Math.max(marginPixels, Math.floor((paper.width - laidOut.width * scale) / 2));
  return [
    `<text class="head-line" x="${marginPixels}" y="${marginPixels + 10}">${xmlText(title)}</text>`,
    `<g transform="translate(${left} ${marginPixels + headPixels}) scale(${scale})">`,
    ...chartElements({ graph, ...laidOut }, options, place),
    '</g>',
  ];
}

function documentOf(paper: Paper, { title, elements }: Page, count: number): string {
  const { width, height } = paper;
  const name = xmlText(title);
  const size = `width="${paper.widthInches}in" height="${Number((paper.heightInches * count).toFixed(3))}in"`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="kjump-chart" role="graphics-document document" aria-roledescription="statechart" aria-label="${name}" ${size} viewBox="0 0 ${width} ${height * count}">`,
    `<title>${name}</title>`,
    `<style>\n@page{size:${paper.page};margin:0}\n${printStyleSheet()}\n</style>`,
    `<rect class="page" width="${width}" height="${height * count}"/>`,
    ...elements,
    '</svg>',
  ].join('\n')}\n`;
}
