/**
 * The secondary kernel, B: purgatory, a boot inside its own range, the copy of A's memory, and then the jump back, the power-off (variant
 * `hibernate`) or a restart (the crash path). One chart for all: B learns from its command line which it is (linux.md A1.6, A3.2).
 * Facts: linux.md A1.6 to A1.9, A2.2, A3.2, and design section 6 for the partition with its commit sector.
 */
import { speaking } from './chart.ts';
import { kernelContext, kernelSetup } from './kernel/kernel-setup.ts';
import { kexecStates } from './kernel/kexec-states.ts';
import { panicStates } from './kernel/panic-states.ts';

const booting = kernelSetup.createStateConfig({
  id: 'booting',
  initial: 'verifying',
  meta: { does: 'purgatory and start_kernel', phase: 'boot' },
  states: {
    verifying: {
      tags: ['waiting'],
      meta: { does: 'purgatory: verify_sha256_digest', phase: 'boot', excuse: 'purgatory has no clock' },
      entry: { type: 'orderBare', params: { type: 'purgatory.verify' } },
      on: { 'purgatory.matched': 'starting', 'purgatory.mismatched': 'looping' },
    },
    looping: {
      tags: ['off', 'stuck'],
      meta: { does: 'purgatory: the endless loop after a mismatch', phase: 'boot' },
    },
    starting: {
      tags: ['waiting'],
      meta: {
        does: 'setup_arch within the range it was given',
        phase: 'boot',
        excuse: 'early boot has no watchdog',
      },
      entry: { type: 'order', params: { type: 'kernel.start' } },
      on: { 'kernel.started': 'probing' },
    },
    probing: {
      tags: ['waiting'],
      meta: {
        does: 'do_initcalls: the few drivers that B has',
        phase: 'boot',
        excuse: 'probing waits for ever',
      },
      entry: { type: 'order', params: { type: 'kernel.probe' } },
      on: {
        'kernel.probed': [
          { guard: 'ownsTheMachine', target: 'startingUserSpace' },
          { target: 'openingVmcore' },
        ],
      },
    },
    openingVmcore: {
      tags: ['waiting'],
      meta: { does: 'vmcore_init', phase: 'boot', excuse: 'reads memory: no time-out' },
      entry: { type: 'orderBare', params: { type: 'vmcore.open' } },
      on: {
        'vmcore.opened': { target: 'startingUserSpace', actions: 'noteVmcore' },
        'vmcore.missing': { target: 'withoutVmcore', actions: 'noteVmcore' },
      },
    },
    withoutVmcore: {
      meta: { does: 'vmcore_init failed', phase: 'boot', lines: ['vmcore.notInitialized'] },
      always: 'startingUserSpace',
    },
    startingUserSpace: {
      tags: ['waiting'],
      meta: { does: 'run_init_process', phase: 'boot', excuse: 'init waits for ever' },
      entry: { type: 'order', params: { type: 'userSpace.start' } },
      on: {
        'userSpace.started': [{ guard: 'ownsTheMachine', target: '#inCharge' }, { target: '#deciding' }],
      },
    },
  },
});

const saving = kernelSetup.createStateConfig({
  id: 'saving',
  initial: 'writing',
  meta: { does: 'copies /proc/vmcore to its partition', phase: 'save' },
  states: {
    writing: {
      tags: ['waiting'],
      meta: {
        does: 'writes a stretch of /proc/vmcore',
        phase: 'save',
        excuse: 'user space waits for its disk for ever',
      },
      entry: { type: 'orderBare', params: { type: 'image.write' } },
      on: {
        'image.chunkWritten': { target: 'writing', reenter: true },
        'image.written': 'flushingData',
        'image.failed': { target: 'failed', actions: 'noteFailure' },
      },
    },
    flushingData: {
      tags: ['waiting'],
      meta: {
        does: 'fsync: all data reach the medium',
        phase: 'save',
        excuse: 'user space waits for its disk for ever',
      },
      entry: { type: 'orderBare', params: { type: 'image.flush' } },
      on: { 'image.flushed': 'committing', 'image.failed': { target: 'failed', actions: 'noteFailure' } },
    },
    committing: {
      tags: ['waiting'],
      meta: {
        does: 'writes the commit sector',
        phase: 'save',
        excuse: 'user space waits for its disk for ever',
      },
      entry: { type: 'orderBare', params: { type: 'image.commit' } },
      on: {
        'image.committed': 'flushingCommit',
        'image.failed': { target: 'failed', actions: 'noteFailure' },
      },
    },
    flushingCommit: {
      tags: ['waiting'],
      meta: {
        does: 'fsync: the commit reaches the medium',
        phase: 'save',
        excuse: 'user space waits for its disk for ever',
      },
      entry: { type: 'orderBare', params: { type: 'image.flush' } },
      on: { 'image.flushed': 'done', 'image.failed': { target: 'withdrawing', actions: 'noteFailure' } },
    },
    withdrawing: {
      tags: ['waiting'],
      meta: {
        does: 'the commit may still reach the medium: takes it back',
        phase: 'save',
        excuse: 'user space waits for its disk for ever',
      },
      entry: { type: 'orderBare', params: { type: 'image.withdraw' } },
      on: { 'image.withdrawn': 'failed', 'image.failed': 'failed' },
    },
    done: {
      meta: { does: 'the image is complete', phase: 'save' },
      entry: [
        { type: 'noteSaved', params: { is: true } },
        { type: 'tellOperator', params: { type: 'dump.saved' } },
      ],
      always: '#saved',
    },
    failed: {
      meta: { does: 'the image could not be written', phase: 'save' },
      entry: [
        { type: 'noteSaved', params: { is: false } },
        { type: 'tellOperator', params: { type: 'dump.failed' } },
      ],
      always: '#saved',
    },
  },
});

