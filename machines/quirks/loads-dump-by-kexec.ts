/** Row `krestore` of linux.md A2.3: what 6.12 leaves of the restore of 2007. */
import type { Quirk } from './quirk.ts';

export const loadsDumpByKexec: Quirk = {
  name: 'loads-dump-by-kexec',
  of: 'kernel',
  about: "nothing writes another kernel's memory: C has to load the dump of A through kexec_load",
  effect:
    'refused: more than 16 segments, or more than half of the memory that C has; C runs on, the image is kept',
  source:
    '[S] Linux 6.12 kernel/kexec.c, kernel/kexec_core.c:sanity_check_segment_list; linux.md A1.2, A2.2 row 9, A2.3',
  switchesOn: 'loadsDumpByKexec',
};
