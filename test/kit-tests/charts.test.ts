import { describe, expect, it } from 'vitest';
import { initialTransition, StateMachine, transition } from 'xstate';
import { toDirectedGraph } from 'xstate/graph';
import { charts } from '../../machines/charts.ts';
import { paths } from '../../machines/paths/index.ts';

describe('kexec-jump/charts', () => {
  it('has every chart by name, every variant, and every path under its own name', () => {
    expect(Object.keys(charts)).toEqual([
      'original',
      'dump',
      'restore',
      'device',
      'firmware',
      ...paths.flatMap(({ variants }) => variants.map(({ operator }) => operator.id)),
    ]);
    for (const { name, variants } of paths) expect(charts[name]).toBe(variants[0].operator);
  });

  it.each(Object.entries(charts))(
    '%s is a plain XState machine: it starts, hears events, and stock tools draw it',
    (_name, chart) => {
      expect(chart).toBeInstanceOf(StateMachine);
      const [snapshot] = initialTransition(chart);
      const [same] = transition(chart, snapshot, { type: 'nobody.says.this' });
      expect(same).toBe(snapshot);
      expect(toDirectedGraph(chart).children.length).toBe(Object.keys(chart.states).length);
    },
  );
});
