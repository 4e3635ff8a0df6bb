/**
 * `--freezer off`: the claim of the article of 2007 that the freezer is not needed for a kexec jump, because no kernel code of A runs while
 * its memory is saved. Held against the same box: the memory does come back; what breaks is work between the freezing of devices and
 * the jump.
 */
import { describe, expect, it } from 'vitest';
import { type Told, tell } from '../kit/story.ts';

const off = { freezer: false, workload: 'database', tasks: 2, work: 24 };

describe('without the freezer', () => {
  it('a jump comes back with every byte, and all laws hold, when no task wants a device meanwhile', () => {
    const told = tell({ ...off });
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "Disabling non-boot CPUs ...",
        "smpboot: CPU 1 is now offline",
        "Linux version",
        "Warning: Zero PT_NOTE entries found",
        "Warning: Zero PT_NOTE entries found",
        "Disabling non-boot CPUs ...",
        "Enabling non-boot CPUs ...",
        "smpboot: Booting Node 0 Processor 1 APIC 0x1",
        "CPU1 is up",
      ]
    `);
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual([]);
  });

  it('tasks work on after devices are frozen: with four processors to take down there is time for a write', () => {
    const told = tell({ ...off, cpus: 4 });
    const { allRecords } = told.history;
    const frozen = allRecords.findIndex(({ turns }) =>
      turns.some(({ actor, after }) => actor === 'original/disk' && after === 'frozen'),
    );
    const left = allRecords.findIndex(({ notes }) => notes.some(({ type }) => type === 'jump.left'));
    const between = allRecords.slice(frozen, left).map(({ pick }) => pick);
    expect(between.filter((pick) => pick.startsWith('task.work'))).toEqual([
      'task.work postgres',
      'task.work walwriter',
    ]);
  });

  it('a task that writes while the disk is frozen gets an input/output error, which no log mentions', () => {
    const told = tell({ ...off, cpus: 4 });
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual(['same-as-twin']);
    expect(errorsOf(told)).toEqual([1, 1]);
    expect(told.world.machine.disk.refused).toBe(2);
    expect(told.markers.filter((line) => /error/i.test(line))).toEqual([]);
  });

  it('a computation that touches no device is not harmed', () => {
    const told = tell({ ...off, workload: 'idle', cpus: 4 });
    expect(told.broken).toEqual([]);
    expect(errorsOf(told)).toEqual([0, 0]);
  });
});

describe('with the freezer, the same box', () => {
  it('has no such window: nobody works between freezing and thawing', () => {
    const told = tell({ ...off, freezer: true, cpus: 4 });
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual([]);
    expect(errorsOf(told)).toEqual([0, 0]);
  });
});

const errorsOf = ({ world }: Told): readonly number[] =>
  world.machine.kernels.original.tasks.map(({ errors }) => errors);
