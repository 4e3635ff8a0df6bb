/**
 * Devices on the way down (linux.md A1.3 rows 7 and 8, B.3), and the inner undo of late and noirq (B.7). U2 of A1.10 begins at
 * `startFailed`: Linux 6.12 skips dpm_resume_end there, which is a quirk; corrected, it is not skipped. U3 begins behind the undo.
 */
import { deviceWalk } from './device-walk.ts';
import { kernelSetup } from './kernel-setup.ts';

export const quiesceStates = kernelSetup.createStateConfig({
  states: {
    preparing: deviceWalk({
      callback: 'prepare',
      does: 'dpm_prepare (FREEZE)',
      phase: 'quiesce',
      order: 'parents-first',
      from: 'active',
      to: 'prepared',
      next: '#freezing',
      failed: '#startFailed',
      failureLines: ['device.prepareFailed', 'device.notPrepared'],
    }),
    freezing: deviceWalk({
      id: 'freezing',
      callback: 'freeze',
      note: 'noteRefused',
      looksForWakeup: true,
      isWatched: true,
      does: 'dpm_suspend (FREEZE)',
      phase: 'quiesce',
      order: 'children-first',
      from: 'prepared',
      to: 'frozen',
      next: '#freezingLate',
      failed: '#startFailed',
      failureLines: ['device.callbackFailed', 'device.returned', 'device.failed'],
    }),
    startFailed: {
      id: 'startFailed',
      meta: { does: 'kernel_kexec: dpm_suspend_start failed (U2)', phase: 'quiesce' },
      always: [{ guard: 'leavesDevicesFrozen', target: 'resumingConsole' }, { target: 'restoring' }],
    },
    freezingLate: deviceWalk({
      id: 'freezingLate',
      callback: 'freezeLate',
      looksForWakeup: true,
      does: 'dpm_suspend_late (FREEZE)',
      phase: 'quiesce',
      order: 'children-first',
      from: 'frozen',
      to: 'late',
      next: '#freezingNoirq',
      failed: '#recoveringEarly',
      failureLines: ['device.callbackFailed', 'device.returned', 'device.failed'],
    }),
    freezingNoirq: deviceWalk({
      id: 'freezingNoirq',
      callback: 'freezeNoirq',
      does: 'dpm_suspend_noirq (FREEZE)',
      phase: 'quiesce',
      order: 'children-first',
      from: 'late',
      to: 'noirq',
      next: '#takingCpusDown',
      failed: '#recoveringNoirq',
      failureLines: ['device.callbackFailed', 'device.returned', 'device.failed'],
    }),
  },
});

/** The inner undo of late and noirq with RECOVER, inside dpm_suspend_end (B.7); U3 follows. */
export const recoverStates = kernelSetup.createStateConfig({
  states: {
    recoveringNoirq: deviceWalk({
      id: 'recoveringNoirq',
      callback: 'thawNoirq',
      does: 'dpm_resume_noirq (RECOVER)',
      phase: 'resume',
      order: 'parents-first',
      from: 'noirq',
      to: 'late',
      next: '#recoveringEarly',
      failureLines: ['device.callbackFailed', 'device.returned', 'device.failed'],
    }),
    recoveringEarly: deviceWalk({
      id: 'recoveringEarly',
      callback: 'thawEarly',
      does: 'dpm_resume_early (RECOVER)',
      phase: 'resume',
      order: 'parents-first',
      from: 'late',
      to: 'frozen',
      next: '#restoring',
      failureLines: ['device.callbackFailed', 'device.returned', 'device.failed'],
    }),
  },
});
