import { variantOf } from '../paths/variant-of.ts';
import type { Fault } from './fault.ts';

export const outOfMemory: Fault = {
  name: 'out-of-memory',
  about: 'B or C has too little memory: the OOM killer takes the program that saves or loads',
  source: '[L b1] "Out of memory: Killed process 111 (makedumpfile)"; linux.md E row 23, F',
  places: (plan) => ['image.write', ...(variantOf(plan).goesOff ? ['image.load'] : [])],
  strike: ({ machine }) => {
    machine.faults.outOfMemory = true;
  },
};
