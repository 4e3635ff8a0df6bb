/**
 * The power fails and comes back at once. Memory is lost; of what stood in the disk's cache chance decides block by block what had
 * reached the medium; the machine boots anew. It can hit any command, also those of the firmware and of purgatory, and the disk in the
 * middle of one (`:inside`).
 */
import type { Box } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import { cutCommand } from '../../kernels/executors/index.ts';
import { cutPower } from '../../kernels/executors/reset.ts';
import type { Plan } from '../../kernels/plan.ts';
import type { Fault } from './fault.ts';
import { afterTheNight, insidePlaces, kernelPlaces, ofAllKernels, partOf, restorePlaces } from './places.ts';

export const powerCut: Fault = {
  name: 'power-cut',
  about: 'the power fails and comes back: memory and the unwritten part of the disk cache are gone',
  source: 'ours; what a disk with a volatile cache does: kernels/devices/disk-cache.ts',
  places: (plan) => [...machinePlaces(plan), ...kernelPlaces(plan), ...insidePlaces(plan)],
  isTheEnd: true,
  strike: cut,
};

/** A power cut, and then somebody chooses C in the menu of the boot loader: an image that was not used is, one that was must not be. */
export const restoredAgain: Fault = {
  name: 'restored-again',
  about: 'the power fails once C is at work or A is back, and C is booted once more',
  source: 'linux.md E row 13; design section 5: an image once consumed is never resumed again',
  places: restorePlaces,
  isTheEnd: true,
  strike: (box, command, place) => {
    cut(box, command, place);
    box.machine.bootNext = 'restore';
  },
};

function cut(box: Box, command: Command, place: string): void {
  if (partOf(place) === 'inside') cutCommand(box, command);
  cutPower(box);
}

const machinePlaces = (plan: Plan): readonly string[] => [
  'firmware.test',
  'firmware.load',
  ...afterTheNight(plan, ['firmware.test', 'firmware.load']),
  'purgatory.verify',
  ...ofAllKernels(plan, ['kernel.start']),
  'cpus.stop',
  'crash.save',
  'crash.jump',
  'dump/machine.restart',
];
