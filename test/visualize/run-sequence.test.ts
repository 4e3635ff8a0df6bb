import { describe, expect, it } from 'vitest';
import { labelText } from '../../scripts/visualize/run/label-text.ts';
import type { Happening, Kind } from '../../scripts/visualize/run/sequence.ts';
import { happeningsIn, sequenceOfRun, smallRun } from './small-run.ts';

const jump = smallRun();
const crash = smallRun({ path: 'kdump' });

const textsOf = (happenings: readonly Happening[], ...kinds: readonly Kind[]): readonly string[] =>
  happenings.filter(({ kind }) => kinds.includes(kind)).map(labelText);

describe('the sequence of a jump', () => {
  const sequence = sequenceOfRun(jump);
  const happenings = happeningsIn(sequence);

  it('has the phases of both kernels as bands', () => {
    const bands = sequence.rows.flatMap((row) => (row.kind === 'band' ? [`${row.phase} ${row.of}`] : []));
    expect(bands).toEqual([
      'power-on firmware',
      'power-on original',
      'load original',
      'work original',
      'freeze original',
      'quiesce original',
      'cpus original',
      'jump original',
      'boot dump',
      'save dump',
      'load dump',
      'freeze dump',
      'quiesce dump',
      'cpus dump',
      'jump dump',
      'return original',
      'resume original',
      'thaw original',
      'work original',
    ]);
  });

  it('shows the machine changing hands from the firmware to A, to B, and back', () => {
    const hands = happenings.filter(({ kind }) => kind === 'control');
    expect(hands.map(({ from, to, text }) => `${from} > ${to}: ${text}`)).toEqual([
      'firmware > original: control: boot',
      'original > dump: control: jump',
      'dump > original: control: return',
    ]);
  });

  it('folds the walks over devices and the stretches of the image', () => {
    const folded = textsOf(happenings, 'request', 'order').filter((text) => text.includes('×'));
    expect(folded).toMatchInlineSnapshot(`
      [
        "prepare × 3: disk … console, 25 µs",
        "freeze × 3: console … disk, 43.4 ms",
        "freezeLate × 3: console … disk, 25 µs",
        "freezeNoirq × 3: console … disk, 25 µs",
        "image.write × 16, 361.8 ms",
        "prepare × 2: disk, console, 15 µs",
        "freeze × 2: console, disk, 21.5 ms",
        "freezeLate × 2: console, disk, 15 µs",
        "freezeNoirq × 2: console, disk, 15 µs",
        "restoreNoirq × 3: disk … console, 25 µs",
        "restoreEarly × 3: disk … console, 25 µs",
        "restore × 3: disk … console, 21.5 ms",
        "complete × 3: console … disk, 25 µs",
      ]
    `);
  });

  it('shows the clock of A standing still while B has the machine', () => {
    const clocks = happenings.flatMap(({ clock }) => (clock?.kernel === 'original' ? [clock.ns] : []));
    const left = happenings.findLast(({ text }) => text === 'kexec.jump')?.startNs ?? 0;
    const back = happenings.find(({ text }) => text === 'control: return');
    expect(clocks).toEqual([...clocks].sort((one, other) => one - other));
    expect(back?.clock?.ns).toBeLessThan(left);
    expect((back?.startNs ?? 0) - (back?.clock?.ns ?? 0)).toBeGreaterThan(2e9);
  });

  it('tells what the kernels print beside what they do', () => {
    const freezing = happenings.filter(({ place }) => place.phase === 'freeze' && place.of === 'original');
    expect(freezing.map(labelText)).toMatchInlineSnapshot(`
      [
        "jump.ask",
        "userSpace.sync, 20.0 ms",
        "» Freezing user space processes",
        "tasks.freeze",
        "» Freezing user space processes completed (elapsed 0.000 seconds)",
        "» OOM killer disabled.",
      ]
    `);
  });

  it('ends with the verdict', () => {
    expect(happenings.at(-1)?.text).toBe('verdict: restored');
  });
});

