/** When A works again, it works on all of its processors. */
import { isOriginalSettled } from './kernel-facts.ts';
import type { Law } from './law.ts';

export const processorsComeBack: Law = {
  name: 'processors-come-back',
  says: 'Once A works undisturbed, every processor that it took down is up again',
  verifies: 'state of every processor at the end, and interrupts of the boot processor',
  leavesOut:
    'registers (registers-come-back); a processor that Linux gave up, which it only logs, is found here',
  source: 'linux.md A1.3 row 9, A1.9 rows 11 and 12, E row 15',
  atEnd: ({ world }) => {
    if (!isOriginalSettled(world)) return [];
    const { cpus } = world.machine;
    const states = cpus.flatMap(({ state }, cpu) =>
      state === 'online' ? [] : [`processor ${cpu} is ${state}`],
    );
    const deaf = cpus[0]?.interrupts === false ? ['the boot processor takes no interrupts'] : [];
    return [...states, ...deaf].map((text) => ({ text }));
  },
};
