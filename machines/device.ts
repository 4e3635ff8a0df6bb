/**
 * A device as one kernel's driver core sees it: one chart for every device, one actor for each kernel and device.
 *
 * The states are the lists of drivers/base/power/main.c (6.12) that the device moves through: dpm_list, dpm_prepared_list,
 * dpm_suspended_list, dpm_late_early_list, dpm_noirq_list (linux.md B.3). A device whose freeze fails is on the list of the suspended
 * ones but not suspended: after U2 the next attempt takes it on from there (log e8), and nobody restores it. One whose late or noirq
 * callback fails stays where it was; one that fails on the way up is only logged, and goes on (B.4).
 * The watchdog runs in device_suspend and device_resume only: elsewhere a callback that never returns is waited for for ever.
 * Not emulated: asynchronous suspend, direct-complete, runtime power management; one device is asked at a time.
 */
import { setup } from 'xstate';
import { kernelNames } from '../kernels/machine.ts';
import { below, firstRecord, flag, oneOf, type RecordOf } from '../kernels/shape.ts';
import { speaking } from './chart.ts';
import { print, recipe } from './recipe.ts';
import type { CallbackName, ChartEvent, Emission, KernelName, StateMeta, StateTag } from './vocabulary.ts';

/** suspended: power.is_suspended, set by a freeze that went well, cleared by restore. */
export const deviceShape = { kernel: oneOf(...kernelNames), device: below(64), suspended: flag };
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
    abort: recipe<DeviceContext, ChartEvent>((me, _event, out) => {
      out.tell(me.kernel, { type: 'device.aborted', device: me.device });
    }),
    noteSuspended: recipe<DeviceContext, ChartEvent>((me) => {
      me.suspended = true;
    }),
    noteResumed: recipe<DeviceContext, ChartEvent>((me) => {
      me.suspended = false;
    }),
    giveUp: recipe<DeviceContext, ChartEvent>((me, _event, out) => {
      out.tell(me.kernel, { type: 'device.timedOut', device: me.device });
    }),
  },
  guards: {
    isSuspended: ({ context }: { readonly context: DeviceContext }) => context.suspended,
  },
  /** CONFIG_DPM_WATCHDOG_TIMEOUT, kernel/power/Kconfig of 6.12: 120 s unless configured otherwise. */
  delays: { watchdog: 120_000 },
});

type Calling<Good extends string, Bad extends string> = {
  readonly callback: CallbackName;
  readonly does: string;
  readonly good: Good;
  readonly bad: Bad;
  readonly note?: 'noteSuspended' | 'noteResumed';
  readonly looksForWakeup?: boolean;
  readonly isWatched?: boolean;
};

/** One state that waits for a callback: answer, failure, and a time-out where Linux has one. */
const calling = <const Good extends string, const Bad extends string>(call: Calling<Good, Bad>) => {
  const { callback, does, good, bad, note, looksForWakeup, isWatched } = call;
  const isAwake = callback === 'prepare' || callback === 'complete';
  const excuse = 'Linux waits for this callback without a watchdog: one that never returns hangs the kernel';
  return {
    tags: ['waiting', ...(isAwake ? [] : ['frozen' as const])],
    meta: isWatched ? { does } : { does, excuse },
    entry: { type: 'call', params: { callback } },
    on: {
      'callback.done': { target: good, actions: [...(note ? [note] : []), 'answer' as const] },
      'callback.failed': {
        target: bad,
        actions: [...(note === 'noteResumed' ? [note] : []), 'refuse' as const],
      },
      ...(looksForWakeup && { 'callback.aborted': { target: bad, actions: 'abort' } as const }),
    },
    ...(isWatched && { after: { watchdog: { target: 'stuck', actions: 'giveUp' } } as const }),
  } as const;
};

/** A failure on the way up is only logged. */
const goingUp = <const Next extends string>(callback: CallbackName, does: string, next: Next) =>
  calling({ callback, does, good: next, bad: next });

