/** A plain kexec (linux.md A1.12, log a15): A is given up for another kernel. The marks of a15 are held against it in test/scenarios. */
import { describe, expect, it } from 'vitest';
import { bootParameters, knownMap } from '../../kernels/executors/boot-parameters.ts';
import { usableRanges } from '../../kernels/firmware-map.ts';
import { momentView } from '../../machines/laws/moment-view.ts';
import { tell } from '../kit/story.ts';

const plain = { path: 'plain-kexec' } as const;

describe('a plain kexec', () => {
  const told = tell(plain);

  it('shuts devices down, stops the other processors and starts a kernel without a way back', () => {
    expect(told.plotFrom('jump.ask')).toMatchInlineSnapshot(`
      [
        "original <- jump.ask: running -> rebooting.syncing; orders userSpace.sync original",
        "work.complete processor; original <- userSpace.synced: rebooting.syncing -> rebooting.shuttingDown.asking; tells original/network-card device.shutdown",
        "original <- device.answered: rebooting.shuttingDown.asking -> rebooting.stoppingCpus; orders cpus.stop original",
        "cpu.complete cpu1; original <- cpus.stopped: rebooting.stoppingCpus -> rebooting.leaving; orders interrupts.disable, kexec.start original",
        "dump <- control.arrived: absent -> booting.verifying; orders purgatory.verify",
        "work.complete processor; dump <- purgatory.matched: booting.verifying -> booting.starting; orders kernel.start dump",
        "work.complete processor; dump <- kernel.started: booting.starting -> booting.probing; orders kernel.probe dump",
        "work.complete processor; dump <- kernel.probed: booting.probing -> booting.startingUserSpace; orders userSpace.start dump",
        "work.complete processor; dump <- userSpace.started: booting.startingUserSpace -> inCharge; tells operator dump.up",
        "operator <- dump.up: restarting -> lost",
      ]
    `);
    expect(told.verdict).toBe('lost');
    expect(told.broken).toEqual([]);
    expect(told.ignored).toEqual([]);
  });

  it('says so in one line, and the new kernel speaks of no vmcore', () => {
    expect(told.markers).toMatchInlineSnapshot(`
      [
        "Linux version",
        "kexec_core: Starting new kernel",
        "Linux version",
      ]
    `);
  });

  it('gives the new kernel all memory, all processors and its own command line', () => {
    const view = momentView(told.history.rules, told.world);
    expect(bootParameters(view, 'dump').commandLine).toBe('console=ttyS0,115200');
    expect(usableRanges(knownMap(view, 'dump'))).toEqual(usableRanges(knownMap(view, 'original')));
    expect(told.world.machine.cpus.map(({ state }) => state)).toEqual(['online', 'online']);
  });

  it('leaves nothing of A but bytes: no kernel, no image, no task', () => {
    const { original } = told.world.machine.kernels;
    expect(original.state).toBe('absent');
    expect(original.image.loaded).toBe(false);
    expect(original.tasks.map(({ state }) => state)).toEqual(['absent']);
  });
});

describe('what can go wrong on the way', () => {
  it.each([
    ['kexec-busy@kexec.load', 'refused'],
    ['kexec-load-disabled@kexec.load', 'refused'],
    // shutdown() is waited for without a watchdog.
    ['device-hangs@shutdown:gpu', 'hung'],
    ['device-late@shutdown:gpu', 'lost'],
    ['cpu-ignores-nmi', 'lost'],
    ['panic@userSpace.sync', 'hung'],
    ['power-cut@shutdown', 'lost'],
    ['power-cut@dump/kernel.probe', 'lost'],
  ])('%s ends in %s', (fault, verdict) => {
    const told = tell(plain, fault);
    expect(told.verdict).toBe(verdict);
    expect(told.ignored).toEqual([]);
    expect(told.world.machine.strikes).toEqual([{ struck: true }]);
  });
});
