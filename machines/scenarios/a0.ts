/** Log a0 of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a0: Scenario = {
  name: 'a0',
  about: "B sees all memory, and kexec's own helper cannot be loaded",
  source:
    'a0-jump-helper-enomem-fullmem.log: mem-max 0x4ffffff, B without mem=, kexec --load-jump-back-helper',
  shows: 'linux.md A1.8 rows 1, 5 and 6: ioremap on RAM, no vmcore, ENOMEM, B runs on',
  options: labBox({ memMax: 0x4ffffff, bAppend: 'nr_cpus=1', wayBack: 'helper' }),
};
