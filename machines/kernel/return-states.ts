/**
 * The way back (linux.md A1.9 rows 12 to 17), taken after a jump as after every failure behind U2: processors, devices with RESTORE,
 * console, tasks, and what the tool says. On the way up a failure is logged and nothing stops (B.4).
 */
import { deviceWalk } from './device-walk.ts';
import { kernelSetup } from './kernel-setup.ts';

export const returnStates = kernelSetup.createStateConfig({
  states: {
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
          meta: {
            does: 'thaw_secondary_cpus: goes on without it',
            phase: 'resume',
            lines: ['cpu.notAlive', 'cpu.failed'],
          },
          entry: 'noteCpuLost',
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
      failureLines: ['device.callbackFailed', 'device.returned', 'device.failed'],
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
      failureLines: ['device.callbackFailed', 'device.returned', 'device.failed'],
    }),
    restoring: deviceWalk({
      id: 'restoring',
      callback: 'restore',
      begin: 'passRefused',
      isWatched: true,
      does: 'dpm_resume (RESTORE)',
      phase: 'resume',
      order: 'parents-first',
      from: 'frozen',
      to: 'prepared',
      next: '#completing',
      failureLines: ['device.callbackFailed', 'device.returned', 'device.failed'],
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
      meta: {
        does: 'kexec -e: my_exec takes any return for a failure (A1.8 row 8)',
        phase: 'thaw',
        lines: ['tool.kexecMisreported'],
      },
      always: '#jumpReturned',
    },
  },
});
