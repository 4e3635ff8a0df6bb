import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { chartGraphOf } from '../../scripts/visualize/chart/chart-graph.ts';
import { drawChart } from '../../scripts/visualize/chart/draw-chart.ts';
import { elementId } from '../../scripts/visualize/chart/element-id.ts';
import { drawnParts, lengthOf } from '../../scripts/visualize/chart/svg-lines.ts';
import { roundedPath } from '../../scripts/visualize/chart/svg-path.ts';
import { kernelMachine } from './kernel-sample.ts';
import { nestedMachine, parallelMachine, selfishMachine } from './samples.ts';

const machines = [nestedMachine, parallelMachine, selfishMachine, kernelMachine];

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe.each(machines.map((machine) => ({ name: machine.id, machine })))(
  'the SVG of $name',
  ({ machine }) => {
    const drawing = drawChart(machine, 'svg');

    it('has every state and every transition once, under an id made of names', () => {
      const graph = chartGraphOf(machine);
      const ids = [
        ...graph.nodes.map((node) => elementId('state', node.id)),
        ...graph.edges.map((edge) => elementId('edge', edge.id)),
      ];
      expect(ids.filter((id) => countOf(drawing, `id="${id}"`) !== 1)).toEqual([]);
    });

    it('is the same bytes each time', () => {
      expect(drawChart(machine, 'svg')).toBe(drawing);
    });

    it('is one closed document without script, link or font', () => {
      expect(drawing.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
      expect(drawing.endsWith('</svg>\n')).toBe(true);
      expect(countOf(drawing, '<g ') + countOf(drawing, '<g>')).toBe(countOf(drawing, '</g>'));
      expect(drawing).not.toMatch(/<script|href=|url\(|@font-face|@import/);
    });

    it('has no broken number', () => {
      expect(drawing).not.toMatch(/NaN|Infinity|undefined|\d\.\d{3}/);
    });
  },
);

describe('the SVG of a chart', () => {
  it('highlights active states and the taken transition, which comes last', () => {
    const drawing = drawChart(nestedMachine, 'svg', {
      active: ['player.playing', 'player.playing.reading'],
      taken: 'player.broken:disc.repaired:0',
    });
    expect(drawing.match(/class="state \w+ active"/g)).toEqual([
      'class="state compound active"',
      'class="state atomic active"',
    ]);
    const edges = drawing.match(/class="edge [^"]*"/g) ?? [];
    expect(edges.filter((edge) => edge.includes('taken'))).toEqual(['class="edge event taken"']);
    expect(edges.at(-1)).toBe('class="edge event taken"');
  });

  it('refuses to highlight what the chart does not have', () => {
    expect(() => drawChart(nestedMachine, 'svg', { active: ['player.flying'] })).toThrow(
      "no state 'player.flying'",
    );
    expect(() => drawChart(nestedMachine, 'svg', { taken: 'nothing' })).toThrow("no transition 'nothing'");
  });

  it('says in a tooltip what meta says, and escapes what XML reserves', () => {
    const machine = createMachine({
      id: 'm',
      initial: 'a',
      states: { a: { meta: { function: 'f<T> & "g"', lines: ['one', 'two'] }, description: 'waits' } },
    });
    expect(drawChart(machine, 'svg')).toContain(
      '<title>a\nwaits\nfunction: f&lt;T&gt; &amp; &quot;g&quot;\nlines: one, two</title>',
    );
  });

  it('knows a dark ground and prints on a light one', () => {
    const drawing = drawChart(nestedMachine, 'svg');
    expect(drawing).toContain('@media (prefers-color-scheme:dark)');
    expect(drawing).toContain('@media print');
  });

  it('names only elements of its own class in its style', () => {
    const style = /<style>\n([\s\S]*?)\n<\/style>/.exec(drawChart(nestedMachine, 'svg'))?.[1] ?? '';
    const selectors = [...style.matchAll(/([^{}]+)\{/g)].map((match) => (match[1] ?? '').trim());
    const foreign = selectors
      .flatMap((list) => list.split(','))
      .filter((one) => !/^(\.kjump-chart |@media)/.test(one));
    expect(foreign).toEqual([]);
  });

  it('tells the kinds of line apart without colour', () => {
    const dashes = [
      ...drawChart(nestedMachine, 'svg').matchAll(/\.(\w+) \.line\{stroke-dasharray:([^}]*)\}/g),
    ];
    expect(dashes.map((match) => match[1])).toEqual(['delay', 'always', 'done', 'failure']);
    expect(new Set(dashes.map((match) => match[2])).size).toBe(4);
  });
});

describe('lines to one target', () => {
  const route = { edge: 'e', target: 't', style: 'event' } as const;
  const long = {
    ...route,
    points: [
      { x: 0, y: 0 },
      { x: 0, y: 100 },
      { x: 50, y: 100 },
      { x: 50, y: 120 },
    ],
  };
  const short = {
    ...route,
    points: [
      { x: 30, y: 60 },
      { x: 30, y: 100 },
      { x: 50, y: 100 },
      { x: 50, y: 120 },
    ],
  };

  it('are drawn once where they run together', () => {
    const [first = [], second = []] = drawnParts([short, long]);
    expect(lengthOf(second)).toBe(lengthOf(long.points));
    expect(first.at(-1)).toEqual({ x: 38, y: 100 });
    expect(drawnParts([long, long])[1]).toEqual([]);
  });

  it('are drawn apart in different styles', () => {
    const [first = []] = drawnParts([short, { ...long, style: 'failure' }]);
    expect(lengthOf(first)).toBe(lengthOf(short.points));
  });

  it('have round corners, smaller on short stretches', () => {
    expect(roundedPath(long.points)).toBe('M0 0V95Q0 100 5 100H45Q50 100 50 105V120');
    expect(
      roundedPath([
        { x: 0, y: 0 },
        { x: 0, y: 4 },
        { x: 9, y: 4 },
      ]),
    ).toBe('M0 0V2Q0 4 2 4H9');
  });
});

it('ids of elements never fall together', () => {
  expect(elementId('state', '(machine).a')).toBe('state-:28:machine:29:.a');
  expect(elementId('edge', 'a:b')).not.toBe(elementId('edge', 'a.b'));
});
