import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import type { ChartFormat } from '../../scripts/visualize/chart/draw-chart.ts';
import { chartFormats, drawChart } from '../../scripts/visualize/chart/draw-chart.ts';
import { kernelMachine } from './kernel-sample.ts';
import { nestedMachine, parallelMachine, selfishMachine } from './samples.ts';

const machines: readonly AnyStateMachine[] = [nestedMachine, parallelMachine, selfishMachine, kernelMachine];
// Object.keys of the registry are its formats; TypeScript types keys as strings.
const formats = Object.keys(chartFormats) as ChartFormat[];

describe.each(formats)('as %s', (format) => {
  it.each(machines.map((machine) => [machine.id, machine] as const))(
    '%s is drawn the same each time',
    (_id, machine) => {
      const drawing = drawChart(machine, format);
      expect(drawing.endsWith('\n')).toBe(true);
      expect(drawChart(machine, format)).toBe(drawing);
    },
  );

  it('names every event, guard and delay of the chart', () => {
    const drawing = drawChart(nestedMachine, format);
    const words = [
      'disc.play',
      'hasDisc',
      'isScratched',
      'always',
      'patience',
      'power.cut',
      'openTray',
      'spinUp',
      'ended',
    ];
    // A diagram in Mermaid has no place for what a composite does on entry.
    const expected = words.filter((word) => format !== 'mermaid' || word !== 'spinUp');
    expect(expected.filter((word) => !drawing.includes(word))).toEqual([]);
  });
});
