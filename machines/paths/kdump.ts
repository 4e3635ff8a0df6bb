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
import type { Lack, Path } from './path.ts';

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
        on: { 'load.answered': 'working', 'load.failed': 'refused', 'original.up': 'lost' },
        after: { watchdog: 'hung' },
      },
      working: {
        meta: { does: 'works for a while', phase: 'work' },
        on: { 'original.up': 'lost' },
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

/** linux.md A3.3, and what A3.2 does in the place of it. */
const distrust = 'A cannot be trusted: driver callbacks of a crashed kernel may hang or damage data';
const lacks: readonly Lack[] = [
  {
    phase: 'load',
    step: 'kexec.load jump',
    because: 'the image is loaded straight to its place in the reserved region (kexec -p)',
    source: 'Linux 6.12 kernel/kexec.c:do_kexec_load; linux.md A3.1 rows 2 and 3',
  },
  {
    phase: 'load',
    step: 'kexec.load plain',
    because: 'the image is for a panic, not for a restart that is asked for (kexec -p)',
    source: 'linux.md A3.1 rows 2 and 3',
  },
  {
    phase: 'boot',
    step: 'dump.up',
    because: 'B dumps and restarts the machine; it is no system to log in to',
    source: 'linux.md A3.2 row 12',
  },
  {
    phase: 'load',
    because: 'B loads no way back: A is over, and the machine restarts',
    source: 'linux.md A3.2 row 12',
  },
  { phase: 'freeze', because: `no task is frozen. ${distrust}`, source: 'linux.md A3.3' },
  {
    phase: 'quiesce',
    because: `no device is asked. ${distrust}; DMA under way aims at buffers of A, never at the reserved region; the cost is that B meets devices in any state`,
    source: 'linux.md A3.3',
  },
  {
    phase: 'cpus',
    because: 'the other processors are stopped by an NMI within the panic, not unplugged',
    source: 'Linux 6.12 arch/x86/kernel/reboot.c:nmi_shootdown_cpus; linux.md A3.2 row 4',
  },
  {
    phase: 'jump',
    because:
      'nothing is kept for a return, and nothing is moved: crash notes hold the registers for the dump only',
    source: 'Linux 6.12 kernel/kexec_core.c:__crash_kexec; linux.md A3.2 rows 3 to 7',
  },
  {
    by: 'restore',
    because: 'no third kernel: nobody puts back the memory of a kernel that has crashed',
    source: 'linux.md A3.2 row 12',
  },
  {
    phase: 'off',
    because: 'the machine is not switched off: it restarts with A',
    source: 'linux.md A3.2 row 12',
  },
  {
    phase: 'return',
    because: 'nobody goes back into a kernel that has crashed',
    source: 'linux.md A3.2 row 12',
  },
  {
    phase: 'resume',
    because: 'no device was asked to sleep; the next kernel probes them anew',
    source: 'linux.md A3.3',
  },
  {
    phase: 'thaw',
    because: 'no task was frozen, and none of them comes back',
    source: 'linux.md A3.2 row 12',
  },
];

export const kdump: Path = {
  name: 'kdump',
  about: 'A capture kernel in a reserved region dumps the crashed one and restarts the machine',
  source: 'Linux 6.12 kernel/panic.c, kernel/crash_core.c, arch/x86/kernel/crash.c; linux.md A3.1 to A3.3',
  goal: 'dumped',
  needsRegion: true,
  lacks,
  variants: [{ name: 'crash', about: 'panic by sysrq, dump, restart', operator: crash, operatorShape }],
};
