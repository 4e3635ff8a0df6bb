/**
 * `kernel_kexec` with a preserved context (kernel/kexec_core.c, 6.12), the same in A and in B: linux.md A1.3 on the way out, A1.9
 * on the way back, A1.10 where it gives up. Linux unwinds by falling into the return path at the right label, and so does this
 * chart: U1 at `freezerUndoing`, U2 at `resumingConsole` with the quirk and at `restoring` without it, U3 at `restoring`, U4 and U5 at
 * `bringingCpusBack`. Every unwind uses the RESTORE callbacks although no jump happened.
 *
 * Left out: virtual terminal switching (rows 4 and 17, no line, no failure), kmsg dumpers (row 12).
 * Deviation: user space's sync() of `kexec -e` is the first state, because the work of the tool and of the system call are one story.
 */
import { freezeStates } from './freeze-states.ts';
import { jumpStates } from './jump-states.ts';
import { kernelSetup } from './kernel-setup.ts';
import { quiesceStates, recoverStates } from './quiesce-states.ts';
import { returnStates } from './return-states.ts';

/** The states of one `kexec -e`; a chart that uses them has `#jumpReturned`, `#jumpFailed` and `#panicking`. */
export const kexecStates = kernelSetup.createStateConfig({
  id: 'kexec',
  initial: 'syncing',
  meta: { does: 'kexec -e: kernel_kexec' },
  entry: 'noteNoFailure',
  states: {
    ...freezeStates.states,
    ...quiesceStates.states,
    ...recoverStates.states,
    ...jumpStates.states,
    ...returnStates.states,
  },
});
