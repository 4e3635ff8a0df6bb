/**
 * Variant `hibernate`: the way of 2007 and 2008. B saves A, sets the boot loader's next choice to C and switches the machine off; C puts
 * A's pages back and jumps into it (linux.md A2.2). A comes back only through bytes that were read from the disk: power off
 * poisons memory. The operator goes home and presses the button in the morning.
 */
import { speaking } from '../chart.ts';
import { jumpBackStates } from './jump-back-states.ts';
import { keepsNothing } from './jump-lacks.ts';
import {
  operatorContext,
  operatorEnds,
  operatorSetup,
  operatorShape,
  operatorStart,
} from './operator-setup.ts';
import type { Variant } from './path.ts';

const { loading, working, jumping, settling, looking, workingOn } = jumpBackStates({
  afterReturn: 'settling',
  afterFailure: 'workingOn',
});

const operator = speaking(
  operatorSetup.createMachine({
    id: 'kexec-jump-hibernate',
    context: operatorContext,
    initial: 'idle',
    states: {
      ...operatorStart('loading'),
      loading,
      working,
      jumping: { ...jumping, on: { ...jumping.on, 'dump.off': 'goneHome' } },
      goneHome: {
        meta: { does: 'the machine is off; sleeps as well', phase: 'off' },
        on: {
          'original.up': 'lost',
          // A power failure did for the button what the morning was to do.
          'jump.returned': 'settling',
          'restore.failed': {},
        },
        after: { night: 'restoring' },
      },
      restoring: {
        tags: ['waiting'],
        meta: { does: 'presses the power button, waits for the prompt to come back', phase: 'load-image' },
        entry: { type: 'say', params: { to: 'firmware', message: { type: 'power.press' } } },
        on: {
          'jump.returned': 'settling',
          'restore.refused': 'refused',
          'restore.stuck': 'lost',
          // C restarts the machine into an ordinary boot, which is the news.
          'restore.failed': {},
          'original.up': 'lost',
        },
        after: { watchdog: 'hung' },
      },
      settling,
      looking,
      workingOn,
      ...operatorEnds,
    },
  }),
);

export const hibernate: Variant = {
  name: 'hibernate',
  about: "B saves A and powers off; later a kernel C in B's range puts A back and jumps into it",
  operator,
  operatorShape,
  goesOff: true,
  lacks: [
    {
      by: 'dump',
      because: 'B does not jump: it switches the machine off, and C goes the way back in its place',
      source: 'linux.md A2.2 rows 7 to 10',
    },
    ...keepsNothing,
  ],
};
