import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { drawChart } from '../../scripts/visualize/chart/draw-chart.ts';
import { needs, run } from '../kit/needs.ts';
import { kernelMachine } from './kernel-sample.ts';
import { nestedMachine, parallelMachine, selfishMachine } from './samples.ts';

const machines: readonly AnyStateMachine[] = [nestedMachine, parallelMachine, selfishMachine, kernelMachine];

describe('as DOT', () => {
  it('a chart with regions has clusters, and lines that stop at their borders', () => {
    expect(drawChart(parallelMachine, 'dot')).toMatchInlineSnapshot(`
      "digraph "console" {
        compound=true; newrank=true; rankdir=TB; fontname="monospace"; fontsize=12;
        node [shape=box, style=rounded, fontname="monospace", fontsize=11];
        edge [fontname="monospace", fontsize=10];
        subgraph "cluster console" {
          graph [label="console", style="rounded", tooltip="console"];
          "console:anchor" [shape=point, style=invis, width=0, height=0];
          "console:initial" [shape=point, width=0.12, label="", tooltip="initial"];
          subgraph "cluster console.up" {
            graph [label="up", style="rounded,dashed", tooltip="up"];
            "console.up:anchor" [shape=point, style=invis, width=0, height=0];
            subgraph "cluster console.up.screen" {
              graph [label="screen", style="rounded,dashed", tooltip="up.screen"];
              "console.up.screen:anchor" [shape=point, style=invis, width=0, height=0];
              "console.up.screen:initial" [shape=point, width=0.12, label="", tooltip="initial"];
              "console.up.screen.lit" [label="lit", tooltip="up.screen.lit"];
              subgraph "cluster console.up.screen.blank" {
                graph [label="blank", style="rounded", tooltip="up.screen.blank"];
                "console.up.screen.blank:anchor" [shape=point, style=invis, width=0, height=0];
                "console.up.screen.blank:initial" [shape=point, width=0.12, label="", tooltip="initial"];
                "console.up.screen.blank.dim" [label="dim", tooltip="up.screen.blank.dim"];
                "console.up.screen.blank.dark" [label="dark", tooltip="up.screen.blank.dark"];
              }
            }
            subgraph "cluster console.up.serial" {
              graph [label="serial", style="rounded,dashed", tooltip="up.serial"];
              "console.up.serial:anchor" [shape=point, style=invis, width=0, height=0];
              "console.up.serial:initial" [shape=point, width=0.12, label="", tooltip="initial"];
              "console.up.serial.open" [label="open", tooltip="up.serial.open"];
              "console.up.serial.closed" [shape="doublecircle", label="closed", tooltip="up.serial.closed"];
            }
          }
          "console.suspended" [label="suspended", tooltip="suspended"];
          "console.down" [shape="doublecircle", label="down", tooltip="down"];
        }
        "console:initial" -> "console.up:anchor" [lhead="cluster console.up", id="console:initial:@initial:0"];
        "console.up:anchor" -> "console.suspended" [label="console.suspend", ltail="cluster console.up", id="console.up:console.suspend:0"];
        "console.up:anchor" -> "console.down" [label="done", color="#1d4fc4", fontcolor="#1d4fc4", style="bold", ltail="cluster console.up", id="console.up:@done:0"];
        "console.up.screen:initial" -> "console.up.screen.lit" [id="console.up.screen:initial:@initial:0"];
        "console.up.screen.lit" -> "console.up.screen.blank:anchor" [label="screen.blank", lhead="cluster console.up.screen.blank", id="console.up.screen.lit:screen.blank:0"];
        "console.up.screen.lit" -> "console.down" [label="screen.failed", color="#b3181d", fontcolor="#b3181d", style="dashed", id="console.up.screen.lit:screen.failed:0"];
        "console.up.screen.blank:initial" -> "console.up.screen.blank.dim" [id="console.up.screen.blank:initial:@initial:0"];
        "console.up.screen.blank:anchor" -> "console.up.screen.lit" [label="key", ltail="cluster console.up.screen.blank", id="console.up.screen.blank:key:0"];
        "console.up.screen.blank.dim" -> "console.up.screen.blank.dark" [label="after 2000 ms", color="#6b4a00", fontcolor="#6b4a00", arrowhead="empty", id="console.up.screen.blank.dim:@after.2000:0"];
        "console.up.serial:initial" -> "console.up.serial.open" [id="console.up.serial:initial:@initial:0"];
        "console.up.serial.open" -> "console.up.serial.closed" [label="line.dropped", id="console.up.serial.open:line.dropped:0"];
        "console.suspended" -> "console.up.screen.blank:anchor" [label="console.resume", lhead="cluster console.up.screen.blank", id="console.suspended:console.resume:0"];
        "console.suspended" -> "console.up.serial.open" [label="console.resume", id="console.suspended:console.resume:0 2"];
      }
      "
    `);
  });

  for (const machine of machines) {
    it(`${machine.id} is accepted by dot without a warning`, (context) => {
      const dot = needs(context, 'dot');
      const folder = mkdtempSync(join(tmpdir(), 'chart-'));
      try {
        const file = join(folder, 'chart.dot');
        writeFileSync(file, drawChart(machine, 'dot'));
        const { status, stderr, stdout } = run(dot, ['-Tsvg', file]);
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        expect(stdout).toContain('</svg>');
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
