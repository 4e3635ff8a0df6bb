/**
 * One pass over all devices of a kernel: the loops dpm_prepare … dpm_complete of drivers/base/power/main.c (linux.md B.3).
 *
 * Every walk has the same form: decide whether a device is left, ask it, note the answer. A failure on the way down ends the walk;
 * on the way up it is logged and the walk goes on (B.4).
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
  readonly failureLines: readonly MessageName[];
};

export const deviceWalk = (walk: DeviceWalk) => {
  const { callback, does, phase, order, from, to } = walk;
  const noted = { type: 'moveDevice', params: { to } } as const;
  const ended = { target: 'failed', actions: 'noteFailure' } as const;
  const logged = { target: 'failed', actions: noted } as const;
  return kernelSetup.createStateConfig({
    ...(walk.id && { id: walk.id }),
    initial: 'deciding',
    meta: { does, phase },
    states: {
      deciding: {
        meta: { does: `is a device left for ${callback}?`, phase },
        always: [{ guard: { type: 'someDeviceAt', params: { at: from } }, target: 'asking' }, { target: walk.next }],
      },
      asking: {
        tags: ['waiting'],
        meta: {
          does: `waits for ${callback} of one device`,
          phase,
          excuse: 'the time-out is the watchdog of the device chart, which answers device.timedOut',
        },
        entry: { type: 'askDevice', params: { callback, at: from, order } },
        on: {
          'device.answered': { target: 'deciding', actions: noted },
          'device.failed': walk.failed ? ended : logged,
          'device.timedOut': '#panicking',
        },
      },
      failed: {
        meta: { does: `pm_dev_err after ${callback}`, phase, lines: walk.failureLines },
        always: walk.failed ?? 'deciding',
      },
    },
  });
};