export const dump = speaking(
  kernelSetup.createMachine({
    id: 'dump',
    context: ({ input }) => kernelContext('dump', input),
    initial: 'absent',
    on: {
      'panic.struck': {
        target: '.panicking',
        actions: { type: 'notePanic', params: { by: 'exception' } },
      },
    },
    states: {
      absent: {
        tags: ['off'],
        meta: { does: 'not loaded, or loaded and not started' },
        on: { 'control.arrived': { target: 'booting', actions: 'noteBootedBy' } },
      },
      booting,
      deciding: {
        id: 'deciding',
        meta: { does: 'init: is there a /proc/vmcore to save?', phase: 'save' },
        always: [{ guard: 'vmcoreIsThere', target: 'saving' }, { target: 'saved' }],
      },
      saving,
      inCharge: {
        id: 'inCharge',
        tags: ['settled'],
        meta: { does: 'the new system runs; there is nothing to go back to', phase: 'boot' },
        entry: { type: 'tellOperator', params: { type: 'dump.up' } },
      },
      saved: {
        id: 'saved',
        meta: { does: 'init: after a crash a restart; else off or back', phase: 'save' },
        always: [
          { guard: 'bootedByCrash', target: 'restarting' },
          { guard: 'savedAndPowersOff', target: 'poweringOff' },
          { target: 'choosingWayBack' },
        ],
      },
      choosingWayBack: {
        meta: { does: 'init: is the way back loaded?', phase: 'load' },
        always: [{ guard: 'imageIsLoaded', target: 'kexec' }, { target: 'loadingWayBack' }],
      },
      loadingWayBack: {
        tags: ['waiting'],
        meta: {
          does: 'kexec --load-jump-back-helper',
          phase: 'load',
          excuse: 'a system call without a time-out',
        },
        entry: ['notePurposeBack', 'orderLoad'],
        on: {
          'kexec.loaded': { target: 'kexec', actions: 'noteLoaded' },
          'kexec.failed': { target: 'noWayBack', actions: 'noteFailure' },
        },
      },
      noWayBack: {
        tags: ['stuck'],
        meta: { does: 'init: the helper could not be loaded; B runs on' },
        entry: { type: 'tellOperator', params: { type: 'dump.refused' } },
      },
      kexec: kexecStates,
      jumpReturned: {
        id: 'jumpReturned',
        meta: { does: 'entered again: kernel_kexec returned 0', phase: 'return' },
        always: 'deciding',
      },
      jumpFailed: {
        id: 'jumpFailed',
        tags: ['stuck'],
        meta: { does: 'kexec -e failed in B; B runs on' },
        entry: { type: 'tellOperator', params: { type: 'dump.stuck' } },
      },
      poweringOff: {
        tags: ['off'],
        meta: {
          does: 'grub-reboot C, then kernel_power_off',
          phase: 'off',
          lines: ['acpi.preparing', 'reboot.powerDown'],
        },
        entry: [
          { type: 'tellOperator', params: { type: 'dump.off' } },
          { type: 'setBootNext', params: { boot: 'restore' } },
          { type: 'order', params: { type: 'machine.powerOff' } },
        ],
      },
      restarting: {
        tags: ['off'],
        meta: { does: 'kernel_restart', phase: 'off', lines: ['reboot.restarting'] },
        entry: { type: 'order', params: { type: 'machine.restart' } },
      },
      panicking: panicStates,
    },
  }),
);
