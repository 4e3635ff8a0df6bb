/** Log a15 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a15: Scenario = {
  name: 'a15',
  about: 'a plain kexec: A is given up for another kernel',
  source: 'a15-kexec-plain.log: 2 CPUs, kexec -l without --load-preserve-context, kexec -e',
  shows:
    'linux.md A1.12: devices shut down, "Starting new kernel", a boot without firmware and without a way back',
  options: labBox({ path: 'plain-kexec', cpus: 2, memMax: undefined, bAppend: '', wayBack: 'helper' }),
};
