/**
 * The first stretch of `kexec -e`: sync(), the look for an image, the freezer, the console (linux.md A1.3 rows 1 to 6, A1.10 U1).
 * A freezer that gives up has thawed everything itself before kernel_kexec hears of it.
 */
import { kernelSetup } from './kernel-setup.ts';

export const freezeStates = kernelSetup.createStateConfig({
  states: {
    syncing: {
      tags: ['waiting'],
      meta: {
        does: 'kexec -e: sync()',
        phase: 'freeze',
        excuse:
          'sync() reports no failure and has no time-out; a dead disk is seen in the errors of the tasks',
      },
      entry: { type: 'order', params: { type: 'userSpace.sync' } },
      on: { 'userSpace.synced': 'checkingImage' },
    },
    checkingImage: {
      meta: { does: 'reboot(LINUX_REBOOT_CMD_KEXEC): is an image loaded?', phase: 'freeze' },
      always: [
        { guard: 'imageIsLoaded', target: 'choosingFreezer' },
        { target: 'reporting', actions: 'noteNoImage' },
      ],
    },
    choosingFreezer: {
      meta: { does: 'kernel_kexec: freeze_processes, or not (the claim of 2007)', phase: 'freeze' },
      always: [{ guard: 'freezerIsOff', target: 'suspendingConsole' }, { target: 'freezingTasks' }],
    },
    freezingTasks: {
      tags: ['waiting'],
      meta: { does: 'freeze_processes', phase: 'freeze', lines: ['freezer.begin'] },
      entry: { type: 'order', params: { type: 'tasks.freeze' } },
      on: {
        'tasks.frozen': 'tasksFrozen',
        'tasks.aborted': { target: 'freezerAborted', actions: 'noteFailure' },
      },
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
      entry: { type: 'order', params: { type: 'tasks.show' } },
      always: 'freezerUndoing',
    },
    freezerUndoing: {
      meta: {
        does: 'thaw_processes inside freeze_processes (U1)',
        phase: 'thaw',
        lines: ['oom.enabled', 'tasks.restarting'],
      },
      entry: { type: 'order', params: { type: 'tasks.thaw' } },
      always: 'tasksRestarted',
    },
    suspendingConsole: {
      meta: { does: 'suspend_console', phase: 'quiesce', lines: ['console.suspending'] },
      entry: { type: 'order', params: { type: 'console.suspend' } },
      always: 'preparing',
    },
  },
});
