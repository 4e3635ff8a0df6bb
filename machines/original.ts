/**
 * The original kernel, A: it boots, its user space works, it loads images for a jump or a crash, leaves and comes back, or panics.
 * Facts: linux.md A1.2, A1.3, A1.9, A1.10, A3.1, A3.2.
 */
import { speaking } from './chart.ts';
import { kernelContext, kernelSetup } from './kernel/kernel-setup.ts';
import { kexecStates } from './kernel/kexec-states.ts';
import { panicStates } from './kernel/panic-states.ts';
import { rebootStates } from './kernel/reboot-states.ts';

export const original = speaking(
  kernelSetup.createMachine({
    id: 'original',
    context: ({ input }) => kernelContext('original', input),
    initial: 'off',
    on: {
      'panic.struck': {
        target: '.panicking',
        actions: { type: 'notePanic', params: { by: 'exception' } },
      },
    },
    states: {
      off: {
        tags: ['off'],
        meta: { does: 'not booted' },
        on: { 'control.arrived': { target: 'booting', actions: 'noteBootedBy' } },
      },
      booting: {
        id: 'booting',
        initial: 'starting',
        meta: { does: 'start_kernel', phase: 'power-on' },
        states: {
          starting: {
            tags: ['waiting'],
            meta: {
              does: 'setup_arch: memory map, crashkernel=',
              phase: 'power-on',
              excuse: 'early boot has no watchdog',
            },
            entry: { type: 'order', params: { type: 'kernel.start' } },
            on: { 'kernel.started': 'probing' },
          },
          probing: {
            tags: ['waiting'],
            meta: {
              does: 'do_initcalls: drivers probe their devices',
              phase: 'power-on',
              excuse: 'probing waits for ever',
            },
            entry: { type: 'order', params: { type: 'kernel.probe' } },
            on: { 'kernel.probed': 'startingUserSpace' },
          },
          startingUserSpace: {
            tags: ['waiting'],
            meta: {
              does: 'run_init_process: mount, start the tasks',
              phase: 'power-on',
              excuse: 'init waits for ever',
            },
            entry: { type: 'order', params: { type: 'userSpace.start' } },
            on: { 'userSpace.started': 'up' },
          },
          up: {
            meta: { does: 'user space runs', phase: 'power-on' },
            entry: { type: 'tellOperator', params: { type: 'original.up' } },
            always: '#running',
          },
        },
      },
      running: {
        id: 'running',
        tags: ['settled'],
        meta: { does: 'user space works', phase: 'work' },
        on: {
          'load.ask': { target: 'loading', actions: 'notePurpose' },
          'keep.ask': 'keeping',
          'jump.ask': [{ guard: 'contextIsLost', target: 'rebooting' }, { target: 'kexec' }],
          'crash.ask': 'crashing',
        },
      },
      crashing: {
        meta: { does: 'sysrq_handle_crash', phase: 'panic', lines: ['sysrq.crash'] },
        always: 'panicking',
      },
      loading: {
        initial: 'asking',
        meta: { does: 'kexec_load', phase: 'load' },
        states: {
          asking: {
            tags: ['waiting'],
            meta: { does: 'do_kexec_load', phase: 'load', excuse: 'a system call without a time-out' },
            entry: 'orderLoad',
            on: {
              'kexec.loaded': { target: 'done', actions: 'noteLoaded' },
              'kexec.failed': { target: 'failed', actions: 'noteFailure' },
            },
          },
          done: {
            meta: { does: 'kexec -l ends well', phase: 'load' },
            entry: { type: 'tellOperator', params: { type: 'load.answered' } },
            always: '#running',
          },
          failed: {
            meta: { does: 'kexec -l reports the error', phase: 'load' },
            entry: 'tellLoadFailed',
            always: '#running',
          },
        },
      },
      keeping: {
        initial: 'copying',
        meta: { does: 'keeps B as it was when it left', phase: 'load' },
        states: {
          copying: {
            tags: ['waiting'],
            meta: {
              does: "copies B's range out of the source pages to disk",
              phase: 'load',
              excuse: 'user space waits for its disk for ever',
            },
            entry: { type: 'order', params: { type: 'kept.save' } },
            on: {
              'kept.saved': 'done',
              'kept.failed': { target: 'failed', actions: 'noteFailure' },
            },
          },
          done: {
            meta: { does: 'B is kept', phase: 'load' },
            entry: { type: 'tellOperator', params: { type: 'keep.answered' } },
            always: '#running',
          },
          failed: {
            meta: { does: 'B could not be kept', phase: 'load' },
            entry: 'tellKeepFailed',
            always: '#running',
          },
        },
      },
      kexec: kexecStates,
      rebooting: rebootStates,
      jumpReturned: {
        id: 'jumpReturned',
        meta: { does: 'kernel_kexec returned 0', phase: 'thaw' },
        entry: { type: 'tellOperator', params: { type: 'jump.returned' } },
        always: '#running',
      },
      jumpFailed: {
        id: 'jumpFailed',
        meta: { does: 'kernel_kexec returned an error', phase: 'thaw' },
        entry: 'tellJumpFailed',
        always: '#running',
      },
      panicking: panicStates,
    },
  }),
);