describe('the sequence of a crash', () => {
  it('asks no device, and ends where the machine starts again', () => {
    const happenings = happeningsIn(sequenceOfRun(crash));
    expect(textsOf(happenings, 'request')).toEqual([]);
    expect(textsOf(happenings, 'control')).toEqual([
      'control: boot',
      'control: crash',
      'power.restored',
      'control: boot',
    ]);
  });

  it('shows no clock of a kernel that has not started its own', () => {
    const booting = happeningsIn(sequenceOfRun(crash)).filter(({ text }) => text === 'control: boot');
    expect(booting.map(({ clock }) => clock)).toEqual([undefined, undefined]);
  });
});

describe('an unfolded sequence', () => {
  const happenings = happeningsIn(sequenceOfRun(jump, { isUnfolded: true }));

  it('has every order of the kernels, the firmware and the operator once', () => {
    const ordered = jump.allRecords.flatMap(({ commands }) => commands.filter(({ by }) => !by.includes('/')));
    const asked = jump.allRecords.flatMap(({ told }) => told.filter(({ from }) => !from.includes('/')));
    expect(textsOf(happenings, 'order')).toHaveLength(ordered.length);
    expect(textsOf(happenings, 'request', 'message')).toHaveLength(asked.length + 1);
    expect(happenings.every(({ count }) => count === 1)).toBe(true);
  });

  it('has an answer for every request', () => {
    const answered = happenings.filter(({ kind, text }) => kind === 'answer' && text.startsWith('device.'));
    expect(answered).toHaveLength(textsOf(happenings, 'request').length);
  });
});

describe('any sequence', () => {
  const runs = [jump, crash, smallRun({ load: 'on-demand' }), smallRun({ path: 'none' })];

  it.each(runs)('never goes back in time', (run) => {
    const happenings = happeningsIn(sequenceOfRun(run, { isUnfolded: true }));
    const times = happenings.map(({ startNs }) => startNs);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(happenings.every(({ startNs, endNs }) => startNs <= endNs)).toBe(true);
  });

  it('has a lifeline for each device when asked', () => {
    const { lifelines, rows } = sequenceOfRun(jump, { devices: 'each' });
    expect(lifelines.map(({ title }) => title)).toEqual([
      'operator',
      'firmware',
      'A',
      'B',
      'disk',
      'network-card',
      'console',
      'disk data',
      'memory',
    ]);
    const walk = rows.find((row) => row.kind === 'request');
    expect(walk?.kind === 'request' && walk.to).toEqual([
      'device:disk',
      'device:network-card',
      'device:console',
    ]);
  });
});

describe('a failure in a sequence', () => {
  it('is not folded with what went well', () => {
    const run = smallRun({ faults: [{ name: 'device-fails', where: 'freeze:network-card' }] });
    const happenings = happeningsIn(sequenceOfRun(run));
    const freezing = happenings.filter(({ place }) => place.phase === 'quiesce');
    expect(freezing.map(labelText)).toMatchInlineSnapshot(`
      [
        "» printk: Suspending console(s) (use no_console_suspend to debug)",
        "console.suspend",
        "prepare × 3: disk … console, 25 µs",
        "freeze × 2: console, network-card, 15 µs",
        "✗ fault device-fails at freeze:network-card",
        "✗ device.failed network-card",
        "» virtio-pci 0000:00:03.0: PM: dpm_run_callback(): pci_pm_freeze returns -16",
        "» virtio-pci 0000:00:03.0: PM: failed to freeze: error -16",
      ]
    `);
    expect(textsOf(happenings, 'message')).toContain('✗ verdict: aborted');
  });

  it('that is silence is said in words', () => {
    const run = smallRun({ faults: [{ name: 'device-hangs', where: 'freezeLate:disk' }] });
    const failures = happeningsIn(sequenceOfRun(run)).filter(({ isFailure }) => isFailure);
    expect(failures.map(labelText)).toEqual([
      '✗ no answer: freezeLate disk',
      '✗ fault device-hangs at freezeLate:disk',
      '✗ verdict: hung',
    ]);
  });
});
