import { describe, expect, it } from 'vitest';
import { charts } from '../../machines/charts.ts';
import { chartGraphOf } from '../../scripts/visualize/chart/chart-graph.ts';
import { drawChart } from '../../scripts/visualize/chart/draw-chart.ts';
import { elementId } from '../../scripts/visualize/chart/element-id.ts';
import { layoutChart } from '../../scripts/visualize/chart/layout-chart.ts';
import { brokenNumbers, looseEnds, misledLines, misplacedBoxes, misplacedLabels } from './chart-laws.ts';

describe.each(Object.entries(charts))('the chart %s', (_name, machine) => {
  const graph = chartGraphOf(machine);

  it('is laid out with its boxes, labels and lines apart', () => {
    const laws = [misplacedBoxes, misplacedLabels, misledLines, looseEnds, brokenNumbers];
    const layout = layoutChart(graph, 'landscape');
    expect(laws.flatMap((law) => law(layout))).toEqual([]);
  });

  it('is drawn with every state and every transition', () => {
    const drawing = drawChart(machine, 'svg');
    const ids = [
      ...graph.nodes.map((node) => elementId('state', node.id)),
      ...graph.edges.map((edge) => elementId('edge', edge.id)),
    ];
    expect(ids.filter((id) => drawing.split(`id="${id}"`).length !== 2)).toEqual([]);
  });
});
