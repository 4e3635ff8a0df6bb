/**
 * The power fails and comes back at once. Memory is lost; of what stood in the disk's cache chance decides block by block what had
 * reached the medium; the machine boots anew. It can hit any command, also those of the firmware and of purgatory.
 */
import { cutPower } from '../../kernels/executors/reset.ts';
import type { Fault } from './fault.ts';
import { kernelPlaces, ofBothKernels } from './places.ts';

export const powerCut: Fault = {
  name: 'power-cut',
  about: 'the power fails and comes back: memory and the unwritten part of the disk cache are gone',
  source: 'ours; what a disk with a volatile cache does: kernels/devices/disk-cache.ts',
  places: (plan) => [
    'firmware.test',
    'firmware.load',
    'purgatory.verify',
    ...ofBothKernels(['kernel.start']),
    ...kernelPlaces(plan),
    'cpus.stop',
    'crash.save',
    'crash.jump',
    'dump/machine.restart',
  ],
  isTheEnd: true,
  strike: cutPower,
};
