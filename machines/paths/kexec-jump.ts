/**
 * Path `kexec-jump`: load B, work, `kexec -e`; B saves A's memory and jumps back; A works on.
 * Facts: linux.md A1.3 to A1.9 (6.12) and, for a reserved region without backup pages, the descriptions of 2007 (A2.1).
 */
import { speaking } from '../chart.ts';
import { hibernate } from './hibernate.ts';
import { jumpBackStates } from './jump-back-states.ts';
import { jumpBackLacks } from './jump-lacks.ts';
import { keptB } from './kept-b.ts';
import {
  operatorContext,
  operatorEnds,
  operatorSetup,
  operatorShape,
  operatorStart,
} from './operator-setup.ts';
import type { Lack, Path } from './path.ts';
import { rounds } from './rounds.ts';

const jumpBack = speaking(
  operatorSetup.createMachine({
    id: 'kexec-jump',
    context: operatorContext,
    initial: 'idle',
    states: {
      ...operatorStart('loading'),
      ...jumpBackStates({ afterReturn: 'settling', afterFailure: 'workingOn' }),
      ...operatorEnds,
    },
  }),
);

/** The same, but an operator who does not take no for an answer: what a failure leaves behind meets the next attempt (A1.10 U2). */
const tryAgain = speaking(
  operatorSetup.createMachine({
    id: 'kexec-jump-again',
    context: operatorContext,
    initial: 'idle',
    states: {
      ...operatorStart('loading'),
      ...jumpBackStates({ afterReturn: 'settling', afterFailure: 'choosing' }),
      choosing: {
        meta: { does: 'once more?', phase: 'thaw' },
        always: [{ guard: 'mayTryAgain', target: 'pausing' }, { target: 'workingOn' }],
      },
      pausing: {
        meta: { does: 'works on for a while, then tries again', phase: 'thaw' },
        on: { 'original.up': 'lost' },
        after: { work: 'jumping' },
      },
      ...operatorEnds,
    },
  }),
);

/** Against kdump by its own nature; against hibernation by linux.md A1.11, row by row. */
const lacks: readonly Lack[] = [
  {
    phase: 'load',
    step: 'kexec.load crash',
    because:
      'the image is loaded to preserve the context (kexec -l --load-preserve-context), not for a panic',
    source: 'Linux 6.12 kernel/kexec.c:do_kexec_load; linux.md A1.2',
  },
  {
    phase: 'load',
    step: 'kexec.load plain',
    because: 'A is to be gone back to: its memory and its registers are kept',
    source: 'linux.md A1.12',
  },
  {
    phase: 'boot',
    step: 'dump.up',
    because: 'B has work to do and goes back; it is no system to log in to',
    source: 'linux.md A1.6, A1.12',
  },
  {
    phase: 'cpus',
    because: 'the other processors are unplugged, so that they can be plugged in again, not only stopped',
    source: 'Linux 6.12 kernel/kexec_core.c:kernel_kexec; linux.md A1.3 row 9, A1.12 row 4',
  },
  {
    phase: 'freeze',
    leavesOut: 'PM notifiers',
    because: 'drivers that prepare memory or helpers in the notifier are not told',
    source: 'linux.md A1.11',
  },
  {
    phase: 'freeze',
    leavesOut: 'ksys_sync',
    because: 'only the tool syncs (kexec -e), the kernel does not',
    source: 'linux.md A1.11',
  },
  {
    phase: 'freeze',
    leavesOut: 'freeze_kernel_threads',
    because: 'kernel threads and freezable workqueues run on until the processors are off',
    source: 'linux.md A1.11',
  },
  {
    phase: 'quiesce',
    leavesOut: 'pm_restrict_gfp_mask',
    because: 'allocations while devices freeze may start input and output',
    source: 'linux.md A1.11',
  },
  {
    phase: 'quiesce',
    leavesOut: 'platform_begin',
    because: 'no ACPI sleep methods and no wake devices: the machine stays on',
    source: 'linux.md A1.11',
  },
  {
    phase: 'quiesce',
    leavesOut: 'lock_device_hotplug',
    because: 'probing is blocked by dpm_prepare only',
    source: 'linux.md A1.11',
  },
  {
    phase: 'jump',
    leavesOut: 'pm_wakeup_pending',
    because: 'a wakeup is looked for only within dpm_suspend, its late part and syscore_suspend',
    source: 'linux.md A1.11',
  },
  {
    phase: 'quiesce',
    because: 'devices are frozen and what they hold is kept, so that they can go on: they are not shut down',
    source: 'linux.md A1.3 rows 7 and 8, A1.12 row 1',
  },
  {
    phase: 'jump',
    because: 'A leaves with its devices asleep and its registers kept, to be gone back to',
    source: 'Linux 6.12 kernel/kexec_core.c:kernel_kexec; linux.md A1.3',
  },
  {
    phase: 'panic',
    because: 'nothing has gone wrong: A leaves because it is asked to',
    source: 'linux.md A1.3',
  },
];

export const kexecJump: Path = {
  name: 'kexec-jump',
  about: 'A second kernel saves the first one and jumps back into it',
  source: 'Linux 6.12 kernel/kexec_core.c:kernel_kexec; linux.md A1.3 to A1.9',
  goal: 'restored',
  needsRegion: false,
  lacks,
  variants: [
    {
      name: 'jump-back',
      about: 'A to B, B saves the image, B jumps back to A',
      operator: jumpBack,
      operatorShape,
      lacks: jumpBackLacks,
    },
    {
      name: 'try-again',
      about: 'as jump-back, but a kexec -e that fails is tried again, up to eight times',
      operator: tryAgain,
      operatorShape,
      lacks: jumpBackLacks,
    },
    rounds,
    hibernate,
    keptB,
  ],
};
