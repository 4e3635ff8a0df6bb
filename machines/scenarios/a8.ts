/** Log a8 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a8: Scenario = {
  name: 'a8',
  about: 'B is not kept to its range, and A never comes back',
  source: 'a8-jump-B-unrestricted.log: as a1, without mem=',
  shows: 'linux.md A1.8 row 1, and row 5, second reason: ioremap on RAM; after the jump back silence',
  options: labBox({ bAppend: 'nr_cpus=1' }),
};
