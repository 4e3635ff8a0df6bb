/** What the operator does on every variant that jumps and comes back in one go: load B, work, `kexec -e`, look. */
import { operatorSetup } from './operator-setup.ts';

type After = {
  /** The state that follows the return, and the one that follows a `kexec -e` that failed. */
  readonly afterReturn: string;
  readonly afterFailure: string;
};

export const jumpBackStates = ({ afterReturn, afterFailure }: After) =>
  operatorSetup.createStateConfig({
    states: {
      loading: {
        tags: ['waiting'],
        meta: { does: 'kexec -l --load-preserve-context', phase: 'load' },
        entry: { type: 'say', params: { to: 'original', message: { type: 'load.ask', purpose: 'jump' } } },
        on: { 'load.answered': 'working', 'load.failed': 'refused', 'original.up': 'lost' },
        after: { watchdog: 'hung' },
      },
      working: {
        meta: { does: 'works for a while', phase: 'work' },
        on: { 'original.up': 'lost' },
        after: { work: 'jumping' },
      },
      jumping: {
        tags: ['waiting'],
        meta: { does: 'kexec -e, waits for the prompt to come back', phase: 'jump' },
        entry: ['noteAttempt', { type: 'say', params: { to: 'original', message: { type: 'jump.ask' } } }],
        on: {
          'jump.returned': afterReturn,
          'jump.failed': afterFailure,
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
        after: { settle: 'looking' },
      },
      looking: {
        meta: { does: 'was the image saved?', phase: 'thaw' },
        always: [{ guard: 'saveFailed', target: 'aborted' }, { target: 'restored' }],
      },
      workingOn: {
        meta: { does: 'works on after the refusal', phase: 'thaw' },
        on: { 'original.up': 'lost' },
        after: { settle: 'aborted' },
      },
    },
  }).states;
