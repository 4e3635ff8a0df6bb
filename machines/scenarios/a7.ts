/** Log a7 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a7: Scenario = {
  name: 'a7',
  about: 'B is to save A, and has no /proc/vmcore to save from',
  source: 'a7-jump-save-image.log: as a1, save=1: cp and makedumpfile from /proc/vmcore, which is missing',
  shows: 'linux.md A1.8 row 5, first reason: B has written over the elfcorehdr at the top of its own memory',
  options: labBox({ jumpBy: 'reboot' }),
};
