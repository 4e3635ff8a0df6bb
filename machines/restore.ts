/**
 * The restoring kernel, C: booted by firmware inside B's range after a power-off, only to put A's memory back and to jump into it.
 *
 * It checks before it writes, and takes the mark that the image was used only when all is loaded and the way into A with it; what
 * fails before that leaves the image for another try. With 6.12's means it cannot write to frames, has to load the dump through
 * kexec_load, and is refused. Facts: linux.md A2.2 rows 8 to 11, A2.3; the checks are ours (kernels/executors/restore-image.ts).
 */
import { speaking } from './chart.ts';
import { kernelContext, kernelSetup } from './kernel/kernel-setup.ts';
import { kexecStates } from './kernel/kexec-states.ts';
import { panicStates } from './kernel/panic-states.ts';

const booting = kernelSetup.createStateConfig({
  id: 'booting',
  initial: 'starting',
  meta: { does: 'start_kernel', phase: 'boot' },
  states: {
    starting: {
      tags: ['waiting'],
      meta: {
        does: 'setup_arch within memmap=exactmap',
        phase: 'boot',
        excuse: 'early boot has no watchdog',
      },
      entry: { type: 'order', params: { type: 'kernel.start' } },
      on: { 'kernel.started': 'probing' },
    },
    probing: {
      tags: ['waiting'],
      meta: {
        does: 'do_initcalls: the few drivers that C has',
        phase: 'boot',
        excuse: 'probing waits for ever',
      },
      entry: { type: 'order', params: { type: 'kernel.probe' } },
      on: { 'kernel.probed': 'startingUserSpace' },
    },
    startingUserSpace: {
      tags: ['waiting'],
      meta: { does: 'run_init_process', phase: 'boot', excuse: 'init waits for ever' },
      entry: { type: 'order', params: { type: 'userSpace.start' } },
      on: { 'userSpace.started': '#loadingImage' },
    },
  },
});

const diskExcuse = 'user space waits for its disk for ever';

const loadingImage = kernelSetup.createStateConfig({
  id: 'loadingImage',
  initial: 'checking',
  meta: { does: 'krestore', phase: 'load-image' },
  states: {
    checking: {
      tags: ['waiting'],
      meta: {
        does: 'reads the image: commit, checksum, machine, memory map, file system',
        phase: 'load-image',
        excuse: diskExcuse,
      },
      entry: { type: 'orderBare', params: { type: 'image.check' } },
      on: {
        'image.accepted': 'choosingMeans',
        'image.rejected': '#givingUp',
        'image.failed': { target: '#givingUp', actions: 'noteFailure' },
      },
    },
    choosingMeans: {
      meta: { does: 'is there a writable /dev/oldmem?', phase: 'load-image' },
      always: [{ guard: 'loadsDumpByKexec', target: 'loadingDump' }, { target: 'writingPages' }],
    },
    loadingDump: {
      tags: ['waiting'],
      meta: {
        does: 'kexec -l --args-none --entry=… dump.elf',
        phase: 'load-image',
        excuse: 'a system call without a time-out',
      },
      entry: [{ type: 'notePurposeOf', params: { purpose: 'dump' } }, 'orderLoad'],
      on: {
        'kexec.loaded': { target: 'consuming', actions: 'noteLoaded' },
        'kexec.failed': { target: '#refused', actions: 'noteFailure' },
      },
    },
    writingPages: {
      tags: ['waiting'],
      meta: { does: 'writes a stretch of A to its frames', phase: 'load-image', excuse: diskExcuse },
      entry: { type: 'orderBare', params: { type: 'image.load' } },
      on: {
        'image.chunkLoaded': { target: 'writingPages', reenter: true },
        'image.loaded': 'loadingEntry',
        'image.failed': { target: '#givingUp', actions: 'noteFailure' },
      },
    },
    loadingEntry: {
      tags: ['waiting'],
      meta: {
        does: 'kexec --load-jump-back-helper with the entry of the image',
        phase: 'load-image',
        excuse: 'a system call without a time-out',
      },
      entry: ['notePurposeBack', 'orderLoad'],
      on: {
        'kexec.loaded': { target: 'consuming', actions: 'noteLoaded' },
        'kexec.failed': { target: '#refused', actions: 'noteFailure' },
      },
    },
    consuming: {
      tags: ['waiting'],
      meta: { does: 'marks the image as used', phase: 'load-image', excuse: diskExcuse },
      entry: { type: 'orderBare', params: { type: 'image.consume' } },
      on: {
        'image.consumed': '#kexec',
        'image.failed': { target: '#givingUp', actions: 'noteFailure' },
      },
    },
  },
});

export const restore = speaking(
  kernelSetup.createMachine({
    id: 'restore',
    context: ({ input }) => kernelContext('restore', input),
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
        meta: { does: 'on the disk of the boot loader' },
        on: { 'control.arrived': { target: 'booting', actions: 'noteBootedBy' } },
      },
      booting,
      loadingImage,
      kexec: kexecStates,
      jumpReturned: {
        id: 'jumpReturned',
        tags: ['stuck'],
        meta: { does: 'entered again by a later kexec -e of A: C has nothing to save with' },
        entry: { type: 'tellOperator', params: { type: 'restore.stuck' } },
      },
      jumpFailed: {
        id: 'jumpFailed',
        tags: ['stuck'],
        meta: { does: 'kexec -e failed in C, the image is used up; C runs on' },
        entry: { type: 'tellOperator', params: { type: 'restore.stuck' } },
      },
      refused: {
        id: 'refused',
        tags: ['stuck'],
        meta: { does: 'kexec_load refused; the image is kept, C runs on', phase: 'load-image' },
        entry: { type: 'tellOperator', params: { type: 'restore.refused' } },
      },
      givingUp: {
        id: 'givingUp',
        meta: { does: 'no image to go back to: the ordinary boot', phase: 'load-image' },
        entry: { type: 'tellOperator', params: { type: 'restore.failed' } },
        always: 'restarting',
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
