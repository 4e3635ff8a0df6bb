/** Log a4 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a4: Scenario = {
  name: 'a4',
  about: 'three round trips, both kernels with two processors',
  source: 'a4-jump-2cpu-b2-3rounds.log: as a2, rounds=3, nr_cpus=2; the bare system call on both sides',
  shows: 'both kernels take CPU 1 down before they leave and bring it up when they are back',
  options: labBox({ cpus: 2, variant: 'rounds', rounds: 3, bAppend: 'nr_cpus=2 mem=81M', jumpBy: 'reboot' }),
};
