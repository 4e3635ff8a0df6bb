import { describe, expect, it } from 'vitest';
import { assert } from '../../kernels/assert.ts';
import { interestingSteps, storyLine, storyOf } from '../../machines/system/story.ts';
import type { StepRecord } from '../../machines/system/world.ts';
import { tell } from '../kit/story.ts';

const { allRecords } = tell({}, 'device-fails@freeze:gpu').history;

/** Of a real step and turn, as an event that nobody took would have left them. */
const [aStep] = allRecords.filter(({ turns }) => turns.length === 1);
assert(aStep !== undefined, 'story: the run has a step of one turn');
const ignoringStep: StepRecord = {
  ...aStep,
  step: 7,
  nowNs: 1_500_000,
  kind: 'deliver',
  turns: aStep.turns.map((turn) => ({
    ...turn,
    actor: 'original/gpu',
    event: 'device.freeze',
    before: 'active',
    after: 'active',
    ignored: true,
  })),
  commands: [],
  told: [],
  printed: [],
  notes: [],
};

describe('a story', () => {
  it('has one line for each step: number, time, what happened', () => {
    const story = storyOf(allRecords);
    expect(story).toHaveLength(allRecords.length);
    for (const [index, line] of story.entries()) {
      expect(line).toMatch(/^ *\d+ {2,}\d+\.\d{6} {2}\S/);
      expect(line.trim().split(' ')[0]).toBe(String(index + 1));
    }
  });

  it('tells of a chart who got what, how it went on, what it ordered, told and printed', () => {
    const line = storyOf(allRecords).find((candidate) => candidate.includes('tasks.frozen'));
    expect(line).toMatchInlineSnapshot(
      `"  73      6.183369  task.enterRefrigerator editor; original <- tasks.frozen: kexec.freezingTasks -> kexec.preparing.asking; orders console.suspend original; tells original/disk device.prepare; prints "Freezing user space processes completed (elapsed 0.000 seconds)", "OOM killer disabled.""`,
    );
  });

  it('marks a fault where it strikes', () => {
    const struck = storyOf(allRecords).filter((line) => line.includes('!'));
    expect(struck).toHaveLength(1);
    expect(struck[0]).toContain('; ! device-fails at freeze:gpu; orders device.call original 1 freeze;');
  });

  it('marks an event that no transition took', () => {
    expect(storyLine(ignoringStep)).toBe(
      '   7      0.001500  original/gpu <- device.freeze: active (ignored)',
    );
  });

  it('counts the lines of a burst instead of quoting them', () => {
    expect(storyOf(allRecords).some((line) => /prints \d+ lines$/.test(line))).toBe(true);
  });

  it('names a timer by what it waits for, not by the place in the chart', () => {
    expect(storyOf(allRecords).join('\n')).toMatch(/ {2}operator <- after settle: workingOn -> aborted$/m);
  });
});

describe('the interesting steps', () => {
  const plot = interestingSteps(allRecords);

  it('leave out tasks at work, packets, and one device after the other doing the same', () => {
    const routine = allRecords.filter((record) => !plot.includes(record));
    expect(new Set(routine.map(({ kind, pick }) => (kind === 'move' ? pick : kind)))).toMatchInlineSnapshot(`
      Set {
        "network.receive a packet",
        "task.work editor",
        "deliver",
        "device.complete network-card",
      }
    `);
    expect(plot.length).toBeLessThan(allRecords.length / 4);
  });

  it('keep every failure, every fault and every ignored event', () => {
    expect(plot.some(({ turns }) => turns.some(({ event }) => event === 'callback.failed'))).toBe(true);
    expect(plot.some(({ turns }) => turns.some(({ event }) => event === 'device.failed'))).toBe(true);
    expect(interestingSteps([ignoringStep])).toHaveLength(1);
  });
});
