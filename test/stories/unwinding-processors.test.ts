/** How `kexec -e` gives up once devices sleep: at a processor or at the system core (linux.md A1.10, U4 and U5, and wakeups of B.5). */
import { describe, expect, it } from 'vitest';
import { tell } from '../kit/story.ts';

describe('U4: a processor is not taken down', () => {
  it('because it refuses: those already down come back, the others never went', () => {
    const told = tell({ cpus: 4 }, 'cpu-stays-up@cpu.offline:3');
    expect(told.plotFrom('cpu.offlined')).toMatchInlineSnapshot(`
      [
        "cpu.complete cpu2; original <- cpu.offlined: kexec.takingCpusDown.asking; original <- cpu.failed: kexec.takingCpusDown.asking -> kexec.bringingCpusBack.asking; ! cpu-stays-up at cpu.offline:3; orders cpu.offline original 3, cpu.online original 1",
        "cpu.complete cpu2; original <- cpu.onlined: kexec.bringingCpusBack.asking -> kexec.restoringNoirq.asking; tells original/disk device.restoreNoirq",
        "original <- device.answered: kexec.restoringNoirq.asking -> kexec.restoringEarly.asking; tells original/disk device.restoreEarly",
        "original <- device.answered: kexec.restoringEarly.asking -> kexec.restoring.asking; tells original/disk device.restore",
        "original <- device.answered: kexec.restoring.asking -> kexec.completing.asking; tells original/network-card device.complete",
        "original <- device.answered: kexec.completing.asking -> running; orders console.resume original, tasks.thaw original; tells operator jump.failed",
        "operator <- jump.failed: jumping -> workingOn",
        "operator <- after settle: workingOn -> aborted",
      ]
    `);
    expect(told.markers.slice(4)).toMatchInlineSnapshot(`
      [
        "Disabling non-boot CPUs ...",
        "smpboot: CPU 1 is now offline",
        "smpboot: CPU 2 is now offline",
        "Error taking CPU3 down: -16",
        "Non-boot CPUs are not disabled",
        "Enabling non-boot CPUs ...",
        "smpboot: Booting Node 0 Processor 1 APIC 0x1",
        "CPU1 is up",
        "smpboot: Booting Node 0 Processor 2 APIC 0x2",
        "CPU2 is up",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Device or resource busy",
      ]
    `);
  });

  it('because of a wakeup event: one line more, and no "Enabling" when none had gone', () => {
    const told = tell({}, 'wakeup@cpu.offline');
    expect(told.markers.slice(4)).toMatchInlineSnapshot(`
      [
        "Disabling non-boot CPUs ...",
        "Wakeup pending. Abort CPU freeze",
        "Non-boot CPUs are not disabled",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Device or resource busy",
      ]
    `);
  });
});

describe('U5: the system core does not stop', () => {
  it('because a callback fails: its line, and everything comes back with RESTORE', () => {
    const told = tell({}, 'syscore-fails@syscore.suspend');
    expect(told.plotFrom('syscore.failed')).toMatchInlineSnapshot(`
      [
        "cpu.complete cpu1; original <- cpu.offlined: kexec.takingCpusDown.asking -> kexec.stoppingSystemCore; original <- syscore.failed: kexec.stoppingSystemCore -> kexec.bringingCpusBack.asking; ! syscore-fails at syscore.suspend; orders interrupts.disable, syscore.suspend original, interrupts.enable, cpu.online original 1",
        "cpu.complete cpu1; original <- cpu.onlined: kexec.bringingCpusBack.asking -> kexec.restoringNoirq.asking; tells original/disk device.restoreNoirq",
        "original <- device.answered: kexec.restoringNoirq.asking -> kexec.restoringEarly.asking; tells original/disk device.restoreEarly",
        "original <- device.answered: kexec.restoringEarly.asking -> kexec.restoring.asking; tells original/disk device.restore",
        "original <- device.answered: kexec.restoring.asking -> kexec.completing.asking; tells original/network-card device.complete",
        "original <- device.answered: kexec.completing.asking -> running; orders console.resume original, tasks.thaw original; tells operator jump.failed",
        "operator <- jump.failed: jumping -> workingOn",
        "operator <- after settle: workingOn -> aborted",
      ]
    `);
    expect(told.markers.slice(4)).toMatchInlineSnapshot(`
      [
        "Disabling non-boot CPUs ...",
        "smpboot: CPU 1 is now offline",
        "PM: System core suspend callback timekeeping_suspend+0x0/0x200 failed.",
        "Enabling non-boot CPUs ...",
        "smpboot: Booting Node 0 Processor 1 APIC 0x1",
        "CPU1 is up",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Device or resource busy",
      ]
    `);
  });

  it('because of a wakeup event: no line at all', () => {
    const told = tell({}, 'wakeup@syscore.suspend');
    expect(told.markers.slice(4)).toMatchInlineSnapshot(`
      [
        "Disabling non-boot CPUs ...",
        "smpboot: CPU 1 is now offline",
        "Enabling non-boot CPUs ...",
        "smpboot: Booting Node 0 Processor 1 APIC 0x1",
        "CPU1 is up",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Device or resource busy",
      ]
    `);
  });
});
