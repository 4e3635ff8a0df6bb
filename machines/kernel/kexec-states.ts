/**
 * `kernel_kexec` with a preserved context (kernel/kexec_core.c, 6.12), the same in A and in B: linux.md A1.3 on the way out, A1.9
 * on the way back, A1.10 where it gives up. Linux unwinds by falling into the return path at the right label, and so does this
 * chart: U1 at `givingUp`, U2 at `resumingConsole` with the quirk and at `restoring` without it, U3 at `restoring`, U4 and U5 at
 * `bringingCpusBack`. Every unwind uses the RESTORE callbacks although no jump happened.
 *
 * Left out: virtual terminal switching (rows 4 and 17, no line, no failure), kmsg dumpers (row 12).
 * Deviation: user space's sync() of `kexec -e` is the first state, because the work of the tool and of the system call are one story.
 */
import { deviceWalk } from './device-walk.ts';
import { kernelSetup } from './kernel-setup.ts';

const goingOut = kernelSetup.createStateConfig({ states: {
  syncing: {
    tags: ['waiting'],
    meta: {
      does: 'kexec -e: sync()',
      phase: 'freeze',
      excuse: 'sync() reports no failure and has no time-out; a dead disk is seen in the errors of the tasks',
    },
    entry: { type: 'order', params: { type: 'userSpace.sync' } },
    on: { 'userSpace.synced': 'checkingImage' },
  },
  checkingImage: {
    meta: { does: 'reboot(LINUX_REBOOT_CMD_KEXEC): is an image loaded?', phase: 'freeze' },
    always: [{ guard: 'imageIsLoaded', target: 'choosingFreezer' }, { target: 'reporting', actions: 'noteNoImage' }],
  },
  choosingFreezer: {
    meta: { does: 'kernel_kexec: freeze_processes, or not (the claim of 2007)', phase: 'freeze' },
    always: [{ guard: 'freezerIsOff', target: 'suspendingConsole' }, { target: 'freezingTasks' }],
  },
  freezingTasks: {
    tags: ['waiting'],
    meta: { does: 'freeze_processes', phase: 'freeze', lines: ['freezer.begin'] },
    entry: { type: 'order', params: { type: 'tasks.freeze' } },
    on: { 'tasks.frozen': 'tasksFrozen', 'tasks.failed': { target: 'freezerAborted', actions: 'noteFailure' } },
    after: { freezeTimeout: { target: 'freezerFailed', actions: 'noteFailure' } },
  },
  tasksFrozen: {
    meta: { does: 'freeze_processes', phase: 'freeze', lines: ['freezer.done', 'oom.disabled'] },
    always: 'suspendingConsole',
  },
  freezerAborted: {
    meta: { does: 'try_to_freeze_tasks, woken', phase: 'freeze', lines: ['freezer.aborted'] },
    always: 'freezerUndoing',
  },
  freezerFailed: {
    meta: { does: 'try_to_freeze_tasks, timed out', phase: 'freeze', lines: ['freezer.failed'] },
    always: 'freezerUndoing',
  },
  freezerUndoing: {
    meta: { does: 'thaw_processes inside freeze_processes (U1)', phase: 'thaw', lines: ['oom.enabled', 'tasks.restarting'] },
    entry: { type: 'order', params: { type: 'tasks.thaw' } },
    always: 'tasksRestarted',
  },
  suspendingConsole: {
    meta: { does: 'suspend_console', phase: 'quiesce', lines: ['console.suspending'] },
    entry: { type: 'order', params: { type: 'console.suspend' } },
    always: 'preparing',
  },
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
    does: 'dpm_suspend (FREEZE)',
    phase: 'quiesce',
    order: 'children-first',
    from: 'prepared',
    to: 'frozen',
    next: '#freezingLate',
    failed: '#startFailed',
    failureLines: ['device.callbackFailed', 'device.failed'],
  }),
  startFailed: {
    id: 'startFailed',
    meta: { does: 'kernel_kexec: dpm_suspend_start failed (U2)', phase: 'quiesce' },
    always: [{ guard: 'leavesDevicesFrozen', target: 'resumingConsole' }, { target: 'restoring' }],
  },
  freezingLate: deviceWalk({
    id: 'freezingLate',
    callback: 'freezeLate',
    does: 'dpm_suspend_late (FREEZE)',
    phase: 'quiesce',
    order: 'children-first',
    from: 'frozen',
    to: 'late',
    next: '#freezingNoirq',
    failed: '#recoveringEarly',
    failureLines: ['device.callbackFailed', 'device.failed'],
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
    failureLines: ['device.callbackFailed', 'device.failed'],
  }),
}});

