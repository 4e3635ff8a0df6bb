/** Log a0c of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a0c: Scenario = {
  name: 'a0c',
  about: "the jump back to a control page that B's identity map lacks",
  source: 'a0c-jumpback-triplefault-mem80M.log: mem-max 0x4ffffff, mem=80M, an empty segment at 0x1000',
  shows: 'linux.md A1.8 row 7: the fetch at 0x50000f2 faults, and the machine resets without a line',
  options: labBox({ memMax: 0x4ffffff, bAppend: 'nr_cpus=1 mem=80M', jumpBackBy: 'kexec' }),
};
