/** Wherever a pending wakeup event is looked for (linux.md B.5). B has no tasks to freeze and no processor to take down. */
import type { Fault } from './fault.ts';
import { ofBothKernels } from './places.ts';

export const wakeup: Fault = {
  name: 'wakeup',
  about: 'a wakeup event comes in: whoever looks next gives up with -EBUSY',
  source: '[S] Linux 6.12 drivers/base/power/wakeup.c:pm_wakeup_pending; linux.md B.5, E row 12',
  places: ({ freezer, size }) => [
    ...(freezer ? ['tasks.freeze'] : []),
    ...ofBothKernels(['freeze', 'freezeLate', 'syscore.suspend']),
    ...(size.cpuCount > 1 ? ['cpu.offline'] : []),
  ],
  strike: ({ machine }) => {
    machine.wakeupPending = true;
  },
};