/** The inner undo of late and noirq with RECOVER, inside dpm_suspend_end (B.7); U3 follows. */
const recovering = kernelSetup.createStateConfig({ states: {
  recoveringNoirq: deviceWalk({
    id: 'recoveringNoirq',
    callback: 'thawNoirq',
    does: 'dpm_resume_noirq (RECOVER)',
    phase: 'resume',
    order: 'parents-first',
    from: 'noirq',
    to: 'late',
    next: '#recoveringEarly',
    failureLines: ['device.callbackFailed', 'device.failed'],
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
    failureLines: ['device.callbackFailed', 'device.failed'],
  }),
}});

const jumping = kernelSetup.createStateConfig({ states: {
  takingCpusDown: {
    id: 'takingCpusDown',
    initial: 'deciding',
    meta: { does: 'suspend_disable_secondary_cpus', phase: 'cpus', lines: ['cpus.disabling'] },
    states: {
      deciding: {
        meta: { does: 'freeze_secondary_cpus: is a processor left?', phase: 'cpus' },
        always: [{ guard: 'someCpuUp', target: 'asking' }, { target: '#stoppingSystemCore' }],
      },
      asking: {
        tags: ['waiting'],
        meta: {
          does: '_cpu_down',
          phase: 'cpus',
          excuse: 'cpu_down has no time-out: a processor that does not park hangs the box',
        },
        entry: 'takeCpuDown',
        on: { 'cpu.offlined': 'isDown', 'cpu.failed': { target: 'failed', actions: 'noteFailure' } },
      },
      isDown: {
        meta: { does: 'native_cpu_die', phase: 'cpus', lines: ['cpu.offline'] },
        entry: 'noteCpuDown',
        always: 'deciding',
      },
      failed: {
        meta: { does: 'freeze_secondary_cpus gave up (U4)', phase: 'cpus', lines: ['cpu.downFailed', 'cpus.notDisabled'] },
        always: '#bringingCpusBack',
      },
    },
  },
  stoppingSystemCore: {
    id: 'stoppingSystemCore',
    tags: ['waiting'],
    meta: { does: 'local_irq_disable, syscore_suspend', phase: 'jump', excuse: 'interrupts are off: no timer can fire' },
    entry: [
      { type: 'orderBare', params: { type: 'interrupts.disable' } },
      { type: 'order', params: { type: 'syscore.suspend' } },
    ],
    on: { 'syscore.suspended': 'leaving', 'syscore.failed': { target: 'systemCoreFailed', actions: 'noteFailure' } },
  },
  systemCoreFailed: {
    meta: { does: 'syscore_suspend failed (U5)', phase: 'jump', lines: ['syscore.failed'] },
    entry: { type: 'orderBare', params: { type: 'interrupts.enable' } },
    always: 'bringingCpusBack',
  },
  leaving: {
    tags: ['away'],
    meta: { does: 'machine_kexec, relocate_kernel', phase: 'jump', excuse: 'only the way back leads on; the operator watches' },
    entry: [
      { type: 'order', params: { type: 'processor.save' } },
      { type: 'order', params: { type: 'kexec.jump' } },
    ],
    on: { 'control.arrived': 'arriving' },
  },
  arriving: {
    meta: { does: 'machine_kexec goes on: restore_processor_state, syscore_resume, local_irq_enable', phase: 'return' },
    entry: [
      { type: 'order', params: { type: 'processor.restore' } },
      { type: 'order', params: { type: 'syscore.resume' } },
      { type: 'orderBare', params: { type: 'interrupts.enable' } },
    ],
    always: 'bringingCpusBack',
  },
}});

