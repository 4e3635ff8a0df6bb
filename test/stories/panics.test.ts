/**
 * Kernels that panic, callbacks that never return, and what is seen of it: nothing while the console is suspended (linux.md A3.2, B.5,
 * G.2). The box has panic=0: without a crash image a panic ends in a halt, and the operator waits for a day.
 */
import { describe, expect, it } from 'vitest';
import { recordsOf } from '../../kernels/linux/printk.ts';
import { momentView } from '../../machines/laws/moment-view.ts';
import { markersIn, type Told, tell } from '../kit/story.ts';
import { consoleLine, goldenLines } from '../log/golden-log.ts';

describe('a panic in A while it hibernates', () => {
  it('ends in a halt, with the lines of log b0 but for their reason', () => {
    const told = tell({}, 'panic@syscore.suspend');
    expect(told.plotFrom('panic.struck')).toMatchInlineSnapshot(`
      [
        "original <- panic.struck: kexec.stoppingSystemCore -> panicking.stoppingForGood; original <- cpus.stopped: panicking.stoppingForGood -> panicking.halted; orders interrupts.disable, cpus.stop original, kernel.halt original",
        "operator <- after watchdog: jumping -> hung",
      ]
    `);
    expect(panicLines(told.console)).toMatchInlineSnapshot(`
      [
        "Kernel panic - not syncing: Fatal exception",
        "CPU: 0 UID: 0 PID: 1 Comm: init Not tainted 6.12.117-box #1 ",
        "Kernel Offset: disabled",
        "---[ end Kernel panic - not syncing: Fatal exception ]---",
      ]
    `);
    const recorded = panicLines(goldenLines('b0').map((line) => consoleLine(line).text)).slice(1);
    const form = (line: string): string =>
      line.replace(/(not syncing: ).*?( \]---)?$/, '$1…$2').replace(/^CPU: .*/, 'CPU: …');
    expect(panicLines(told.console).map(form)).toEqual(recorded.map(form));
    expect(told.verdict).toBe('hung');
  });

  it('is not seen while the console is suspended: its lines stand in the log in memory', () => {
    const told = tell({ noConsoleSuspend: false }, 'panic@freezeNoirq');
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "Freezing user space processes",
        "Freezing user space processes completed (elapsed S seconds)",
        "OOM killer disabled.",
        "printk: Suspending console(s) (use no_console_suspend to debug)",
      ]
    `);
    expect(panicLines(logOf(told, 'original'))).toContain('Kernel panic - not syncing: Fatal exception');
    expect(told.verdict).toBe('hung');
  });

  it.each([
    'tasks.freeze',
    'prepare',
    'cpu.offline',
    'kexec.jump',
    'processor.restore',
    'restore',
    'tasks.thaw',
  ])(
    'at %s stops everything: no device, task or timer of A goes on, and nobody is left waiting for an answer',
    (place) => {
      const told = tell({ work: 40 }, `panic@${place}`);
      expect(told.ignored).toEqual([]);
      const { machine } = told.world;
      expect(machine.kernels.original.state).toBe('stopped');
      expect(machine.owner).toBe('nobody');
      expect(machine.cpus.map(({ state }) => state)).not.toContain('comingOnline');
      const after = told.history.allRecords.findIndex(({ turns }) =>
        turns.some(({ event }) => event === 'panic.struck'),
      );
      const moves = told.history.allRecords.slice(after + 1).map(({ pick }) => pick);
      expect(
        moves.filter(
          (pick) => !/^cpu.complete|^network.receive|^timer operator|^timer original nmi/.test(pick),
        ),
      ).toEqual([]);
    },
  );
});

describe('a callback that never returns', () => {
  it('at freeze meets the watchdog after 120 s, which panics', () => {
    const told = tell({}, 'device-hangs@freeze:gpu');
    expect(told.plotFrom('device.timedOut')).toMatchInlineSnapshot(`
      [
        "original <- device.timedOut: kexec.freezing.asking -> panicking.stoppingForGood; orders interrupts.disable, cpus.stop original",
        "cpu.complete cpu1; original <- cpus.stopped: panicking.stoppingForGood -> panicking.halted; orders kernel.halt original",
        "operator <- after watchdog: jumping -> hung",
      ]
    `);
    expect(told.markers.slice(4)).toMatchInlineSnapshot(`
      [
        "bochs-drm 0000:00:02.0: PM: **** DPM device timeout ****",
        "Kernel panic - not syncing: bochs-drm 0000:00:02.0: unrecoverable failure",
        "CPU: 0 UID: 0 PID: 0 Comm: swapper/0 Not tainted 6.12.117-box #1 ",
        "Kernel Offset: disabled",
        "---[ end Kernel panic - not syncing: bochs-drm 0000:00:02.0: unrecoverable failure ]---",
      ]
    `);
  });

  it.each(['prepare', 'freezeLate', 'freezeNoirq', 'restoreNoirq', 'restoreEarly', 'complete'])(
    'at %s is waited for without a word: Linux has a watchdog for freeze and restore only',
    (callback) => {
      const told = tell({}, `device-hangs@${callback}:gpu`);
      expect(told.verdict).toBe('hung');
      expect(told.broken).toContain('no-wait-without-a-way-out');
      expect(told.console.some((line) => line.includes('panic'))).toBe(false);
    },
  );

  it('and returns after all, late: the watchdog was faster', () => {
    expect(tell({}, 'device-late@restore:disk').verdict).toBe('hung');
  });

  it('and returns late where nobody watches: it only took longer', () => {
    const told = tell({}, 'device-late@freezeLate:disk');
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual([]);
  });
});

describe('a panic in B', () => {
  it.each(['dump/kernel.probe', 'vmcore.open', 'image.write', 'dump/freeze', 'dump/kexec.jump'])(
    'at %s: B halts, A never comes back',
    (place) => {
      const told = tell({}, `panic@${place}`);
      expect(told.verdict).toBe('hung');
      expect(told.ignored).toEqual([]);
      expect(panicLines(logOf(told, 'dump'))).toContain(
        '---[ end Kernel panic - not syncing: Fatal exception ]---',
      );
      expect(told.world.machine.kernels.original.state).toBe('away');
    },
  );
});

describe('purgatory', () => {
  it('finds that the image is damaged, and loops without a word: it was given no console', () => {
    const told = tell({}, 'image-damaged');
    expect(told.plotFrom('purgatory.mismatched')).toMatchInlineSnapshot(`
      [
        "work.complete processor; dump <- purgatory.mismatched: booting.verifying -> booting.looping",
        "operator <- after watchdog: jumping -> hung",
      ]
    `);
    expect(told.markers.at(-1)).toBe('smpboot: CPU 1 is now offline');
    expect(told.verdict).toBe('hung');
  });

  it('does so after a crash as well: there is no dump', () => {
    const told = tell({ path: 'kdump' }, 'image-damaged');
    expect(told.verdict).toBe('hung');
    expect(told.console.some((line) => line.startsWith('Kernel panic'))).toBe(true);
  });
});

describe('kdump', () => {
  it('goes on after one second without a processor that does not answer the NMI, and without its note', () => {
    const told = tell({ path: 'kdump' }, 'cpu-ignores-nmi');
    const missing = 'Warning: Zero PT_NOTE entries found';
    expect(told.markers.filter((line) => line === missing)).toHaveLength(1);
    expect(tell({ path: 'kdump' }).markers).not.toContain(missing);
    expect(told.plotFrom('crash.ask')).toMatchInlineSnapshot(`
      [
        "original <- crash.ask: running -> panicking.stoppingCpus; ! cpu-ignores-nmi at cpus.stop; orders interrupts.disable, cpus.stop original",
        "original <- after nmiTimeout: panicking.stoppingCpus -> panicking.leaving; crash.left original; orders crash.save original, crash.jump original",
        "dump <- control.arrived: absent -> booting.verifying; orders purgatory.verify",
        "work.complete processor; dump <- purgatory.matched: booting.verifying -> booting.starting; orders kernel.start dump",
        "work.complete processor; dump <- kernel.started: booting.starting -> booting.probing; orders kernel.probe dump",
        "work.complete processor; dump <- kernel.probed: booting.probing -> booting.openingVmcore; orders vmcore.open",
        "work.complete processor; dump <- vmcore.opened: booting.openingVmcore -> booting.startingUserSpace; orders userSpace.start dump",
        "work.complete processor; dump <- userSpace.started: booting.startingUserSpace -> saving.writing; orders image.write",
        "work.complete processor; dump <- image.written: saving.writing -> saving.flushingData; orders image.flush",
        "work.complete processor; dump <- image.flushed: saving.flushingData -> saving.committing; orders image.commit",
        "work.complete processor; dump <- image.committed: saving.committing -> saving.flushingCommit; image.committed; orders image.flush",
        "work.complete processor; dump <- image.flushed: saving.flushingCommit -> restarting; orders machine.restart dump; tells operator dump.saved",
        "firmware <- power.restored: handedOver -> testing; orders firmware.test",
        "operator <- dump.saved: crashing -> restarting",
        "work.complete processor; firmware <- firmware.ready: testing -> loading; orders firmware.load",
        "work.complete processor; firmware <- firmware.loaded: loading -> handedOver",
        "original <- control.arrived: off -> booting.starting; orders kernel.start original",
        "work.complete processor; original <- kernel.started: booting.starting -> booting.probing; orders kernel.probe original",
        "work.complete processor; original <- kernel.probed: booting.probing -> booting.startingUserSpace; orders userSpace.start original",
        "work.complete processor; original <- userSpace.started: booting.startingUserSpace -> running; tells operator original.up",
        "operator <- original.up: restarting -> dumped",
      ]
    `);
    expect(told.verdict).toBe('dumped');
    expect(told.broken).toEqual([]);
  });

  it('is not there yet when A panics during the load: no "Kdump: loaded", a halt', () => {
    const told = tell({ path: 'kdump' }, 'panic@kexec.load');
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "Kernel panic - not syncing: Fatal exception",
        "CPU: 0 UID: 0 PID: 1 Comm: init Not tainted 6.12.117-box #1 ",
        "Kernel Offset: disabled",
        "---[ end Kernel panic - not syncing: Fatal exception ]---",
      ]
    `);
    expect(told.verdict).toBe('hung');
  });
});

const panicLines = (lines: readonly string[]): readonly string[] => {
  const found = markersIn(lines).filter((line) => /panic|^CPU: |^Kernel Offset|^sysrq/.test(line));
  return found.slice(found.findIndex((line) => /sysrq|panic/.test(line)));
};

/** What the kernel's ring buffer holds at the end. */
const logOf = ({ history, world }: Told, kernel: 'original' | 'dump'): readonly string[] =>
  recordsOf(momentView(history.rules, world), kernel).map(({ text }) => text);
