/**
 * `device.call`: the PM core calls one callback of one device (drivers/base/power/main.c:dpm_run_callback, 6.12).
 *
 * The answer comes at once when the callback is quick, when the driver does not have it, or when the kernel has no driver for the
 * device. A slow one marks the device busy, and the move `device.complete` answers. In this order:
 *   1. a wakeup event is pending: given up without a line, in the two phases that look for one (linux.md B.5)
 *   2. the kernel has no driver for the device: nothing happens
 *   3. a planned failure strikes (once): -EBUSY, as in logs e8 and a12, and nothing else changes; the device is gone: -ENODEV
 *   4. a planned hang or delay: busy, whatever the callback
 *   5. slow or still at work: busy; else the effect takes place now
 * A planned failure may name a callback that the driver does not have: then it stands for a driver that has it, like the test
 * driver of the logs. Of lines only those of pm_print_times are printed here, around a callback that goes well (linux.md B.6); what a
 * failure prints is the chart's, with the return between its two lines (log e8).
 */
import { assert } from '../assert.ts';
import type { Box } from '../box.ts';
import type { CommandOf } from '../commands.ts';
import { takeEffect } from '../devices/callback-effects.ts';
import { callbackLineValues, callbackNs, type DeviceType, isDrivenBy } from '../devices/device-type.ts';
import { deviceTypeOf, deviceTypes } from '../devices/index.ts';
import { type ErrnoName, errnoTable } from '../linux/errno.ts';
import type { CallbackName, DeviceRecord } from '../machine.ts';
import { item } from '../shape.ts';

export type DeviceCall = CommandOf<'device.call'>;

/**
 * One tick of the lab's kernel (log a1 counts early times in steps of 4000 usecs, CONFIG_HZ=250). What ends sooner is over before
 * anything else in the box gets a turn, and needs no state of its own.
 */
export const slowCallbackNs = 4_000_000;

/** `device_suspend` and `device_suspend_late` look for a wakeup event; `device_suspend_noirq` does not (linux.md B.5). */
const looksForWakeup: ReadonlySet<CallbackName> = new Set<CallbackName>(['freeze', 'freezeLate']);

export function deviceCall(box: Box, call: DeviceCall, types: readonly DeviceType[] = deviceTypes): void {
  const type = deviceTypeOf(item(box.plan.devices, call.device), types);
  if (box.machine.wakeupPending && looksForWakeup.has(call.callback)) {
    abort(box, call);
  } else if (!isDrivenBy(type, call.kernel)) {
    succeed(box, call);
  } else {
    callDriver(box, type, call);
  }
}

function callDriver(box: Box, type: DeviceType, call: DeviceCall): void {
  const device = item(box.machine.devices, call.device);
  assert(device.busy === 'none', `device.call: ${type.role} is still at its ${device.busy}`);
  if (isMeasured(type, call.callback, device.fails === call.callback)) {
    box.print(call.kernel, 'device.calling', { ...callbackLineValues(type, call.callback), pid: callerPid });
  }
  if (device.fails === call.callback) {
    device.fails = 'none';
    fail(box, call, 'EBUSY');
  } else if (isMissed(device, call.callback)) {
    fail(box, call, 'ENODEV');
  } else if (isDelayed(device, call) || isSlow(type, call)) {
    device.busy = call.callback;
    device.busyFor = call.kernel;
  } else {
    returnFromCallback(box, type, call);
  }
}

/** The callback has done its work: its line, if the log has lines of callbacks, its effect, and the answer. */
export function returnFromCallback(box: Box, type: DeviceType, call: Omit<DeviceCall, 'type'>): void {
  if (isMeasured(type, call.callback)) {
    box.print(call.kernel, 'device.returned', { ...callbackLineValues(type, call.callback), errno: 0 });
  }
  takeEffect(box, type, call);
  succeed(box, call);
}

/** dpm_run_callback with pm_print_times: not prepare and complete, and only callbacks that there are, or that were planned to fail. */
const isMeasured = (type: DeviceType, callback: CallbackName, isPlanned = false): boolean =>
  (type.callbacks[callback] !== undefined || isPlanned) && callback !== 'prepare' && callback !== 'complete';

/** The task that does the work, as the log's records have it: its number is not modelled. */
const callerPid = 1;

const isDelayed = (device: DeviceRecord, call: DeviceCall): boolean =>
  device.hangs === call.callback || device.late === call.callback;

const isSlow = (type: DeviceType, call: DeviceCall): boolean =>
  callbackNs(type, call.callback) >= slowCallbackNs;

const succeed = (box: Box, { kernel, device }: Omit<DeviceCall, 'type'>): void =>
  box.reply({ kernel, device }, { type: 'callback.done', device });

const abort = (box: Box, { kernel, device }: DeviceCall): void =>
  box.reply({ kernel, device }, { type: 'callback.aborted', device });

const fail = (box: Box, { kernel, device }: DeviceCall, errno: ErrnoName): void =>
  box.reply({ kernel, device }, { type: 'callback.failed', device, errno: -errnoTable[errno].number });

/**
 * A driver that wakes its device looks whether it is there, and whether it is the one that it knows (pci_device_is_present; that it
 * compares more than that is ours: Linux leaves it to each driver). `complete` and `shutdown` ask nothing of the device.
 */
const isMissed = ({ card }: DeviceRecord, callback: CallbackName): boolean =>
  (card === 'gone' && callback !== 'complete' && callback !== 'shutdown') ||
  (card === 'other' && callback === 'restore');
