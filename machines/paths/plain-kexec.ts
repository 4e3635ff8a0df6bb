/**
 * Path `plain-kexec`: a kernel is loaded and started without a preserved context; A is given up for it (linux.md A1.12, log a15).
 * What is reached is a fresh system, so A's state is lost, and that is what the path is taken for: its goal is `lost`.
 * Not emulated: a root file system and tasks of the new system; of the devices it drives those that B drives.
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

const restart = speaking(
  operatorSetup.createMachine({
    id: 'plain-kexec',
    context: operatorContext,
    initial: 'idle',
    states: {
      ...operatorStart('loading'),
      loading: {
        tags: ['waiting'],
        meta: { does: 'kexec -l', phase: 'load' },
        entry: { type: 'say', params: { to: 'original', message: { type: 'load.ask', purpose: 'plain' } } },
        on: { 'load.answered': 'working', 'load.failed': 'refused', 'original.up': 'lost' },
        after: { watchdog: 'hung' },
      },
      working: {
        meta: { does: 'works for a while', phase: 'work' },
        on: { 'original.up': 'lost' },
        after: { work: 'restarting' },
      },
      restarting: {
        tags: ['waiting'],
        meta: {
          does: 'kexec -e, waits for the login of the new system',
          phase: 'jump',
          excuse: 'no step of it can fail: what goes wrong is silence, or the firmware boots A anew',
        },
        entry: { type: 'say', params: { to: 'original', message: { type: 'jump.ask' } } },
        on: { 'dump.up': 'lost', 'original.up': 'lost' },
        after: { watchdog: 'hung' },
      },
      ...operatorEnds,
    },
  }),
);

const forGood = 'A is not to come back';
const source = 'Linux 6.12 kernel/kexec_core.c:kernel_kexec; linux.md A1.12';
const lacks: readonly Lack[] = [
  { phase: 'freeze', because: `no task is frozen: ${forGood}`, source },
  {
    phase: 'quiesce',
    because: `devices are shut down (device_shutdown), not frozen: nothing of them is saved, ${forGood}`,
    source,
  },
  { phase: 'cpus', because: 'the other processors are stopped, not unplugged', source },
  { phase: 'load', because: 'one image, loaded to keep nothing (kexec -l); no way back is loaded', source },
  {
    phase: 'boot',
    because: 'the new kernel is told of no older one: no elfcorehdr=, so there is no /proc/vmcore to open',
    source,
  },
  { phase: 'save', because: 'nobody looks at the memory of A', source },
  { phase: 'off', because: 'the machine stays on: the new kernel starts without firmware', source },
  { phase: 'panic', because: 'nothing has gone wrong: A leaves because it is asked to', source },
  { phase: 'jump', because: 'registers are not kept, and no address to come back to is pushed', source },
  { phase: 'return', because: forGood, source },
  { phase: 'resume', because: 'the new kernel probes the devices anew', source },
  { phase: 'thaw', because: `no task was frozen, and none of them comes back: ${forGood}`, source },
  { phase: 'load-image', because: 'there is no image', source },
  { by: 'restore', because: 'no third kernel: there is nothing to go back to', source },
];

export const plainKexec: Path = {
  name: 'plain-kexec',
  about: 'Another kernel is started in the place of A, which is given up',
  source,
  goal: 'lost',
  needsRegion: false,
  handsOver: true,
  lacks,
  variants: [
    { name: 'restart', about: 'load, work, kexec -e, a new system', operator: restart, operatorShape },
  ],
};
