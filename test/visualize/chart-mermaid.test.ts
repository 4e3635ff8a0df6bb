import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { chartGraphOf } from '../../scripts/visualize/chart/chart-graph.ts';
import { drawChart } from '../../scripts/visualize/chart/draw-chart.ts';
import { mermaidDiagrams } from '../../scripts/visualize/chart/mermaid.ts';
import { kernelMachine } from './kernel-sample.ts';
import { nestedMachine, parallelMachine, selfishMachine } from './samples.ts';

const machines: readonly AnyStateMachine[] = [nestedMachine, parallelMachine, selfishMachine, kernelMachine];

describe('as Mermaid', () => {
  it('a nested chart is one diagram', () => {
    expect(drawChart(nestedMachine, 'mermaid')).toMatchInlineSnapshot(`
      "stateDiagram-v2
        direction TB
        state "any state" as player__any
        state "stopped" as stopped
        stopped : disc.play [else] / openTray
        state "playing" as playing {
          state "checking" as playing_checking
          state "reading" as playing_reading
          state "ended" as playing_ended
          [*] --> playing_checking
          playing_checking --> playing_reading : always [not isScratched and hasDisc]
          playing_reading --> playing_reading : track.read
          playing_reading --> playing_checking : track.failed / log
          playing_reading --> playing_ended : disc.ended
          playing_ended --> [*]
        }
        state "broken" as broken
        state "off" as off
        [*] --> stopped
        off --> [*]
        player__any --> off : power.cut
        stopped --> playing : disc.play [hasDisc]
        playing --> stopped : disc.stop
        playing --> stopped : done
        playing_checking --> broken : always [else]
        playing_reading --> broken : after patienceTimeout / log, openTray
        broken --> stopped : disc.repaired
      "
    `);
  });

  it('a region with composites in it is folded, and gets a diagram of its own', () => {
    expect(drawChart(parallelMachine, 'mermaid')).toMatchInlineSnapshot(`
      "## console

      \`\`\`mermaid
      stateDiagram-v2
        direction TB
        state "up" as up {
          %% screen
          state "screen" as up_screen
          up_screen : 4 states inside
          --
          %% serial
          state "open" as up_serial_open
          state "closed" as up_serial_closed
          [*] --> up_serial_open
          up_serial_open --> up_serial_closed : line.dropped
          up_serial_closed --> [*]
        }
        state "suspended" as suspended
        state "down" as down
        [*] --> up
        down --> [*]
        up --> suspended : console.suspend
        up --> down : done
        up_screen --> down : screen.failed
        suspended --> up_screen : console.resume
        suspended --> up_serial_open : console.resume
      \`\`\`

      ## up.screen

      \`\`\`mermaid
      stateDiagram-v2
        direction TB
        state "lit" as up_screen_lit
        state "blank" as up_screen_blank {
          state "dim" as up_screen_blank_dim
          state "dark" as up_screen_blank_dark
          [*] --> up_screen_blank_dim
          up_screen_blank_dim --> up_screen_blank_dark : after 2000 ms
        }
        [*] --> up_screen_lit
        state "suspended" as suspended
        state "down" as down
        up_screen_lit --> up_screen_blank : screen.blank
        up_screen_lit --> down : screen.failed
        up_screen_blank --> up_screen_lit : key
        suspended --> up_screen_blank : console.resume
      \`\`\`
      "
    `);
  });

  it('what a composite does to itself starts and ends at stubs, and signs of the language are written as codes', () => {
    expect(drawChart(selfishMachine, 'mermaid')).toMatchInlineSnapshot(`
      "stateDiagram-v2
        direction TB
        state "any state" as selfish__any
        state "selfish again" as selfish__again
        state "outer" as outer {
          state "any state" as outer__any
          state "outer again" as outer__again
          state "first" as outer_first
          state "second" as outer_second
          state "recent" as outer_recent
          [*] --> outer_first
          outer_first --> outer_second : next
          outer_second --> outer_recent : back
          outer_recent --> outer_first
        }
        state "other" as other
        other : * / note
        [*] --> outer
        selfish__any --> selfish__again : reset
        outer__any --> outer__again : again
        outer__any --> outer_second : skip
        outer_first --> other : leave
        outer_second --> outer__again : restart
        other --> outer : a #34;quoted#34;#58; #60;name#62;#59; #35; & more
      "
    `);
  });

  it.each(machines.map((machine) => [machine.id, machine] as const))(
    '%s declares every state once, before it is used, under one word',
    (_id, machine) => {
      for (const { text } of mermaidDiagrams(chartGraphOf(machine))) {
        const lines = text.split('\n').map((line) => line.trim());
        const declared = lines.flatMap((line) => /^state ".*" as (\S+)/.exec(line)?.[1] ?? []);
        expect(new Set(declared).size).toBe(declared.length);
        expect(declared.filter((word) => !/^\w+$/.test(word))).toEqual([]);
        lines.forEach((line, index) => {
          const ends =
            /^(\S+) --> (\S+)/
              .exec(line)
              ?.slice(1)
              .filter((word) => word !== '[*]') ?? [];
          const before = lines.slice(0, index).join('\n');
          expect(ends.filter((word) => !before.includes(` as ${word}`))).toEqual([]);
        });
      }
    },
  );

  it('has no composite inside a region, where lines to one stop the layout', () => {
    const texts = machines
      .flatMap((machine) => mermaidDiagrams(chartGraphOf(machine)))
      .map(({ text }) => text);
    expect(texts.flatMap(blocksOf).filter((block) => block.isDivided && block.hasComposite)).toEqual([]);
  });
});

/** The composites of a diagram: whether each has regions, and whether it has composites in it. */
function blocksOf(text: string) {
  const closed: { isDivided: boolean; hasComposite: boolean }[] = [];
  const open = [{ isDivided: false, hasComposite: false }];
  for (const line of text.split('\n').map((each) => each.trim())) {
    const block = open.at(-1);
    if (block === undefined) continue;
    block.isDivided ||= line === '--';
    block.hasComposite ||= line.endsWith('{');
    if (line.endsWith('{')) open.push({ isDivided: false, hasComposite: false });
    if (line === '}') closed.push(...open.splice(-1));
  }
  return [...closed, ...open];
}
