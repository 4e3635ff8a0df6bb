/**
 * Processors, system core, and the jump itself (linux.md A1.3 rows 9 to 13, A1.4), up to the first instructions after the return (A1.9
 * rows 9 to 11). U4 and U5 of A1.10 begin here; both fall into the way back, and only what was taken down is brought back.
 */
import { kernelSetup } from './kernel-setup.ts';

export const jumpStates = kernelSetup.createStateConfig({
  states: {
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
          on: {
            'cpu.offlined': 'isDown',
            'cpu.failed': { target: 'failed', actions: 'noteFailure' },
            'cpu.aborted': { target: 'aborted', actions: 'noteFailure' },
          },
        },
        isDown: {
          meta: { does: 'native_cpu_die', phase: 'cpus', lines: ['cpu.offline'] },
          entry: 'noteCpuDown',
          always: 'deciding',
        },
        failed: {
          meta: {
            does: 'freeze_secondary_cpus gave up (U4)',
            phase: 'cpus',
            lines: ['cpu.downFailed', 'cpus.notDisabled'],
          },
          always: '#bringingCpusBack',
        },
        aborted: {
          meta: {
            does: 'freeze_secondary_cpus, woken (U4)',
            phase: 'cpus',
            lines: ['wakeup.abortCpus', 'cpus.notDisabled'],
          },
          always: '#bringingCpusBack',
        },
      },
    },
    stoppingSystemCore: {
      id: 'stoppingSystemCore',
      tags: ['waiting'],
      meta: {
        does: 'local_irq_disable, syscore_suspend',
        phase: 'jump',
        excuse: 'interrupts are off: no timer can fire',
      },
      entry: [
        { type: 'orderBare', params: { type: 'interrupts.disable' } },
        { type: 'order', params: { type: 'syscore.suspend' } },
      ],
      on: {
        'syscore.suspended': 'leaving',
        'syscore.failed': { target: 'systemCoreFailed', actions: 'noteFailure' },
        'syscore.aborted': { target: 'systemCoreAborted', actions: 'noteFailure' },
      },
    },
    systemCoreFailed: {
      meta: { does: 'syscore_suspend failed (U5)', phase: 'jump', lines: ['syscore.failed'] },
      entry: { type: 'orderBare', params: { type: 'interrupts.enable' } },
      always: 'bringingCpusBack',
    },
    systemCoreAborted: {
      meta: { does: 'syscore_suspend, woken (U5): no line', phase: 'jump' },
      entry: { type: 'orderBare', params: { type: 'interrupts.enable' } },
      always: 'bringingCpusBack',
    },
    leaving: {
      tags: ['away'],
      meta: {
        does: 'machine_kexec, relocate_kernel',
        phase: 'jump',
        excuse: 'only the way back leads on; the operator watches',
      },
      entry: [
        { type: 'order', params: { type: 'processor.save' } },
        { type: 'order', params: { type: 'kexec.jump' } },
      ],
      on: { 'control.arrived': 'arriving' },
    },
    arriving: {
      meta: {
        does: 'machine_kexec goes on: restore_processor_state, syscore_resume, local_irq_enable',
        phase: 'return',
      },
      entry: [
        { type: 'order', params: { type: 'processor.restore' } },
        { type: 'order', params: { type: 'syscore.resume' } },
        { type: 'orderBare', params: { type: 'interrupts.enable' } },
      ],
      always: 'bringingCpusBack',
    },
  },
});
