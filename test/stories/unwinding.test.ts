/**
 * How `kexec -e` gives up while tasks and devices go to sleep (linux.md A1.10, U1 to U3, and wakeups of B.5): what is undone, in which
 * order, and what the log says. U2 with the quirk has a file of its own.
 */
import { describe, expect, it } from 'vitest';
import { tell } from '../kit/story.ts';

describe('U1: the freezer gives up', () => {
  it('after 20 s, names the task that refuses, and has thawed everything itself', () => {
    const told = tell({ tasks: 2, work: 40 }, 'unfreezable-task');
    expect(told.plotFrom('jump.ask')).toMatchInlineSnapshot(`
      [
        "original <- jump.ask: running -> kexec.syncing; orders userSpace.sync original",
        "work.complete processor; original <- userSpace.synced: kexec.syncing -> kexec.freezingTasks; ! unfreezable-task at tasks.freeze; orders tasks.freeze original",
        "original <- after freezeTimeout: kexec.freezingTasks -> running; orders tasks.show original, tasks.thaw original; tells operator jump.failed",
        "operator <- jump.failed: jumping -> workingOn",
        "operator <- after settle: workingOn -> aborted",
      ]
    `);
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "Freezing user space processes",
        "Freezing user space processes failed after S seconds (1 tasks refusing to freeze, wq_busy=0):",
        "task:editor          state:D stack:0     pid:400   tgid:400   ppid:1      flags:0x00000004",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Device or resource busy",
      ]
    `);
    expect(told.verdict).toBe('aborted');
  });

  it('at once on a wakeup event, without naming anyone', () => {
    const told = tell({ tasks: 2, work: 40 }, 'wakeup@tasks.freeze');
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "Freezing user space processes",
        "Freezing user space processes aborted after S seconds (2 tasks refusing to freeze, wq_busy=0):",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Device or resource busy",
      ]
    `);
    expect(told.verdict).toBe('aborted');
  });
});

