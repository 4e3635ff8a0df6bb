/**
 * One pass over all devices of a kernel: the loops dpm_prepare … dpm_complete of drivers/base/power/main.c (linux.md B.3).
 *
 * Every walk has the same form: decide whether a device is left, ask it, note the answer. A failure on the way down ends the walk;
 * on the way up it is logged and the walk goes on (B.4). A pending wakeup event ends a walk without a line (B.5).
 * Linux looks for callbacks that take too long in two walks only, dpm_suspend and dpm_resume (dpm_watchdog_set in device_suspend and
 * device_resume): there the watchdog panics. Anywhere else a callback that never returns is a kernel that waits for ever.
 */
import type { MessageName } from '../../kernels/linux/messages/index.ts';
import type { CallbackName, Phase } from '../vocabulary.ts';
import { type DeviceAt, kernelSetup } from './kernel-setup.ts';

export type DeviceWalk = {
  /** What other states call it. */
  readonly id?: string;
  readonly callback: CallbackName;
  readonly does: string;
  readonly phase: Phase;
  readonly order: 'parents-first' | 'children-first';
  readonly from: DeviceAt;
  readonly to: DeviceAt;
  /** Absolute target (`#id`) when no device is left. */
  readonly next: string;
  /** Absolute target when a device fails; undefined on the way up, where failures are only logged. */
  readonly failed?: string;
  /** Undefined: the callback returns nothing and cannot fail. */
  readonly failureLines?: readonly MessageName[];
  /** What is done before the first device is asked. */
  readonly begin?: 'passRefused';
  /** What happens to the device that fails. */
  readonly note?: 'noteRefused';
  readonly looksForWakeup?: boolean;
  readonly isWatched?: boolean;
};

export const deviceWalk = (walk: DeviceWalk) => {
  const { callback, does, phase, order, from, to } = walk;
  const noted = { type: 'moveDevice', params: { to } } as const;
  const ended = ['noteFailure' as const, ...(walk.note ? [walk.note] : [])];
  return kernelSetup.createStateConfig({
    ...(walk.id && { id: walk.id }),
    initial: 'deciding',
    meta: { does, phase },
    ...(walk.begin && { entry: walk.begin }),
    states: {
      deciding: {
        meta: { does: `is a device left for ${callback}?`, phase },
        always: [
          { guard: { type: 'someDeviceAt', params: { at: from } }, target: 'asking' },
          { target: walk.next },
        ],
      },
      asking: {
        tags: ['waiting'],
        meta: {
          does: `waits for ${callback} of one device`,
          phase,
          excuse: walk.isWatched
            ? 'the time-out is the watchdog of the device chart, which answers device.timedOut'
            : 'Linux watches no callback of this walk: one that never returns is a kernel that hangs',
        },
        entry: { type: 'askDevice', params: { callback, at: from, order } },
        on: {
          'device.answered': { target: 'deciding', actions: noted },
          ...(walk.failureLines && {
            'device.failed': { target: 'failed', actions: walk.failed ? ended : noted },
          }),
          ...(walk.looksForWakeup && { 'device.aborted': { target: walk.failed, actions: ended } }),
          ...(walk.isWatched && { 'device.timedOut': 'timedOut' }),
        },
      },
      ...(walk.failureLines && {
        failed: {
          meta: { does: `pm_dev_err after ${callback}`, phase, lines: walk.failureLines },
          always: walk.failed ?? 'deciding',
        } as const,
      }),
      ...(walk.isWatched && {
        timedOut: {
          meta: { does: 'dpm_watchdog_handler', phase, lines: ['device.timeout'] },
          always: { target: '#panicking', actions: { type: 'notePanic', params: { by: 'watchdog' } } },
        } as const,
      }),
    },
  });
};
