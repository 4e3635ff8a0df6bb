// A machine of 81 states, 20 of them composites, with the shape that the chart of a kernel jumping by kexec has: phases in a
// row, a walk over all devices in each, and failures that lead from everywhere into the middle of the unwinding.
// Steps: Linux 6.12 `kernel/kexec_core.c:kernel_kexec`; device phases: `drivers/base/power/main.c`.

import { setup } from 'xstate';

const kernel = setup({
  guards: {
    allDevicesAnswered: () => false,
    allProcessorsOffline: () => false,
    allProcessorsOnline: () => false,
    imageIsLoaded: () => true,
    wakeupIsPending: () => false,
    noTaskRefuses: () => true,
    segmentsFit: () => true,
  },
  actions: {
    askNextDevice: () => undefined,
    offlineNextProcessor: () => undefined,
    onlineNextProcessor: () => undefined,
    noteFailure: () => undefined,
    printFreezing: () => undefined,
    freezeTasks: () => undefined,
    thawTasks: () => undefined,
    suspendConsole: () => undefined,
    resumeConsole: () => undefined,
    allocateControlPage: () => undefined,
    copySegment: () => undefined,
    lock: () => undefined,
    unlock: () => undefined,
    saveProcessorState: () => undefined,
    jump: () => undefined,
    dumpLog: () => undefined,
    enableInterrupts: () => undefined,
    disableInterrupts: () => undefined,
  },
  delays: { freezeTimeout: 20_000, deviceTimeout: 60_000, processorTimeout: 10_000, syscoreTimeout: 1000 },
});

/** One phase over all devices going down: ask, wait for the answer, and give up at the first failure. */
function walkDown(name: string, next: string, undo: string) {
  return kernel.createStateConfig({
    initial: 'choosing',
    meta: { does: name },
    states: {
      choosing: { always: [{ guard: 'allDevicesAnswered', target: next }, { target: 'waiting' }] },
      waiting: {
        entry: 'askNextDevice',
        on: {
          'device.quiesced': 'choosing',
          'device.failed': { target: undo, actions: 'noteFailure' },
          'wakeup.pending': undo,
        },
        after: { deviceTimeout: undo },
      },
    },
  });
}

/** One phase over all devices coming up: a failure is only noted. */
function walkUp(name: string, next: string) {
  return kernel.createStateConfig({
    initial: 'choosing',
    meta: { does: name },
    states: {
      choosing: { always: [{ guard: 'allDevicesAnswered', target: next }, { target: 'waiting' }] },
      waiting: {
        entry: 'askNextDevice',
        on: { 'device.resumed': 'choosing', 'device.failed': { target: 'choosing', actions: 'noteFailure' } },
        after: { deviceTimeout: '#original.hung' },
      },
    },
  });
}

const booting = kernel.createStateConfig({
  initial: 'decompressing',
  states: {
    decompressing: { on: { 'image.unpacked': 'settingUpMemory' } },
    settingUpMemory: {
      meta: { does: 'setup_arch' },
      on: { 'memory.ready': 'reservingCrashkernel', 'memory.failed': '#original.panicked' },
    },
    reservingCrashkernel: {
      meta: { does: 'arch_reserve_crashkernel' },
      on: { 'region.reserved': 'startingProcessors', 'region.failed': 'startingProcessors' },
    },
    startingProcessors: {
      meta: { does: 'smp_init' },
      entry: 'onlineNextProcessor',
      on: { 'cpu.online': 'probingDevices' },
      after: { processorTimeout: 'probingDevices' },
    },
    probingDevices: { meta: { does: 'do_initcalls' }, on: { 'devices.probed': 'mountingRoot' } },
    mountingRoot: {
      meta: { does: 'prepare_namespace' },
      on: { 'root.mounted': '#original.running', 'root.failed': '#original.panicked' },
    },
  },
});

const running = kernel.createStateConfig({
  initial: 'idle',
  on: { 'kernel.oops': '#original.panicked' },
  states: {
    idle: { on: { 'kexec.load': 'loading' } },
    loading: {
      initial: 'checking',
      meta: { does: 'do_kexec_load' },
      states: {
        checking: {
          always: [
            { guard: 'segmentsFit', target: 'allocating' },
            { target: '#original.running.idle', actions: 'noteFailure' },
          ],
        },
        allocating: {
          entry: 'allocateControlPage',
          on: { 'page.allocated': 'copying', 'page.failed': '#original.running.idle' },
        },
        copying: {
          entry: 'copySegment',
          on: {
            'segment.copied': { target: 'copying', reenter: true },
            'segments.done': '#original.running.loaded',
          },
        },
      },
    },
    loaded: {
      on: {
        'kexec.load': 'loading',
        'kexec.unload': 'idle',
        'kexec.execute': { target: '#original.kernelKexec', actions: 'lock' },
      },
    },
  },
});

