/** Log a9 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a9: Scenario = {
  name: 'a9',
  about: 'B is kept to its range by --pass-memmap-cmdline',
  source: 'a9-jump-pass-memmap.log: as a1, with --pass-memmap-cmdline in the place of mem=',
  shows: 'linux.md A1.8 rows 2 and 5, third reason: notes without content; the jump works',
  options: labBox({ bAppend: 'nr_cpus=1', passMemmap: true }),
};
