// Draws any XState machine in any of the registered formats. A new format is one module and one line here.

import type { AnyStateMachine } from 'xstate';
import type { ChartGraph } from './chart-graph.ts';
import { chartGraphOf } from './chart-graph.ts';
import type { ChartOptions, DrawingOptions } from './chart-options.ts';
import { chartPart } from './chart-part.ts';
import { dot } from './dot.ts';
import { mermaid } from './mermaid.ts';
import type { Paper } from './paper.ts';
import { svg } from './svg.ts';
import { type ChartOnPaper, svgSheets } from './svg-sheets.ts';
import { text } from './text.ts';

export const chartFormats = { svg, mermaid, dot, text } satisfies Record<
  string,
  (graph: ChartGraph, options: DrawingOptions) => string
>;

export type ChartFormat = keyof typeof chartFormats;

export function drawChart(machine: AnyStateMachine, format: ChartFormat, options: ChartOptions = {}): string {
  const { graph, shownOptions } = chartPart(chartGraphOf(machine), options);
  return chartFormats[format](graph, shownOptions);
}

/** On as many sheets as it takes to be readable. */
export function drawChartOnPaper(
  machine: AnyStateMachine,
  paper: Paper,
  options: ChartOptions = {},
): ChartOnPaper {
  const { graph, shownOptions } = chartPart(chartGraphOf(machine), options);
  return svgSheets(graph, paper, shownOptions);
}
