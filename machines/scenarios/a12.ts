/** Log a12 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a12: Scenario = {
  name: 'a12',
  about: 'a restore callback of A fails after the return',
  source: 'a12-jump-A-restore-fails.log: as a1, a device answers restore with -EBUSY; the bare system call',
  shows: 'linux.md A1.9 row 14: the failure is only logged, and reboot() returns 0',
  options: labBox({ jumpBy: 'reboot', faults: [{ name: 'device-fails', where: 'restore:gpu' }] }),
};