describe('U2, corrected: dpm_suspend_start fails', () => {
  it('at prepare: who was prepared is completed, and nobody else is asked anything', () => {
    const told = tell({}, 'device-fails@prepare:gpu');
    expect(told.plotFrom('tasks.frozen')).toMatchInlineSnapshot(`
      [
        "task.enterRefrigerator editor; original <- tasks.frozen: kexec.freezingTasks -> kexec.preparing.asking; orders console.suspend original; tells original/disk device.prepare",
        "original/gpu <- device.prepare: active -> preparing; original/gpu <- callback.failed: preparing -> active; ! device-fails at prepare:gpu; orders device.call original 1 prepare; tells original device.failed",
        "original <- device.failed: kexec.preparing.asking -> kexec.completing.asking; tells original/disk device.complete",
        "original <- device.answered: kexec.completing.asking -> running; orders console.resume original, tasks.thaw original; tells operator jump.failed",
        "operator <- jump.failed: jumping -> workingOn",
        "operator <- after settle: workingOn -> aborted",
      ]
    `);
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "Freezing user space processes",
        "Freezing user space processes completed (elapsed S seconds)",
        "OOM killer disabled.",
        "bochs-drm 0000:00:02.0: PM: device_prepare(): pci_pm_prepare returns -16",
        "bochs-drm 0000:00:02.0: PM: not prepared for power transition: code -16",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Device or resource busy",
      ]
    `);
  });

  it('at freeze: who was frozen is restored, who refused is not, and all are completed', () => {
    const told = tell({}, 'device-fails@freeze:gpu');
    expect(told.plotFrom('tasks.frozen')).toMatchInlineSnapshot(`
      [
        "task.enterRefrigerator editor; original <- tasks.frozen: kexec.freezingTasks -> kexec.preparing.asking; orders console.suspend original; tells original/disk device.prepare",
        "original <- device.answered: kexec.preparing.asking -> kexec.freezing.asking; tells original/network-card device.freeze",
        "original/gpu <- device.freeze: prepared -> freezing; original/gpu <- callback.failed: freezing -> refused; ! device-fails at freeze:gpu; orders device.call original 1 freeze; tells original device.failed",
        "original <- device.failed: kexec.freezing.asking -> kexec.restoring.asking; tells original/network-card device.restore",
        "original <- device.answered: kexec.restoring.asking -> kexec.completing.asking; tells original/network-card device.complete",
        "original <- device.answered: kexec.completing.asking -> running; orders console.resume original, tasks.thaw original; tells operator jump.failed",
        "operator <- jump.failed: jumping -> workingOn",
        "operator <- after settle: workingOn -> aborted",
      ]
    `);
    expect(callbacksOf(told)).toEqual([
      'prepare disk',
      'prepare gpu',
      'prepare network-card',
      'freeze network-card',
      'freeze gpu',
      'restore network-card',
      'complete network-card',
      'complete gpu',
      'complete disk',
    ]);
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "Freezing user space processes",
        "Freezing user space processes completed (elapsed S seconds)",
        "OOM killer disabled.",
        "bochs-drm 0000:00:02.0: PM: dpm_run_callback(): pci_pm_freeze returns -16",
        "bochs-drm 0000:00:02.0: PM: failed to freeze: error -16",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Device or resource busy",
      ]
    `);
  });

  it('on a wakeup event: no line says why', () => {
    const told = tell({}, 'wakeup@freeze');
    expect(told.plotFrom('tasks.frozen')).toMatchInlineSnapshot(`
      [
        "task.enterRefrigerator editor; original <- tasks.frozen: kexec.freezingTasks -> kexec.preparing.asking; orders console.suspend original; tells original/disk device.prepare",
        "original <- device.answered: kexec.preparing.asking -> kexec.freezing.asking; tells original/network-card device.freeze",
        "original/network-card <- device.freeze: prepared -> freezing; original/network-card <- callback.aborted: freezing -> refused; ! wakeup at freeze; orders device.call original 2 freeze; tells original device.aborted",
        "original <- device.aborted: kexec.freezing.asking -> kexec.completing.asking; tells original/network-card device.complete",
        "original <- device.answered: kexec.completing.asking -> running; orders console.resume original, tasks.thaw original; tells operator jump.failed",
        "operator <- jump.failed: jumping -> workingOn",
        "operator <- after settle: workingOn -> aborted",
      ]
    `);
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "Freezing user space processes",
        "Freezing user space processes completed (elapsed S seconds)",
        "OOM killer disabled.",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Device or resource busy",
      ]
    `);
  });
});

describe('U3: dpm_suspend_end fails', () => {
  it('at freeze_late: the late ones are thawed early, then all are restored', () => {
    const told = tell({}, 'device-fails@freezeLate:gpu');
    expect(callbacksOf(told).slice(6)).toEqual([
      'freezeLate network-card',
      'freezeLate gpu',
      'thawEarly network-card',
      'restore disk',
      'restore gpu',
      'restore network-card',
      'complete network-card',
      'complete gpu',
      'complete disk',
    ]);
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "Freezing user space processes",
        "Freezing user space processes completed (elapsed S seconds)",
        "OOM killer disabled.",
        "bochs-drm 0000:00:02.0: PM: dpm_run_callback(): bochs_drm_freeze_late returns -16",
        "bochs-drm 0000:00:02.0: PM: failed to freeze late: error -16",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Device or resource busy",
      ]
    `);
  });

  it('at freeze_noirq: thaw_noirq, thaw_early, and then restore, not thaw', () => {
    const told = tell({}, 'device-fails@freezeNoirq:gpu');
    expect(callbacksOf(told).slice(9)).toEqual([
      'freezeNoirq network-card',
      'freezeNoirq gpu',
      'thawNoirq network-card',
      'thawEarly disk',
      'thawEarly gpu',
      'thawEarly network-card',
      'restore disk',
      'restore gpu',
      'restore network-card',
      'complete network-card',
      'complete gpu',
      'complete disk',
    ]);
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "Freezing user space processes",
        "Freezing user space processes completed (elapsed S seconds)",
        "OOM killer disabled.",
        "bochs-drm 0000:00:02.0: PM: dpm_run_callback(): pci_pm_freeze_noirq returns -16",
        "bochs-drm 0000:00:02.0: PM: failed to freeze noirq: error -16",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Device or resource busy",
      ]
    `);
  });

  it('on a wakeup event at freeze_late: the same without a line', () => {
    const told = tell({}, 'wakeup@freezeLate');
    expect(told.markers.slice(1)).toMatchInlineSnapshot(`
      [
        "Freezing user space processes",
        "Freezing user space processes completed (elapsed S seconds)",
        "OOM killer disabled.",
        "OOM killer enabled.",
        "Restarting tasks ... done.",
        "kexec failed: Device or resource busy",
      ]
    `);
  });
});

/** Which callback of which device was called, in order. */
function callbacksOf({ history }: ReturnType<typeof tell>): readonly string[] {
  const devices = history.rules.plan.devices;
  return history.allRecords.flatMap(({ commands }) =>
    commands
      .filter(({ type }) => type === 'device.call')
      .map(({ text }) => text.split(' '))
      .map(([, , device, callback]) => `${callback} ${devices[Number(device)]}`),
  );
}
