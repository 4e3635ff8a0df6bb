import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { charts, original } from '../../machines/charts.ts';
import { chartExcerpt } from '../../scripts/visualize/chart/chart-excerpt.ts';
import { chartGraphOf } from '../../scripts/visualize/chart/chart-graph.ts';
import { phasePart, phasesIn } from '../../scripts/visualize/chart/chart-phases.ts';
import { type ChartFormat, chartFormats, drawChart } from '../../scripts/visualize/chart/draw-chart.ts';
import { layoutChart } from '../../scripts/visualize/chart/layout-chart.ts';
import { text } from '../../scripts/visualize/chart/text.ts';
import { brokenNumbers, looseEnds, misledLines, misplacedBoxes, misplacedLabels } from './chart-laws.ts';
import { nestedMachine } from './samples.ts';

const nested = chartGraphOf(nestedMachine);
const nowhere = (): string => 'elsewhere';

describe('an excerpt of a chart', () => {
  it('shows its states whole, and names what they lead to and where they are entered from', () => {
    const excerpt = chartExcerpt(nested, ['player.playing.reading', 'player.playing.ended'], nowhere);
    expect(text(excerpt)).toMatchInlineSnapshot(`
      "playing
          ○ reading
              track.read → reading
              track.failed / log → checking
              disc.ended → ended
              after patienceTimeout / log, openTray → broken
          ◎ ended
          ○ checking
              elsewhere
          ○ broken
              elsewhere
          ○ from
              checking elsewhere
              → reading
      "
    `);
  });

  it('of everything is the chart', () => {
    expect(chartExcerpt(nested, [nested.root], nowhere)).toBe(nested);
  });

  it('keeps the ids of what it shows', () => {
    const { nodes, edges } = chartExcerpt(nested, ['player.playing'], nowhere);
    const own = nodes.filter(({ id }) => !/^(to|from):/.test(id)).map(({ id }) => id);
    expect(own.filter((id) => !nested.nodes.some((node) => node.id === id))).toEqual([]);
    const known = edges.filter(({ id }) => !id.startsWith('from:'));
    expect(known.filter(({ id }) => !nested.edges.some((edge) => edge.id === id))).toEqual([]);
  });
});

describe('a phase of a chart', () => {
  const parts = Object.values(charts).flatMap((machine) => {
    const graph = chartGraphOf(machine);
    return phasesIn(graph).map((phase) => ({ name: machine.id, phase, part: phasePart(graph, phase) }));
  });
  const laws = [misplacedBoxes, misplacedLabels, misledLines, looseEnds, brokenNumbers];

  it.each(parts)('$phase of $name is laid out with its boxes, labels and lines apart', ({ part }) => {
    expect(laws.flatMap((law) => law(layoutChart(part)))).toEqual([]);
  });

  it('names the phases that it leads to and is entered from', () => {
    const meta = (phase: string) => ({ meta: { does: 'something', phase } });
    const machine = createMachine({
      id: 'm',
      initial: 'up',
      states: {
        up: { on: { leave: 'away' } },
        away: {
          initial: 'freezing',
          states: {
            freezing: { ...meta('freeze'), on: { done: 'asleep', failed: 'thawing' } },
            asleep: { ...meta('sleep'), on: { wake: 'thawing' } },
            thawing: { ...meta('thaw'), always: '#m.up' },
          },
        },
      },
    });
    expect(drawChart(machine, 'text', { phase: 'thaw' })).toMatchInlineSnapshot(`
      "away
          ○ thawing
              does: something
              phase: thaw
              always → up
          ○ up
              in no phase
          ○ from
              freezing in phase freeze
              asleep in phase sleep
              → thawing
      "
    `);
  });

  // Object.keys of the registry are its formats; TypeScript types keys as strings.
  it.each(Object.keys(chartFormats) as ChartFormat[])('is drawn as %s', (format) => {
    const drawing = drawChart(original, format, { phase: 'quiesce' });
    expect(drawing).toContain('freezingLate');
    expect(drawing).not.toContain('startingUserSpace');
  });

  it('that the chart does not have is a mistake of the caller', () => {
    expect(() => drawChart(nestedMachine, 'text', { phase: 'quiesce' })).toThrow("no phase 'quiesce'");
  });
});
