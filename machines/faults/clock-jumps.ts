/** The clock with the battery is all that tells a kernel how long it slept (linux.md E row 14). */
import type { Box } from '../../kernels/box.ts';
import type { Fault } from './fault.ts';

const clockJumps = (to: 'early' | 'late', { name, about }: Pick<Fault, 'name' | 'about'>): Fault => ({
  name,
  about,
  source: '[S] Linux 6.12 kernel/time/timekeeping.c:timekeeping_resume; linux.md E row 14',
  places: () => ['syscore.resume'],
  strike: ({ machine }: Box) => {
    machine.batteryClock = to;
  },
});

export const clockJumpsBack = clockJumps('early', {
  name: 'clock-jumps-back',
  about: 'when A wakes its system core, the battery clock tells an earlier time than when it went to sleep',
});

export const clockJumpsAhead = clockJumps('late', {
  name: 'clock-jumps-ahead',
  about: 'when A wakes its system core, the battery clock tells a time months later',
});
