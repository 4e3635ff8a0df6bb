/** Log a0d of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a0d: Scenario = {
  name: 'a0d',
  about: 'as a0c, recorded once more under a debugger',
  source: 'a0d-jumpback-triplefault-debug.log: as a0c, with QEMU told to log every exception',
  shows: 'linux.md A1.8 row 7: what a0c shows, a second time',
  options: labBox({ memMax: 0x4ffffff, bAppend: 'nr_cpus=1 mem=80M', jumpBackBy: 'kexec' }),
};
