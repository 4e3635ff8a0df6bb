/**
 * Variant `rounds`: A to B to A, and again without a load (linux.md A1.9 row 8, logs a2 and a4). B is entered inside its own jump, goes on
 * there, saves again and jumps back; the re-entries of both sides alternate.
 */
import { speaking } from '../chart.ts';
import { jumpBackStates } from './jump-back-states.ts';
import { keepsNothing, staysOn } from './jump-lacks.ts';
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
    id: 'kexec-jump-rounds',
    context: operatorContext,
    initial: 'idle',
    states: {
      ...operatorStart('loading'),
      ...jumpBackStates({ afterReturn: 'counting', afterFailure: 'workingOn' }),
      counting: {
        meta: { does: 'another round?', phase: 'thaw' },
        always: [{ guard: 'roundsAreLeft', target: 'pausing' }, { target: 'settling' }],
      },
      pausing: {
        meta: { does: 'works on for a while, then leaves once more', phase: 'work' },
        on: { 'original.up': 'lost' },
        after: { work: 'jumping' },
      },
      ...operatorEnds,
    },
  }),
);

export const rounds: Variant = {
  name: 'rounds',
  about: 'A to B to A to B to A: later rounds need no load',
  operator,
  operatorShape,
  lacks: [...staysOn, ...keepsNothing],
};
