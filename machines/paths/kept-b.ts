/**
 * Variant `kept-b`: after the first visit A keeps B's range and the way in, and later jumps load those instead of a kernel that has to
 * boot. Follows descriptions of 2007; 6.12 and its tools have nothing of it (kernels/executors/kept-kernel.ts).
 */
import { speaking } from '../chart.ts';
import { jumpBackStates } from './jump-back-states.ts';
import { staysOn } from './jump-lacks.ts';
import {
  operatorContext,
  operatorEnds,
  operatorSetup,
  operatorShape,
  operatorStart,
} from './operator-setup.ts';
import type { Variant } from './path.ts';

const operator = speaking(
  operatorSetup.createMachine({
    id: 'kexec-jump-kept-b',
    context: operatorContext,
    initial: 'idle',
    states: {
      ...operatorStart('loading'),
      ...jumpBackStates({ afterReturn: 'counting', afterFailure: 'workingOn' }),
      counting: {
        meta: { does: 'another round?', phase: 'thaw' },
        always: [
          { guard: 'firstRoundIsOver', target: 'keeping' },
          { guard: 'roundsAreLeft', target: 'loadingKept' },
          { target: 'settling' },
        ],
      },
      keeping: {
        tags: ['waiting'],
        meta: { does: 'has A keep B as it was when it left', phase: 'load' },
        entry: { type: 'say', params: { to: 'original', message: { type: 'keep.ask' } } },
        on: { 'keep.answered': 'kept', 'keep.failed': 'workingOn', 'original.up': 'lost' },
        after: { watchdog: 'hung' },
      },
      kept: {
        meta: { does: 'is a jump left to make?', phase: 'load' },
        always: [{ guard: 'roundsAreLeft', target: 'loadingKept' }, { target: 'settling' }],
      },
      loadingKept: {
        tags: ['waiting'],
        meta: { does: 'kexec -u; kexec -l with the kept pages', phase: 'load' },
        entry: { type: 'say', params: { to: 'original', message: { type: 'load.ask', purpose: 'kept' } } },
        on: { 'load.answered': 'working', 'load.failed': 'refused', 'original.up': 'lost' },
        after: { watchdog: 'hung' },
      },
      ...operatorEnds,
    },
  }),
);

export const keptB: Variant = {
  name: 'kept-b',
  about:
    "B's range and its re-entry are kept after its first boot, and later jumps load those instead of booting",
  operator,
  operatorShape,
  lacks: [
    ...staysOn,
    {
      by: 'dump',
      because:
        'B leaves for good after its last round, and what it did there is done again by the B that was kept',
      source: 'descriptions of 2007; ours: kernels/executors/kept-kernel.ts',
    },
  ],
};
