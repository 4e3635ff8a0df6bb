/** Log a2 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a2: Scenario = {
  name: 'a2',
  about: 'two round trips on one processor: B is entered again, not booted',
  source: 'a2-jump-1cpu-2rounds.log: as a1, rounds=2; B leaves by the bare system call',
  shows: 'linux.md A1.9: the second kexec -e needs no load, B goes on inside its own reboot()',
  options: labBox({ variant: 'rounds', rounds: 2 }),
};
