/**
 * A wakeup event comes in: where one is looked for (linux.md B.5), and between the places where nobody looks. B and C have no tasks to
 * freeze and no processor to take down.
 */
import { variantOf } from '../paths/variant-of.ts';
import type { Fault } from './fault.ts';
import { ofAllKernels } from './places.ts';

export const wakeup: Fault = {
  name: 'wakeup',
  about: 'a wakeup event comes in: whoever looks next gives up with -EBUSY',
  source: '[S] Linux 6.12 drivers/base/power/wakeup.c:pm_wakeup_pending; linux.md B.5, E row 12',
  places: (plan) => [
    ...(plan.freezer ? ['tasks.freeze'] : []),
    ...ofAllKernels(plan, ['freeze', 'freezeLate', 'syscore.suspend', 'kexec.jump']),
    ...(plan.size.cpuCount > 1 ? ['cpu.offline'] : []),
    'image.write',
    ...(variantOf(plan).goesOff ? ['image.load'] : []),
    'complete',
  ],
  strike: ({ machine }) => {
    machine.wakeupPending = true;
  },
  // B or C is given up on its way to A, which stays as it was left.
  breaks: ['frozen-tasks-thaw'],
};
