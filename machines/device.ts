/**
 * A device as one kernel's driver core sees it: one chart for every device, one actor for each kernel and device.
 *
 * The states are the lists of drivers/base/power/main.c (6.12) that the device moves through: dpm_list, dpm_prepared_list,
 * dpm_suspended_list, dpm_late_early_list, dpm_noirq_list (linux.md B.3). A callback that fails on the way down leaves the device
 * where it was; one that fails on the way up is only logged, and the device goes on (B.4).
 * Not emulated: asynchronous suspend, direct-complete, runtime power management; one device is asked at a time.
 */
import { setup } from 'xstate';
import { below, firstRecord, oneOf, type RecordOf } from '../kernels/shape.ts';
import { speaking } from './chart.ts';
import { print, recipe } from './recipe.ts';
import type { CallbackName, ChartEvent, Emission, KernelName, StateMeta, StateTag } from './vocabulary.ts';

export const deviceShape = { kernel: oneOf('original', 'dump'), device: below(64) };
export type DeviceContext = RecordOf<typeof deviceShape>;
export type DeviceInput = { readonly kernel: KernelName; readonly device: number };

const chart = setup({
  types: {} as {
    context: DeviceContext;
    events: ChartEvent;
    input: DeviceInput | undefined;
    emitted: Emission;
    meta: StateMeta;
    tags: StateTag;
  },
  actions: {
    print,
    call: recipe<DeviceContext, ChartEvent, { callback: CallbackName }>((me, _event, out, { callback }) => {
      out.order({ type: 'device.call', kernel: me.kernel, device: me.device, callback });
    }),
    answer: recipe<DeviceContext, ChartEvent>((me, _event, out) => {
      out.tell(me.kernel, { type: 'device.answered', device: me.device });
    }),
    refuse: recipe<DeviceContext, ChartEvent>((me, event, out) => {
      if (event.type === 'callback.failed') {
        out.tell(me.kernel, { type: 'device.failed', device: me.device, errno: event.errno });
      }
    }),
    giveUp: recipe<DeviceContext, ChartEvent>((me, _event, out) => {
      out.tell(me.kernel, { type: 'device.timedOut', device: me.device });
    }),
  },
  delays: { watchdog: 120_000 },
});

/** One state that waits for a callback: answer, failure, time-out. */
const calling = <Good extends string, Bad extends string>(
  callback: CallbackName,
  does: string,
  good: Good,
  bad: Bad,
) =>
  ({
    tags: ['waiting', ...(good === 'active' || callback === 'prepare' ? [] : ['frozen' as const])],
    meta: { does },
    entry: { type: 'call', params: { callback } },
    on: {
      'callback.done': { target: good, actions: 'answer' },
      'callback.failed': { target: bad, actions: 'refuse' },
    },
    after: { watchdog: { target: 'stuck', actions: 'giveUp' } },
  }) as const;

export const device = speaking(
  chart.createMachine({
    id: 'device',
    context: ({ input }) => ({ ...firstRecord(deviceShape), ...input }),
    initial: 'active',
    states: {
      active: {
        meta: { does: 'on dpm_list: works' },
        on: { 'device.prepare': 'preparing' },
      },
      preparing: calling('prepare', 'device_prepare', 'prepared', 'active'),
      prepared: {
        tags: ['prepared'],
        meta: { does: 'on dpm_prepared_list' },
        on: { 'device.freeze': 'freezing', 'device.complete': 'completing' },
      },
      freezing: calling('freeze', 'device_suspend', 'frozen', 'prepared'),
      frozen: {
        tags: ['frozen'],
        meta: { does: 'on dpm_suspended_list' },
        on: { 'device.freezeLate': 'freezingLate', 'device.restore': 'restoring' },
      },
      freezingLate: calling('freezeLate', 'device_suspend_late', 'frozenLate', 'frozen'),
      frozenLate: {
        tags: ['frozen'],
        meta: { does: 'on dpm_late_early_list' },
        on: {
          'device.freezeNoirq': 'freezingNoirq',
          'device.thawEarly': 'thawingEarly',
          'device.restoreEarly': 'restoringEarly',
        },
      },
      freezingNoirq: calling('freezeNoirq', 'device_suspend_noirq', 'frozenNoirq', 'frozenLate'),
      frozenNoirq: {
        tags: ['frozen'],
        meta: { does: 'on dpm_noirq_list' },
        on: { 'device.thawNoirq': 'thawingNoirq', 'device.restoreNoirq': 'restoringNoirq' },
      },
      thawingNoirq: calling('thawNoirq', 'device_resume_noirq (RECOVER)', 'frozenLate', 'frozenLate'),
      thawingEarly: calling('thawEarly', 'device_resume_early (RECOVER)', 'frozen', 'frozen'),
      restoringNoirq: calling('restoreNoirq', 'device_resume_noirq', 'frozenLate', 'frozenLate'),
      restoringEarly: calling('restoreEarly', 'device_resume_early', 'frozen', 'frozen'),
      restoring: calling('restore', 'device_resume', 'prepared', 'prepared'),
      completing: calling('complete', 'device_complete', 'active', 'active'),
      stuck: {
        tags: ['stuck', 'frozen'],
        meta: { does: 'dpm_watchdog_handler: the callback never returned; the kernel panics' },
      },
    },
  }),
);
