/** Log a10 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a10: Scenario = {
  name: 'a10',
  about: "B loads a whole kernel with A's entry to get back, and is refused",
  source: 'a10-jump-load-entry.log: as a2, with kexec -l --load-preserve-context --entry in B',
  shows: 'linux.md A1.2: an image of more than half of what B manages is EINVAL; B runs on',
  options: labBox({ variant: 'rounds', rounds: 2, wayBack: 'entry' }),
};