const kernelKexec = kernel.createStateConfig({
  initial: 'checkingImage',
  meta: { does: 'kernel_kexec' },
  states: {
    checkingImage: {
      always: [
        { guard: 'imageIsLoaded', target: 'preparingConsole' },
        { target: '#original.unwinding.unlocking' },
      ],
    },
    preparingConsole: { on: { 'console.prepared': 'freezingProcesses' } },
    freezingProcesses: {
      initial: 'signalling',
      meta: { does: 'freeze_processes' },
      states: {
        signalling: { entry: ['printFreezing', 'freezeTasks'], on: { 'task.frozen': 'counting' } },
        counting: {
          always: { guard: 'noTaskRefuses', target: '#original.kernelKexec.suspendingConsole' },
          on: { 'task.frozen': { target: 'counting', reenter: true } },
          after: { freezeTimeout: { target: 'thawingAgain', actions: 'noteFailure' } },
        },
        thawingAgain: { entry: 'thawTasks', on: { 'tasks.thawed': '#original.unwinding.restoringConsole' } },
      },
    },
    suspendingConsole: {
      entry: 'suspendConsole',
      on: { 'console.suspended': 'preparingDevices' },
    },
    preparingDevices: walkDown(
      'dpm_prepare',
      '#original.kernelKexec.freezingDevices',
      '#original.unwinding.resumingConsole',
    ),
    freezingDevices: walkDown(
      'dpm_suspend',
      '#original.kernelKexec.freezingLate',
      '#original.unwinding.resumingConsole',
    ),
    freezingLate: walkDown(
      'dpm_suspend_late',
      '#original.kernelKexec.freezingNoirq',
      '#original.unwinding.resumingDevices',
    ),
    freezingNoirq: walkDown(
      'dpm_suspend_noirq',
      '#original.kernelKexec.disablingProcessors',
      '#original.unwinding.resumingDevices',
    ),
    disablingProcessors: {
      initial: 'choosing',
      meta: { does: 'suspend_disable_secondary_cpus' },
      states: {
        choosing: {
          always: [
            { guard: 'wakeupIsPending', target: '#original.unwinding.enablingProcessors' },
            { guard: 'allProcessorsOffline', target: '#original.kernelKexec.disablingInterrupts' },
            { target: 'takingDown' },
          ],
        },
        takingDown: {
          entry: 'offlineNextProcessor',
          on: { 'cpu.offline': 'choosing', 'cpu.failed': '#original.unwinding.enablingProcessors' },
          after: { processorTimeout: '#original.unwinding.enablingProcessors' },
        },
      },
    },
    disablingInterrupts: { entry: 'disableInterrupts', always: 'suspendingSyscore' },
    suspendingSyscore: {
      meta: { does: 'syscore_suspend' },
      on: { 'syscore.suspended': 'dumpingLog', 'syscore.failed': '#original.unwinding.enablingInterrupts' },
      after: { syscoreTimeout: '#original.unwinding.enablingInterrupts' },
    },
    dumpingLog: { meta: { does: 'kmsg_dump' }, entry: 'dumpLog', always: 'jumping' },
    jumping: {
      meta: { does: 'machine_kexec' },
      entry: ['saveProcessorState', 'jump'],
      on: { 'control.left': '#original.away' },
    },
  },
});

const returning = kernel.createStateConfig({
  initial: 'restoringProcessorState',
  states: {
    restoringProcessorState: { always: 'resumingSyscore' },
    resumingSyscore: {
      meta: { does: 'syscore_resume' },
      on: { 'syscore.resumed': 'enablingInterrupts' },
    },
    enablingInterrupts: { entry: 'enableInterrupts', always: 'enablingProcessors' },
    enablingProcessors: {
      initial: 'choosing',
      meta: { does: 'suspend_enable_secondary_cpus' },
      states: {
        choosing: {
          always: [
            { guard: 'allProcessorsOnline', target: '#original.returning.restoringNoirq' },
            { target: 'bringingUp' },
          ],
        },
        bringingUp: {
          entry: 'onlineNextProcessor',
          on: { 'cpu.online': 'choosing', 'cpu.failed': { target: 'choosing', actions: 'noteFailure' } },
          after: { processorTimeout: 'choosing' },
        },
      },
    },
    restoringNoirq: walkUp('dpm_resume_noirq', '#original.returning.restoringEarly'),
    restoringEarly: walkUp('dpm_resume_early', '#original.returning.restoring'),
    restoring: walkUp('dpm_resume', '#original.returning.completing'),
    completing: walkUp('dpm_complete', '#original.returning.resumingConsole'),
    resumingConsole: { entry: 'resumeConsole', on: { 'console.resumed': 'thawing' } },
    thawing: { entry: 'thawTasks', on: { 'tasks.thawed': 'unlocking' } },
    unlocking: { entry: 'unlock', always: '#original.running.loaded' },
  },
});

const unwinding = kernel.createStateConfig({
  initial: 'enablingInterrupts',
  states: {
    enablingInterrupts: { entry: 'enableInterrupts', always: 'enablingProcessors' },
    enablingProcessors: {
      entry: 'onlineNextProcessor',
      on: { 'cpus.online': 'startingDevices' },
      after: { processorTimeout: 'startingDevices' },
    },
    startingDevices: walkUp('dpm_resume_start', '#original.unwinding.resumingDevices'),
    resumingDevices: walkUp('dpm_resume_end', '#original.unwinding.resumingConsole'),
    resumingConsole: { entry: 'resumeConsole', on: { 'console.resumed': 'thawing' } },
    thawing: { entry: 'thawTasks', on: { 'tasks.thawed': 'restoringConsole' } },
    restoringConsole: { on: { 'console.restored': 'unlocking' } },
    unlocking: { entry: 'unlock', always: '#original.running.loaded' },
  },
});

/** Seven composites in a row, walks inside them, and failures that leave from everywhere to the middle of the unwinding. */
export const kernelMachine = kernel.createMachine({
  id: 'original',
  initial: 'booting',
  on: { 'power.cut': '.off' },
  states: {
    booting,
    running,
    kernelKexec,
    away: { on: { 'control.returned': 'returning', 'control.lost': 'hung' } },
    returning,
    unwinding,
    panicked: { on: { 'watchdog.bite': 'booting' } },
    hung: { on: { 'watchdog.bite': 'booting' } },
    off: { type: 'final' },
  },
});
