/**
 * `kexec -e` with an image that keeps nothing: kernel_kexec's other branch (linux.md A1.12). Devices are shut down, not frozen; the other
 * processors are stopped, not unplugged; no step can fail, and none is undone.
 * Left out: reboot notifiers and syscore_shutdown, which have no line and no failure, and IO-APIC, HPET and IOMMU of machine_shutdown.
 */
import { deviceWalk } from './device-walk.ts';
import { kernelSetup } from './kernel-setup.ts';

export const rebootStates = kernelSetup.createStateConfig({
  initial: 'syncing',
  meta: { does: 'kexec -e: kernel_kexec without a preserved context' },
  states: {
    syncing: {
      tags: ['waiting'],
      meta: {
        does: 'kexec -e: sync()',
        phase: 'quiesce',
        excuse: 'sync() reports no failure and has no time-out',
      },
      entry: { type: 'order', params: { type: 'userSpace.sync' } },
      on: { 'userSpace.synced': 'shuttingDown' },
    },
    shuttingDown: deviceWalk({
      callback: 'shutdown',
      does: 'kernel_restart_prepare: device_shutdown',
      phase: 'quiesce',
      order: 'children-first',
      from: 'active',
      to: 'shutDown',
      next: '#startingNewKernel',
    }),
    startingNewKernel: {
      id: 'startingNewKernel',
      meta: {
        does: 'migrate_to_reboot_cpu, syscore_shutdown',
        phase: 'cpus',
        lines: ['kexec.startingNewKernel'],
      },
      always: 'stoppingCpus',
    },
    stoppingCpus: {
      tags: ['waiting'],
      meta: {
        does: 'machine_shutdown: stop_other_cpus',
        phase: 'cpus',
        excuse: 'stopping has no failure: it waits one second and goes on',
      },
      entry: { type: 'order', params: { type: 'cpus.stop' } },
      on: { 'cpus.stopped': 'leaving' },
      after: { nmiTimeout: 'leaving' },
    },
    leaving: {
      tags: ['off'],
      meta: { does: 'machine_kexec: nothing leads back', phase: 'jump' },
      entry: [
        { type: 'orderBare', params: { type: 'interrupts.disable' } },
        { type: 'order', params: { type: 'kexec.start' } },
      ],
    },
  },
});
