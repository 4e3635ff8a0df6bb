/** Log a6 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a6: Scenario = {
  name: 'a6',
  about: 'one round trip, both kernels with two processors, every callback traced',
  source: 'a6-jump-2cpu-trace.log: as a4, one round; power trace events on the console',
  shows: 'the order of all callbacks of A on the way out and back',
  options: labBox({ cpus: 2, bAppend: 'nr_cpus=2 mem=81M', jumpBy: 'reboot' }),
};
