/**
 * Path `none`: the machine is switched on, works, and is left alone. What every other path is compared with: a run with a
 * hibernation must end in the same visible state as this one (design section 5).
 */
import { speaking } from '../chart.ts';
import {
  operatorContext,
  operatorEnds,
  operatorSetup,
  operatorShape,
  operatorStart,
} from './operator-setup.ts';
import type { Path } from './path.ts';

const stay = speaking(
  operatorSetup.createMachine({
    id: 'none',
    context: operatorContext,
    initial: 'idle',
    states: {
      ...operatorStart('working'),
      working: {
        meta: { does: 'works for a while', phase: 'work' },
        on: { 'original.up': 'lost' },
        after: { work: 'settling' },
      },
      settling: {
        meta: { does: 'works on', phase: 'work' },
        on: { 'original.up': 'lost' },
        after: { settle: 'restored' },
      },
      ...operatorEnds,
    },
  }),
);

export const none: Path = {
  name: 'none',
  about: 'No suspend at all: the same box and workload, left alone',
  source: 'ours: the twin that runs with a hibernation are compared with',
  goal: 'restored',
  needsRegion: false,
  lacks: [{ because: 'nothing suspends, and nothing goes wrong', source: 'ours' }],
  variants: [{ name: 'stay', about: 'switch on, work, look', operator: stay, operatorShape }],
};
