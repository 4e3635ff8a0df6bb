import type { Fault } from './fault.ts';
import { ofAllKernels } from './places.ts';

export const syscoreFails: Fault = {
  name: 'syscore-fails',
  about: 'a system core callback fails with -EBUSY',
  source: '[L e8] "PM: System core suspend callback … failed."; linux.md A1.10 U5',
  places: (plan) => ofAllKernels(plan, ['syscore.suspend']),
  strike: ({ machine }) => {
    machine.faults.syscoreFails = true;
  },
  // In B or C: it is given up on its way to A, which stays as it was left.
  breaks: ['frozen-tasks-thaw'],
};
