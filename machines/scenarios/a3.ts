/** Log a3 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a3: Scenario = {
  name: 'a3',
  about: 'one round trip of two processors, B with one',
  source: 'a3-jump-2cpu-1round.log: as a1, A with 2 CPUs, B with nr_cpus=1',
  shows: 'linux.md G.1 rows 6 and 12: CPU 1 goes and comes back; B never has it',
  options: labBox({ cpus: 2, jumpBackBy: 'kexec' }),
};
