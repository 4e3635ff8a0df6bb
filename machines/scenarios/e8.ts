/** Log e8 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const e8: Scenario = {
  name: 'e8',
  about: 'six jumps in a row are given up, each at another step, in one boot',
  source:
    'e8-kexec-failures.log: a test driver fails at prepare, freeze, freeze_late, freeze_noirq and syscore_suspend; a task sleeps',
  shows: 'linux.md A1.10 U1 to U5: what each unwinds, and what the first two leak to the next',
  options: labBox({
    variant: 'try-again',
    attempts: 6,
    cpus: 2,
    faults: [
      { name: 'device-fails', where: 'prepare:gpu' },
      { name: 'device-fails', where: 'freeze:gpu' },
      { name: 'device-fails', where: 'freezeLate:gpu' },
      { name: 'device-fails', where: 'freezeNoirq:gpu' },
      { name: 'syscore-fails', where: 'syscore.suspend' },
      { name: 'unfreezable-task', where: 'tasks.freeze#6' },
    ],
  }),
};
