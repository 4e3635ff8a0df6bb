import { describe, expect, it } from 'vitest';
import { chartGraphOf } from '../../scripts/visualize/chart/chart-graph.ts';
import { focusedGraph, foldedGraph } from '../../scripts/visualize/chart/chart-part.ts';
import { drawChart } from '../../scripts/visualize/chart/draw-chart.ts';
import { edgeText } from '../../scripts/visualize/chart/edge-text.ts';
import { kernelMachine } from './kernel-sample.ts';
import { nestedMachine, parallelMachine } from './samples.ts';

const kernel = chartGraphOf(kernelMachine);
const phases = ['booting', 'running', 'kernelKexec', 'returning', 'unwinding'].map(
  (name) => `original.${name}`,
);

describe('a folded chart', () => {
  it('tells the whole story of a kernel in one small outline', () => {
    expect(drawChart(kernelMachine, 'text', { folded: phases })).toMatchInlineSnapshot(`
      "original
          power.cut → .off
          ● booting
              6 states inside
              memory.failed → panicked
              root.mounted → running
              root.failed → panicked
          ○ running
              6 states inside
              kernel.oops → panicked
              kexec.execute → kernelKexec
          ○ kernelKexec
              does: kernel_kexec
              26 states inside
              always → unwinding
              tasks.thawed → unwinding
              device.failed → unwinding
              wakeup.pending → unwinding
              after deviceTimeout → unwinding
              cpu.failed → unwinding
              after processorTimeout → unwinding
              syscore.failed → unwinding
              after syscoreTimeout → unwinding
              control.left → away
          ○ away
              control.returned → returning
              control.lost → hung
          ○ returning
              21 states inside
              after deviceTimeout → hung
              always → running
          ○ unwinding
              12 states inside
              after deviceTimeout → hung
              always → running
          ○ panicked
              watchdog.bite → booting
          ○ hung
              watchdog.bite → booting
          ◎ off
      "
    `);
  });

  it('has one line for all transitions of the same trigger out of a folded state', () => {
    const folded = foldedGraph(kernel, phases);
    const lines = folded.edges.map((edge) => `${edge.source} ${edgeText(edge)} ${edge.targets.join(' ')}`);
    expect(new Set(lines).size).toBe(lines.length);
  });

  it('leaves a chart as it is where there is nothing to fold', () => {
    expect(foldedGraph(kernel, ['original.away'])).toEqual(kernel);
  });

  it('shows an active state by the folded state that holds it, and forgets a transition that is not shown', () => {
    const drawing = drawChart(nestedMachine, 'text', {
      folded: ['player.playing'],
      active: ['player.playing.reading'],
      taken: 'player.playing.reading:disc.ended:0',
    });
    expect(drawing).toContain('○ playing (active)');
    expect(drawing).not.toContain('(taken)');
  });
});

describe('a chart with a focus', () => {
  it('shows one composite whole, and of the rest only what it has to do with, folded', () => {
    expect(drawChart(nestedMachine, 'text', { focus: 'player.playing' })).toMatchInlineSnapshot(`
      "player
          ○ stopped
              does: player_idle
              disc.play [hasDisc] → playing
          ○ playing
              entry / spinUp
              disc.stop → stopped
              done → stopped
              ● checking
                  always [not isScratched and hasDisc] → reading
                  always [else] → broken
              ○ reading
                  track.read → reading
                  track.failed / log → checking
                  disc.ended → ended
                  after patienceTimeout / log, openTray → broken
              ◎ ended
          ○ broken
      "
    `);
  });

  it('keeps guards of transitions whose source is shown', () => {
    const edges = focusedGraph(kernel, 'original.kernelKexec').edges;
    const wakeup = edges.find((edge) => edge.guard === 'wakeupIsPending');
    expect(wakeup?.targets).toEqual(['original.unwinding']);
  });

  it('keeps the regions that one region leads to', () => {
    const nodes = focusedGraph(chartGraphOf(parallelMachine), 'console.up.serial').nodes;
    expect(nodes.map((node) => node.id)).toEqual([
      'console',
      'console.up',
      'console.up.screen',
      'console.up.serial',
      'console.up.serial:initial',
      'console.up.serial.open',
      'console.up.serial.closed',
      'console.suspended',
    ]);
  });

  it('refuses a state that the chart does not have', () => {
    expect(() => drawChart(nestedMachine, 'svg', { focus: 'player.flying' })).toThrow(
      "no state 'player.flying'",
    );
  });
});