export const device = speaking(
  chart.createMachine({
    id: 'device',
    context: ({ input }) => ({ ...firstRecord(deviceShape), ...input }),
    initial: 'active',
    states: {
      active: {
        meta: { does: 'on dpm_list: works' },
        on: { 'device.prepare': 'preparing', 'device.shutdown': 'shuttingDown' },
      },
      preparing: calling({ callback: 'prepare', does: 'device_prepare', good: 'prepared', bad: 'active' }),
      prepared: {
        tags: ['prepared'],
        meta: { does: 'on dpm_prepared_list' },
        on: { 'device.freeze': 'freezing', 'device.complete': 'completing' },
      },
      freezing: calling({
        callback: 'freeze',
        does: 'device_suspend',
        good: 'frozen',
        bad: 'refused',
        note: 'noteSuspended',
        looksForWakeup: true,
        isWatched: true,
      }),
      frozen: {
        tags: ['frozen'],
        meta: { does: 'on dpm_suspended_list' },
        on: { 'device.freezeLate': 'freezingLate', 'device.restore': 'restoring' },
      },
      refused: {
        tags: ['prepared'],
        meta: { does: 'on dpm_suspended_list, but not suspended: its freeze failed' },
        on: { 'device.freezeLate': 'freezingLate', 'device.complete': 'completing' },
      },
      onSuspendedList: {
        meta: { does: 'is_suspended?' },
        always: [{ guard: 'isSuspended', target: 'frozen' }, { target: 'refused' }],
      },
      freezingLate: calling({
        callback: 'freezeLate',
        does: 'device_suspend_late',
        good: 'frozenLate',
        bad: 'onSuspendedList',
        looksForWakeup: true,
      }),
      frozenLate: {
        tags: ['frozen'],
        meta: { does: 'on dpm_late_early_list' },
        on: {
          'device.freezeNoirq': 'freezingNoirq',
          'device.thawEarly': 'thawingEarly',
          'device.restoreEarly': 'restoringEarly',
        },
      },
      freezingNoirq: calling({
        callback: 'freezeNoirq',
        does: 'device_suspend_noirq',
        good: 'frozenNoirq',
        bad: 'frozenLate',
      }),
      frozenNoirq: {
        tags: ['frozen'],
        meta: { does: 'on dpm_noirq_list' },
        on: { 'device.thawNoirq': 'thawingNoirq', 'device.restoreNoirq': 'restoringNoirq' },
      },
      thawingNoirq: goingUp('thawNoirq', 'device_resume_noirq (RECOVER)', 'frozenLate'),
      thawingEarly: goingUp('thawEarly', 'device_resume_early (RECOVER)', 'onSuspendedList'),
      restoringNoirq: goingUp('restoreNoirq', 'device_resume_noirq', 'frozenLate'),
      restoringEarly: goingUp('restoreEarly', 'device_resume_early', 'onSuspendedList'),
      restoring: calling({
        callback: 'restore',
        does: 'device_resume',
        good: 'prepared',
        bad: 'prepared',
        note: 'noteResumed',
        isWatched: true,
      }),
      completing: goingUp('complete', 'device_complete', 'active'),
      shuttingDown: {
        tags: ['waiting'],
        meta: {
          does: 'device_shutdown',
          excuse: 'shutdown() returns nothing, and Linux waits for it without a watchdog',
        },
        entry: { type: 'call', params: { callback: 'shutdown' } },
        on: { 'callback.done': { target: 'shutDown', actions: 'answer' } },
      },
      shutDown: {
        tags: ['off'],
        meta: { does: 'shut down; only the next kernel can set it up again' },
      },
      stuck: {
        tags: ['stuck', 'frozen'],
        meta: { does: 'dpm_watchdog_handler: the callback never returned; the kernel panics' },
      },
    },
  }),
);
