/**
 * panic() with and without a crash kernel: linux.md A3.2, kernel/panic.c and arch/x86/kernel/crash.c of 6.12.
 *
 * First __crash_kexec with CRASHTIME and the NMI stop (at most one second), then the notes, then the jump into the reservation.
 * Without a crash image the other processors are stopped as well and the kernel ends in its last line. While the console is suspended
 * none of it is seen (console_is_usable, kernel/printk/internal.h): the lines stand in the log in memory only.
 * Not emulated: crash_kexec_post_notifiers, panic=N (the box has panic=0 and hangs), the report of an exception before the panic and
 * the frames of the call trace.
 */
import { kernelSetup } from './kernel-setup.ts';

export const panicStates = kernelSetup.createStateConfig({
  id: 'panicking',
  initial: 'reporting',
  meta: { does: 'panic', phase: 'panic' },
  states: {
    reporting: {
      meta: {
        does: 'panic: the text, dump_stack',
        phase: 'panic',
        lines: ['panic.notSyncing', 'panic.cpu', 'panic.hardware', 'panic.callTrace'],
      },
      entry: { type: 'orderBare', params: { type: 'interrupts.disable' } },
      always: [{ guard: 'crashImageIsLoaded', target: 'stoppingCpus' }, { target: 'stoppingForGood' }],
    },
    stoppingCpus: {
      tags: ['waiting'],
      meta: {
        does: 'crash_smp_send_stop, nmi_shootdown_cpus',
        phase: 'panic',
        excuse: 'the NMI stop has no failure: it waits one second and goes on',
      },
      entry: { type: 'order', params: { type: 'cpus.stop' } },
      on: { 'cpus.stopped': 'savingNotes' },
      after: { nmiTimeout: 'savingNotes' },
    },
    savingNotes: {
      meta: { does: 'crash_save_vmcoreinfo, crash_save_cpu', phase: 'panic' },
      entry: { type: 'order', params: { type: 'crash.save' } },
      always: 'leaving',
    },
    leaving: {
      tags: ['off'],
      meta: { does: 'machine_kexec with the crash image', phase: 'jump' },
      entry: { type: 'order', params: { type: 'crash.jump' } },
    },
    stoppingForGood: {
      tags: ['waiting'],
      meta: {
        does: 'smp_send_stop',
        phase: 'panic',
        excuse: 'stopping has no failure: it waits one second and goes on',
      },
      entry: { type: 'order', params: { type: 'cpus.stop' } },
      on: { 'cpus.stopped': 'halted' },
      after: { nmiTimeout: 'halted' },
    },
    halted: {
      tags: ['off', 'stuck'],
      meta: { does: 'panic: the endless loop', phase: 'panic', lines: ['panic.kernelOffset', 'panic.end'] },
      entry: { type: 'order', params: { type: 'kernel.halt' } },
    },
  },
});
