/**
 * A driver or its device goes wrong in one callback, once. `complete` and `shutdown` return nothing: they can hang and be late, but not fail.
 * Callbacks of the inner undo (thawNoirq, thawEarly) are only reached when something else has failed before.
 */
import type { Box } from '../../kernels/box.ts';
import type { Command, CommandOf } from '../../kernels/commands.ts';
import { deviceTypeOf } from '../../kernels/devices/index.ts';
import { registersFor } from '../../kernels/devices/register-file.ts';
import { type CallbackName, callbackNames, type DeviceRecord } from '../../kernels/machine.ts';
import { item } from '../../kernels/shape.ts';
import type { Fault } from './fault.ts';
import { devicePlaces } from './places.ts';

const failing: readonly CallbackName[] = callbackNames.filter(
  (name) => name !== 'complete' && name !== 'shutdown',
);

export const deviceFails: Fault = {
  name: 'device-fails',
  about: 'a callback of a driver returns -EBUSY',
  source: '[L e8, a12] the test driver of the logs; linux.md B.4, E row 7',
  places: (plan) => devicePlaces(plan, failing),
  // A restore callback that fails is only logged (linux.md B.4); and in B or C: it is given up, and A stays as it was left, frozen.
  breaks: ['devices-come-back', 'frozen-tasks-thaw', 'abort-leaves-a-running'],
  strike: atDevice((device, { callback }) => {
    device.fails = callback;
  }),
};

export const deviceHangs: Fault = {
  name: 'device-hangs',
  about: 'a callback of a driver never returns',
  source: '[S] Linux 6.12 drivers/base/power/main.c:dpm_watchdog_handler; linux.md B.5',
  places: (plan) => devicePlaces(plan, callbackNames),
  strike: atDevice((device, { callback }) => {
    device.hangs = callback;
  }),
  // Linux watches two of ten callbacks (linux.md B.5).
  breaks: ['no-wait-without-a-way-out'],
};

export const deviceLate: Fault = {
  name: 'device-late',
  about: 'a callback of a driver returns after 130 s, later than the watchdog waits',
  source: '[S] Linux 6.12 kernel/power/Kconfig:DPM_WATCHDOG_TIMEOUT, 120 s; linux.md B.5',
  places: (plan) => devicePlaces(plan, callbackNames),
  strike: atDevice((device, { callback }) => {
    device.late = callback;
  }),
};

export const deviceRunsOn: Fault = {
  name: 'device-runs-on',
  about: 'a driver freezes without stopping its DMA',
  source: 'linux.md E row 1: the jump does not clear bus mastering (A1.12)',
  places: (plan) => devicePlaces(plan, ['freeze'], (role) => deviceTypeOf(role).dma),
  strike: atDevice((device) => {
    device.keepsDma = true;
  }),
  // Memory is written while nobody expects it (linux.md E row 1). The kernel is twice in an image, with what was there each time.
  breaks: ['no-dma-while-quiet', 'image-holds-what-it-should', 'memory-comes-back', 'consumed-once-loaded'],
};

/** Callbacks in which a kernel finds its devices again after it was away. */
const findingAgain: readonly CallbackName[] = ['restoreNoirq', 'restore'];

/** The errors are only logged (linux.md B.4); without its disk B cannot save, and A cannot work. */
const lostDevice = ['devices-come-back', 'frozen-tasks-thaw', 'abort-leaves-a-running'] as const;

export const deviceForgets: Fault = {
  name: 'device-forgets',
  about: 'a device has lost its registers when its kernel comes back to it',
  source: 'linux.md A1.9 row 14: drivers must set the device up again',
  places: (plan) => devicePlaces(plan, findingAgain),
  strike: (box, command) => {
    if (command.type !== 'device.call') return;
    const device = item(box.machine.devices, command.device);
    device.registers = registersFor(
      box.contents,
      deviceTypeOf(item(box.plan.devices, command.device)),
      'nobody',
    );
    device.setUpBy = 'nobody';
  },
};

export const deviceReplaced: Fault = {
  name: 'device-replaced',
  about: 'another card of the same kind stands where the device was; its driver notices when it restores it',
  source: 'ours: hotplug while A was away; linux.md B.4 for what becomes of the error',
  places: (plan) => devicePlaces(plan, findingAgain),
  strike: atDevice((device) => {
    device.card = 'other';
  }),
  breaks: lostDevice,
};

export const deviceGone: Fault = {
  name: 'device-gone',
  about: 'a device does not come back: whoever asks it gets no answer, and -ENODEV',
  source: '[S] Linux 6.12 drivers/pci/pci.c:pci_device_is_present; linux.md B.4',
  places: (plan) => devicePlaces(plan, findingAgain),
  strike: atDevice((device) => {
    device.card = 'gone';
  }),
  breaks: lostDevice,
};

function atDevice(strike: (device: DeviceRecord, call: CommandOf<'device.call'>) => void) {
  return ({ machine }: Box, command: Command): void => {
    if (command.type === 'device.call') strike(item(machine.devices, command.device), command);
  };
}
