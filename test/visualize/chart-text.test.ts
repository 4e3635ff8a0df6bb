import { describe, expect, it } from 'vitest';
import { drawChart } from '../../scripts/visualize/chart/draw-chart.ts';
import { nestedMachine, parallelMachine } from './samples.ts';

describe('as text', () => {
  it('a nested chart is an outline with arrows', () => {
    expect(drawChart(nestedMachine, 'text')).toMatchInlineSnapshot(`
      "player
          power.cut → .off
          ping / log
          ● stopped
              does: player_idle
              disc.play [hasDisc] → playing
              disc.play [else] / openTray
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
              disc.repaired → stopped
          ◎ off
      "
    `);
  });

  it('a chart with regions shows them all as entered', () => {
    expect(drawChart(parallelMachine, 'text')).toMatchInlineSnapshot(`
      "console
          ● up (parallel)
              console.suspend → suspended
              done → down
              ● screen
                  ● lit
                      screen.blank → blank
                      screen.failed → down
                  ○ blank
                      key → lit
                      ● dim
                          after 2000 ms → dark
                      ○ dark
              ● serial
                  ● open
                      line.dropped → closed
                  ◎ closed
          ○ suspended
              console.resume → up.screen.blank and up.serial.open
          ◎ down
      "
    `);
  });

  it('marks what is active and what was taken', () => {
    const lines = drawChart(nestedMachine, 'text', {
      active: ['player.playing.reading'],
      taken: 'player.playing.checking:@always:0',
    }).split('\n');
    expect(lines.filter((line) => /\((active|taken)\)/.test(line)).map((line) => line.trim())).toEqual([
      'always [not isScratched and hasDisc] → reading (taken)',
      '○ reading (active)',
    ]);
  });
});
