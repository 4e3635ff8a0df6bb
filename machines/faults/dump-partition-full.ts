import type { Fault } from './fault.ts';

export const dumpPartitionFull: Fault = {
  name: 'dump-partition-full',
  about: 'the partition that B saves to has no room for the memory of A: ENOSPC before anything is written',
  source: 'ours: a partition made for less memory; linux.md E row 3 for what swsusp does there',
  places: () => ['image.write'],
  strike: ({ machine }) => {
    machine.faults.dumpHasNoRoom = true;
  },
};
