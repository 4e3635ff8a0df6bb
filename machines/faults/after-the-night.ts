/** What can be otherwise when the machine is switched on again, and whether C notices (kernels/executors/restore-image.ts). */
import { mountElsewhere } from '../../kernels/linux/file-system.ts';
import type { Fault } from './fault.ts';
import { afterTheNight } from './places.ts';

type Told = Pick<Fault, 'name' | 'about' | 'source' | 'strike'>;

const atPowerOn = (told: Told): Fault => ({
  ...told,
  places: (plan) => afterTheNight(plan, ['firmware.test']),
});

export const otherMachine = atPowerOn({
  name: 'other-machine',
  about: 'the disk with the image hangs on another machine when the power comes back',
  source: 'linux.md E row 5; the UUID of the board in the commit sector',
  strike: ({ machine }) => {
    machine.board = 1;
  },
});

export const memoryMapMoves = atPowerOn({
  name: 'memory-map-moves',
  about: 'the firmware reports less memory than when the image was taken',
  source: '[L] "Hibernate inconsistent memory map detected!"; linux.md E row 5, A4.7',
  strike: ({ machine }) => {
    machine.faults.movesMemoryMap = true;
  },
});

/** The scheme of 2007 asks nothing of C but that it fits into B's range: A's own control page leads into A, whoever enters it. */
export const otherRestoringKernel = atPowerOn({
  name: 'other-restoring-kernel',
  about: 'what the boot loader starts as C is of another build than B was',
  source: 'linux.md A2.2 rows 8 to 11; swsusp must have the same kernel only without arch support (A4.7)',
  strike: ({ machine }) => {
    machine.faults.otherBuild = true;
  },
});

/** A rescue system, say. Every mount changes the superblock, which the image knows. */
export const mountedInBetween = atPowerOn({
  name: 'mounted-in-between',
  about: 'the root file system is mounted, and left again, while A is only an image',
  source: 'linux.md E row 2, A6.3: "File system mount time checks failed"',
  strike: mountElsewhere,
});

export const otherKernelChosen: Fault = {
  name: 'other-kernel-chosen',
  about: 'somebody chooses A in the menu of the boot loader, where C was to come up, or C where A was',
  source: 'linux.md A2.2 row 7, E row 2',
  places: (plan) => afterTheNight(plan, ['firmware.load']),
  strike: ({ machine }) => {
    machine.bootNext = machine.bootNext === 'original' ? 'restore' : 'original';
  },
};

/** Network boot leaves the card at work; its packets land where A had its ring. */
export const firmwareLeavesDma: Fault = {
  name: 'firmware-leaves-dma',
  about: 'the firmware hands the machine over with devices that still write to memory',
  source: 'ours, after network boot; Linux 6.12 Documentation: efi=disable_early_pci_dma',
  places: (plan) => ['firmware.load', ...afterTheNight(plan, ['firmware.load'])],
  strike: ({ machine }) => {
    for (const device of machine.devices) device.dma = true;
  },
};
