/**
 * Path `kdump`: a capture kernel waits in a reserved region; A panics; the capture kernel saves A's memory and restarts the machine.
 * Facts: linux.md A3.1 to A3.3.
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

const crash = speaking(
  operatorSetup.createMachine({
    id: 'kdump',
    context: operatorContext,
    initial: 'idle',
    states: {
      ...operatorStart('loading'),
      loading: {
        tags: ['waiting'],
        meta: { does: 'kexec -p', phase: 'load' },
        entry: { type: 'say', params: { to: 'original', message: { type: 'load.ask', purpose: 'crash' } } },
        on: { 'load.answered': 'working', 'load.failed': 'refused' },
        after: { watchdog: 'hung' },
      },
      working: {
        meta: { does: 'works for a while', phase: 'work' },
        after: { work: 'crashing' },
      },
      crashing: {
        tags: ['waiting'],
        meta: { does: 'echo c > /proc/sysrq-trigger', phase: 'panic' },
        entry: { type: 'say', params: { to: 'original', message: { type: 'crash.ask' } } },
        on: {
          'dump.saved': { target: 'restarting', actions: 'noteSaved' },
          'dump.failed': { target: 'restartingWithout', actions: 'noteSaved' },
          'original.up': 'lost',
        },
        after: { watchdog: 'hung' },
      },
      restarting: {
        tags: ['waiting'],
        meta: {
          does: 'waits for the login after the restart',
          phase: 'off',
          excuse: 'a restart that fails is silence',
        },
        on: { 'original.up': 'dumped' },
        after: { watchdog: 'hung' },
      },
      restartingWithout: {
        tags: ['waiting'],
        meta: {
          does: 'waits for the login after the restart, without a dump',
          phase: 'off',
          excuse: 'a restart that fails is silence',
        },
        on: { 'original.up': 'lost' },
        after: { watchdog: 'hung' },
      },
      ...operatorEnds,
    },
  }),
);

export const kdump: Path = {
  name: 'kdump',
  about: 'A capture kernel in a reserved region dumps the crashed one and restarts the machine',
  source: 'Linux 6.12 kernel/panic.c, kernel/crash_core.c, arch/x86/kernel/crash.c; linux.md A3.1 to A3.3',
  goal: 'dumped',
  needsRegion: true,
  variants: [{ name: 'crash', about: 'panic by sysrq, dump, restart', operator: crash, operatorShape }],
};
