import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { chartGraphOf } from '../../scripts/visualize/chart/chart-graph.ts';
import type { Orientation } from '../../scripts/visualize/chart/chart-options.ts';
import { layoutChart } from '../../scripts/visualize/chart/layout-chart.ts';
import { columnsOf } from '../../scripts/visualize/chart/layout-columns.ts';
import { layersOf } from '../../scripts/visualize/chart/layout-layers.ts';
import { textWidth } from '../../scripts/visualize/chart/text-width.ts';
import {
  boxOf,
  brokenNumbers,
  looseEnds,
  misledLines,
  misplacedBoxes,
  misplacedLabels,
  sharedStretches,
} from './chart-laws.ts';
import { kernelMachine } from './kernel-sample.ts';
import { nestedMachine, parallelMachine, selfishMachine } from './samples.ts';

const orientations: readonly Orientation[] = ['portrait', 'landscape'];
const layouts = [nestedMachine, parallelMachine, selfishMachine, kernelMachine].flatMap((machine) =>
  orientations.map((orientation) => ({
    name: `${machine.id}, ${orientation}`,
    layout: layoutChart(chartGraphOf(machine), orientation),
  })),
);

describe.each(layouts)('the layout of $name', ({ layout }) => {
  it('keeps boxes of one parent apart and every box inside its parent', () => {
    expect(misplacedBoxes(layout)).toEqual([]);
  });

  it('puts no label on a state or on another label', () => {
    expect(misplacedLabels(layout)).toEqual([]);
  });

  it('leads no line through a state or a label', () => {
    expect(misledLines(layout)).toEqual([]);
  });

  it('ends every line at the top of its target', () => {
    expect(looseEnds(layout)).toEqual([]);
  });

  it('lays no line on a line to another target', () => {
    expect(sharedStretches(layout)).toEqual([]);
  });

  it('has whole numbers everywhere', () => {
    expect(brokenNumbers(layout)).toEqual([]);
  });
});

describe('the layout of any machine', () => {
  it('keeps boxes, labels and lines apart, however the states are connected', () => {
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const layout = layoutChart(chartGraphOf(anyMachine(draw)));
        const laws = [misplacedBoxes, misplacedLabels, misledLines, looseEnds, brokenNumbers];
        expect(laws.flatMap((law) => law(layout))).toEqual([]);
      }),
      { numRuns: 60, seed: 2007 },
    );
  });
});

describe('the layout of a large chart', () => {
  it('gets the proportions of the page: higher than wide upright, wider than high on its side', () => {
    const [upright, onItsSide] = orientations.map((orientation) =>
      layoutChart(chartGraphOf(kernelMachine), orientation),
    );
    expect(upright && upright.height > upright.width).toBe(true);
    expect(onItsSide && onItsSide.width > onItsSide.height).toBe(true);
  });

  it('puts regions side by side with a line between them', () => {
    const layout = layoutChart(chartGraphOf(parallelMachine));
    const [screen, serial] = ['console.up.screen', 'console.up.serial'].map((id) => boxOf(layout, id));
    expect(screen?.y).toBe(serial?.y);
    const [divider] = layout.dividers;
    expect(divider?.from.x).toBe(divider?.to.x);
    expect(screen && divider && screen.x + screen.width < divider.from.x).toBe(true);
    expect(serial && divider && divider.from.x < serial.x).toBe(true);
  });
});

describe('the rows of a composite', () => {
  it('follow the longest way from the first child, and a way back does not count', () => {
    const edges = [
      ['dot', 'a'],
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
      ['c', 'a'],
    ].map(([from = '', to = '']) => ({ from, to, rank: 0 }));
    expect(layersOf(['dot', 'a', 'b', 'c'], edges, () => false)).toEqual([['dot'], ['a'], ['b'], ['c']]);
  });

  it('let the good way decide before failures do', () => {
    const edges = [
      { from: 'a', to: 'failed', rank: 4 },
      { from: 'a', to: 'b', rank: 1 },
      { from: 'failed', to: 'a', rank: 1 },
    ];
    expect(layersOf(['a', 'failed', 'b'], edges, () => false)).toEqual([['a'], ['b', 'failed']]);
  });

  it('hold one child each where a child is tall', () => {
    const edges = [
      { from: 'a', to: 'tall', rank: 1 },
      { from: 'a', to: 'b', rank: 1 },
    ];
    const rows = layersOf(['a', 'tall', 'b'], edges, (child) => child === 'tall');
    expect(rows.map((row) => row.length)).toEqual([1, 1, 1]);
  });

  it('are broken into columns as even as they can be', () => {
    expect(columnsOf(['a', 'b', 'c', 'd'], [10, 10, 10, 30], 2)).toEqual([['a', 'b', 'c'], ['d']]);
    expect(columnsOf(['a', 'b', 'c'], [10, 20, 30], 1)).toEqual([['a', 'b', 'c']]);
  });
});

it('a wide character counts twice and a combining one not at all', () => {
  expect(textWidth('漢', 100)).toBe(textWidth('ab', 100));
  expect(textWidth('e\u0301', 100)).toBe(textWidth('e', 100));
});

type Config = Record<string, unknown>;
type Number = (max: number) => number;

/** A machine of up to about 40 states, up to four levels deep, in which anything may lead to anything. */
function anyMachine(draw: fc.GeneratorValue) {
  const number: Number = (max) => draw(fc.nat, { max });
  const configs: Config[] = [];
  const root = anyState('any', 0, configs, number);
  for (const config of configs.filter(({ type }) => type !== 'final')) connect(config, configs, number);
  return createMachine(root);
}

function anyState(id: string, depth: number, configs: Config[], number: Number): Config {
  const config: Config = { id, ...(number(3) === 0 ? { entry: ['note'] } : {}) };
  configs.push(config);
  const isLeaf = depth === 3 || configs.length > 40 || (depth > 0 && number(1) === 0);
  if (isLeaf) return Object.assign(config, depth > 0 && number(5) === 0 ? { type: 'final' } : {});
  const keys = Array.from({ length: 1 + number(depth === 0 ? 6 : 3) }, (_, index) => `state${index}`);
  const states = keys.map((key) => [key, anyState(`${id}.${key}`, depth + 1, configs, number)] as const);
  const kind = number(4) === 0 ? { type: 'parallel' } : { initial: keys[number(keys.length - 1)] };
  return Object.assign(config, { states: Object.fromEntries(states), ...kind });
}

function connect(config: Config, configs: readonly Config[], number: Number): void {
  const names = ['device.failed', 'go', 'an.event.with.a.long.name', 'answer.timedOut'];
  const transition = () => ({
    target: `#${String(configs[number(configs.length - 1)]?.['id'])}`,
    reenter: true,
    ...(number(1) === 0 ? { guard: 'isSo' } : {}),
    ...(number(2) === 0 ? { actions: ['doThis', 'doThat'] } : {}),
  });
  if (number(2) === 0) config['always'] = [{ ...transition(), guard: 'isSo' }];
  if (number(2) === 0) config['after'] = { 100: transition() };
  if (number(2) === 0 && 'states' in config) config['onDone'] = transition();
  const events = names.filter(() => number(2) === 0).map((name) => [name, [transition()]] as const);
  config['on'] = Object.fromEntries(events);
}
