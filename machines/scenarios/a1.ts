/** Log a1 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a1: Scenario = {
  name: 'a1',
  about: 'one round trip on one processor',
  source: 'a1-jump-1cpu-1round.log: mem-max 0x50fffff, mem=81M, an empty segment at 0x1000',
  shows:
    'a perfect round trip, without a vmcore, after which kexec says that it failed (linux.md A1.8 rows 5 and 8)',
  options: labBox({ jumpBackBy: 'kexec' }),
};
