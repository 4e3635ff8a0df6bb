import { describe, expect, it } from 'vitest';
import { initialTransition, StateMachine, transition } from 'xstate';
import { toDirectedGraph } from 'xstate/graph';
import { charts } from '../../machines/charts.ts';
import { paths } from '../../machines/paths/index.ts';

describe('kexec-jump/charts', () => {
  it('has every chart by name, and every path', () => {
    expect(Object.keys(charts)).toEqual([
      'original',
      'dump',
      'device',
      'firmware',
      ...paths.map(({ name }) => name),
    ]);
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
