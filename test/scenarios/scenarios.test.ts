/**
 * Every recorded boot against its scenario: the same outcome, and the same marker lines in the same order, both kernels together as the
 * serial line showed them. So a boot that failed did so at the same place.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { violationsOf } from '../../machines/laws/index.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { verdictOf } from '../../machines/paths/path.ts';
import { scenarios } from '../../machines/scenarios/index.ts';
import type { Scenario } from '../../machines/scenarios/scenario.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime } from '../../machines/system/choices.ts';
import { History, runToEnd } from '../../machines/system/history.ts';
import { needs } from '../kit/needs.ts';
import { leftOut, marksIn } from './marks.ts';
import { outcomeOf, recordedLines, recordedNames, shownLines } from './recording.ts';

const stepLimit = 5_000;

function played({ options }: Scenario): History {
  const { rules, world } = beginBox(planOf(options), true);
  const history = new History(rules, world, inTime);
  expect(runToEnd(history, stepLimit)).toBe('ended');
  return history;
}

/** The lab's QEMU ends with the first reset (-no-reboot): what the box boots after one is not in any recording. */
function consoleUpToReset({ allRecords }: History): readonly string[] {
  const reset = allRecords.findIndex(({ turns }) => turns.some(({ event }) => event === 'power.restored'));
  const shown = reset < 0 ? allRecords : allRecords.slice(0, reset);
  return shown.flatMap(({ console }) => console.map(({ text }) => text));
}

describe.each(scenarios)('scenario $name: $about', (scenario) => {
  it('ends as the recording, with the same marker lines in the same order', () => {
    const history = played(scenario);
    expect(verdictOf(history.world.actors.operator)).toBe(outcomeOf(scenario.name));
    expect(marksIn(consoleUpToReset(history))).toEqual(marksIn(shownLines(recordedLines(scenario.name))));
    const ignored = history.allRecords.flatMap(({ turns }) => turns.filter((turn) => turn.ignored));
    expect(ignored).toEqual([]);
    const broken = new Set(violationsOf(history).map(({ law }) => law));
    expect([...broken].sort()).toEqual([...(explained[scenario.name] ?? [])].sort());
  });
});

/**
 * Laws that are broken there, because the tools were what they were: no /proc/vmcore, so no image (A1.8 row 5); "kexec failed" after a good
 * round trip (row 8); B all over A's memory (row 1); A left frozen by a B that finds no way back.
 */
const explained: Readonly<Record<string, readonly string[]>> = {
  a0: ['b-stays-in-its-range', 'image-holds-what-it-should', 'frozen-tasks-thaw'],
  a0b: ['image-holds-what-it-should', 'frozen-tasks-thaw'],
  a0c: ['image-holds-what-it-should'],
  a0d: ['image-holds-what-it-should'],
  a1: ['image-holds-what-it-should', 'tools-tell-the-truth'],
  a2: ['image-holds-what-it-should', 'tools-tell-the-truth'],
  a3: ['image-holds-what-it-should', 'tools-tell-the-truth'],
  a4: ['image-holds-what-it-should'],
  a6: ['image-holds-what-it-should'],
  a7: ['image-holds-what-it-should'],
  a8: ['b-stays-in-its-range', 'image-holds-what-it-should', 'no-wait-without-a-way-out'],
  a9: ['image-holds-what-it-should', 'tools-tell-the-truth'],
  a10: ['image-holds-what-it-should', 'frozen-tasks-thaw'],
  a12: ['image-holds-what-it-should'],
  a15: [],
  // What the first two attempts leak the third one heals.
  e8: [],
};

describe('the recordings', () => {
  it('have a scenario each', () => {
    expect(scenarios.map(({ name }) => name).sort()).toEqual([...recordedNames].sort());
  });

  it('are compared but for these lines', () => {
    expect(Object.keys(leftOut)).toMatchInlineSnapshot(`
      [
        "device.calling",
        "device.returned",
        "device.shutdown",
        "tasks.restarted",
        "panic.cpu",
        "panic.hardware",
        "panic.callTrace",
      ]
    `);
  });

  it('stand in test/golden/boots as whole lines of the captures, in their order', (context) => {
    const captures = join(needs(context, 'artefacts'), 'logs');
    const files = readdirSync(captures);
    for (const name of recordedNames) {
      const file = files.find((candidate) => candidate.startsWith(`${name}-`));
      const recorded = readFileSync(join(captures, String(file)), 'utf8').split('\n');
      let from = 0;
      for (const line of recordedLines(name)) {
        const at = recorded.indexOf(line, from);
        expect(at, `${name}: ${line}`).toBeGreaterThanOrEqual(from);
        from = at + 1;
      }
    }
  });

  it('have no other mark than the excerpts have', (context) => {
    const captures = join(needs(context, 'artefacts'), 'logs');
    for (const file of readdirSync(captures)) {
      const name = recordedNames.find((each) => file.startsWith(`${each}-`));
      if (name === undefined) continue;
      const all = marksIn(readFileSync(join(captures, file), 'utf8').split('\n'));
      expect(marksIn(recordedLines(name)), name).toEqual(all);
    }
  });
});
