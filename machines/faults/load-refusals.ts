/** Reasons for which the kernel refuses kexec_load before it looks at the image (linux.md A1.2). The tool prints the error's text. */
import type { Machine } from '../../kernels/machine.ts';
import type { Fault } from './fault.ts';
import { ofAllKernels } from './places.ts';

type Refusal = Exclude<Machine['faults']['refusesLoad'], 'no'>;

const refusal = (
  reason: Refusal,
  { name, about, source }: Pick<Fault, 'name' | 'about' | 'source'>,
): Fault => ({
  name,
  about,
  source,
  places: (plan) => ofAllKernels(plan, ['kexec.load']),
  strike: ({ machine }) => {
    machine.faults.refusesLoad = reason;
  },
  // In B or C: there is no way to A any more, which stays as it was left.
  breaks: ['frozen-tasks-thaw'],
});

export const kexecLoadDisabled = refusal('disabled', {
  name: 'kexec-load-disabled',
  about: 'kexec_load_disabled is 1, or the limit of loads is used up: EPERM',
  source: '[L e8] kexec_load_disabled, kexec_load_limit_reboot; linux.md A1.2',
});

export const kernelLockedDown = refusal('lockdown', {
  name: 'kernel-locked-down',
  about: 'the kernel is locked down and loads no unsigned image: EPERM, with a line',
  source: '[S] Linux 6.12 security/lockdown/lockdown.c; linux.md E row 16',
});

export const kexecBusy = refusal('locked', {
  name: 'kexec-busy',
  about: 'another load or jump holds the kexec lock: EBUSY',
  source: '[L e8] concurrent loads; linux.md A1.2',
});
