/**
 * Path `kexec-jump`, variant `jump-back`: load B, work, `kexec -e`; B saves A's memory and jumps back; A works on.
 * Facts: linux.md A1.3 to A1.9 (6.12) and, for a reserved region without backup pages, the descriptions of 2007 (A2.1).
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

const jumpBack = speaking(
  operatorSetup.createMachine({
    id: 'kexec-jump',
    context: operatorContext,
    initial: 'idle',
    states: {
      ...operatorStart('loading'),
      loading: {
        tags: ['waiting'],
        meta: { does: 'kexec -l --load-preserve-context', phase: 'load' },
        entry: { type: 'say', params: { to: 'original', message: { type: 'load.ask', purpose: 'jump' } } },
        on: { 'load.answered': 'working', 'load.failed': 'refused' },
        after: { watchdog: 'hung' },
      },
      working: {
        meta: { does: 'works for a while', phase: 'work' },
        after: { work: 'jumping' },
      },
      jumping: {
        tags: ['waiting'],
        meta: { does: 'kexec -e, waits for the prompt to come back', phase: 'jump' },
        entry: { type: 'say', params: { to: 'original', message: { type: 'jump.ask' } } },
        on: {
          'jump.returned': 'settling',
          'jump.failed': 'workingOn',
          'dump.saved': { actions: 'noteSaved' },
          'dump.failed': { actions: 'noteSaved' },
          'dump.refused': 'refused',
          'dump.stuck': 'lost',
          'original.up': 'lost',
        },
        after: { watchdog: 'hung' },
      },
      settling: {
        meta: { does: 'works on', phase: 'thaw' },
        on: { 'original.up': 'lost' },
        after: { settle: 'restored' },
      },
      workingOn: {
        meta: { does: 'works on after the refusal', phase: 'thaw' },
        on: { 'original.up': 'lost' },
        after: { settle: 'aborted' },
      },
      ...operatorEnds,
    },
  }),
);

export const kexecJump: Path = {
  name: 'kexec-jump',
  about: 'A second kernel saves the first one and jumps back into it',
  source: 'Linux 6.12 kernel/kexec_core.c:kernel_kexec; linux.md A1.3 to A1.9',
  goal: 'restored',
  needsRegion: false,
  variants: [
    {
      name: 'jump-back',
      about: 'A to B, B saves the image, B jumps back to A',
      operator: jumpBack,
      operatorShape,
    },
  ],
};
