/** Log a0b of the recordings. */
import { labBox } from './lab-box.ts';
import type { Scenario } from './scenario.ts';

export const a0b: Scenario = {
  name: 'a0b',
  about: 'as a0, with B kept to 80 MiB by mem=',
  source: 'a0b-jump-helper-enomem-mem80M.log: mem-max 0x4ffffff, mem=80M, kexec --load-jump-back-helper',
  shows: 'linux.md A1.8 rows 5 and 6: no elf header, ENOMEM, B runs on',
  options: labBox({ memMax: 0x4ffffff, bAppend: 'nr_cpus=1 mem=80M', wayBack: 'helper' }),
};