const comingBack = kernelSetup.createStateConfig({ states: {
  bringingCpusBack: {
    id: 'bringingCpusBack',
    initial: 'choosing',
    meta: { does: 'suspend_enable_secondary_cpus', phase: 'resume' },
    states: {
      choosing: {
        meta: { does: 'thaw_secondary_cpus: was a processor taken down?', phase: 'resume' },
        always: [{ guard: 'someCpuDown', target: 'enabling' }, { target: '#restoringNoirq' }],
      },
      enabling: {
        meta: { does: 'thaw_secondary_cpus', phase: 'resume', lines: ['cpus.enabling'] },
        always: 'asking',
      },
      deciding: {
        meta: { does: 'thaw_secondary_cpus: is a processor left?', phase: 'resume' },
        always: [{ guard: 'someCpuDown', target: 'asking' }, { target: '#restoringNoirq' }],
      },
      asking: {
        tags: ['waiting'],
        meta: {
          does: '_cpu_up',
          phase: 'resume',
          lines: ['cpu.booting'],
          excuse: 'the time-out of 10 s is in the hardware, which answers cpu.failed',
        },
        entry: 'bringCpuUp',
        on: { 'cpu.onlined': 'isUp', 'cpu.failed': 'failed' },
      },
      isUp: {
        meta: { does: 'thaw_secondary_cpus', phase: 'resume', lines: ['cpu.up'] },
        entry: 'noteCpuBack',
        always: 'deciding',
      },
      failed: {
        meta: { does: 'thaw_secondary_cpus: goes on without it', phase: 'resume', lines: ['cpu.failed'] },
        entry: 'noteCpuBack',
        always: 'deciding',
      },
    },
  },
  restoringNoirq: deviceWalk({
    id: 'restoringNoirq',
    callback: 'restoreNoirq',
    does: 'dpm_resume_noirq (RESTORE)',
    phase: 'resume',
    order: 'parents-first',
    from: 'noirq',
    to: 'late',
    next: '#restoringEarly',
    failureLines: ['device.callbackFailed', 'device.failed'],
  }),
  restoringEarly: deviceWalk({
    id: 'restoringEarly',
    callback: 'restoreEarly',
    does: 'dpm_resume_early (RESTORE)',
    phase: 'resume',
    order: 'parents-first',
    from: 'late',
    to: 'frozen',
    next: '#restoring',
    failureLines: ['device.callbackFailed', 'device.failed'],
  }),
  restoring: deviceWalk({
    id: 'restoring',
    callback: 'restore',
    does: 'dpm_resume (RESTORE)',
    phase: 'resume',
    order: 'parents-first',
    from: 'frozen',
    to: 'prepared',
    next: '#completing',
    failureLines: ['device.callbackFailed', 'device.failed'],
  }),
  completing: deviceWalk({
    id: 'completing',
    callback: 'complete',
    does: 'dpm_complete',
    phase: 'resume',
    order: 'children-first',
    from: 'prepared',
    to: 'active',
    next: '#resumingConsole',
    failureLines: ['device.callbackFailed', 'device.failed'],
  }),
  resumingConsole: {
    id: 'resumingConsole',
    meta: { does: 'resume_console', phase: 'thaw' },
    entry: { type: 'order', params: { type: 'console.resume' } },
    always: [{ guard: 'freezerIsOff', target: 'reporting' }, { target: 'thawing' }],
  },
  thawing: {
    meta: { does: 'thaw_processes', phase: 'thaw', lines: ['oom.enabled', 'tasks.restarting'] },
    entry: { type: 'order', params: { type: 'tasks.thaw' } },
    always: 'tasksRestarted',
  },
  tasksRestarted: {
    meta: { does: 'thaw_processes', phase: 'thaw', lines: ['tasks.restarted'] },
    always: 'reporting',
  },
  reporting: {
    id: 'reporting',
    meta: { does: 'reboot() returns to kexec -e', phase: 'thaw' },
    always: [
      { guard: 'somethingFailed', target: 'toolFailed' },
      { guard: 'toolMisreports', target: 'toolMisreported' },
      { target: '#jumpReturned' },
    ],
  },
  toolFailed: {
    meta: { does: 'kexec -e: my_exec', phase: 'thaw', lines: ['tool.kexecFailed'] },
    always: '#jumpFailed',
  },
  toolMisreported: {
    meta: { does: 'kexec -e: my_exec takes any return for a failure (A1.8 row 8)', phase: 'thaw', lines: ['tool.kexecMisreported'] },
    always: '#jumpReturned',
  },
}});

/** The states of one `kexec -e`; a chart that uses them has `#jumpReturned`, `#jumpFailed` and `#panicking`. */
export const kexecStates = kernelSetup.createStateConfig({
  initial: 'syncing',
  meta: { does: 'kexec -e: kernel_kexec' },
  entry: 'noteNoFailure',
  states: { ...goingOut.states, ...recovering.states, ...jumping.states, ...comingBack.states },
});
