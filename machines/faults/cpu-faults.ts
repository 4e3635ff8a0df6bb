/** A processor does not do as it is told. The boot processor is none of them. */
import type { Box } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import type { CpuRecord } from '../../kernels/machine.ts';
import { item } from '../../kernels/shape.ts';
import type { Fault } from './fault.ts';
import { cpuPlaces } from './places.ts';

export const cpuStaysUp: Fault = {
  name: 'cpu-stays-up',
  about: 'a processor refuses to go offline with -EBUSY',
  source: '[S] Linux 6.12 kernel/cpu.c:freeze_secondary_cpus; linux.md A1.10 U4',
  places: (plan) => cpuPlaces(plan, 'cpu.offline'),
  strike: atCpu((cpu) => {
    cpu.staysUp = true;
  }),
};

export const cpuStaysDown: Fault = {
  name: 'cpu-stays-down',
  about: 'a processor does not come back; after 10 s the kernel goes on without it',
  source: 'linux.md E row 15 and A4.7: "CPUN failed to report alive state", "Error taking CPUN up: -5" [L]',
  places: (plan) => cpuPlaces(plan, 'cpu.online'),
  strike: atCpu((cpu) => {
    cpu.staysDown = true;
  }),
  // Given up after 10 s, and only logged.
  breaks: ['processors-come-back'],
};

export const cpuIgnoresNmi: Fault = {
  name: 'cpu-ignores-nmi',
  about: 'a processor does not answer the NMI of a panic; the kernel waits one second and goes on',
  source: '[S] Linux 6.12 arch/x86/kernel/reboot.c:nmi_shootdown_cpus; linux.md A3.2 row 4',
  places: ({ size }) => (size.cpuCount > 1 ? ['cpus.stop'] : []),
  strike: ({ machine }) => {
    item(machine.cpus, machine.cpus.length - 1).ignoresNmi = true;
  },
};

function atCpu(strike: (cpu: CpuRecord) => void) {
  return ({ machine }: Box, command: Command): void => {
    if ('cpu' in command) strike(item(machine.cpus, command.cpu));
  };
}
