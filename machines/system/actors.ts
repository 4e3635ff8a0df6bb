/**
 * The actors of a box: which chart runs under which name, and the one place that calls XState.
 */
import { type AnyMachineSnapshot, type AnyStateMachine, getMicrosteps, initialTransition } from 'xstate';
import { assert } from '../../kernels/assert.ts';
import type { ReplyAddress } from '../../kernels/box.ts';
import type { KernelName } from '../../kernels/machine.ts';
import type { Plan } from '../../kernels/plan.ts';
import type { Shape } from '../../kernels/shape.ts';
import type { ChartEvent, Emission, Recipient } from '../vocabulary.ts';

export type ActorName = 'operator' | 'firmware' | KernelName | `${KernelName}/${string}`;

export type Actor = {
  readonly name: ActorName;
  readonly machine: AnyStateMachine;
  readonly input: unknown;
  /** What its context may hold. */
  readonly shape: Shape;
  /** The kernel whose memory it lives in; it moves only while that kernel runs. */
  readonly kernel?: KernelName;
};

export function actorNameOf(plan: Plan, address: Recipient | ReplyAddress): ActorName {
  if (typeof address === 'string') return address;
  const role = plan.devices[address.device];
  assert(role !== undefined, `actor.device: the box has no device ${address.device}`);
  return `${address.kernel}/${role}`;
}

export type Turn = {
  readonly snapshot: AnyMachineSnapshot;
  /** Configurations that were entered and left again within the turn. */
  readonly through: readonly AnyMachineSnapshot[];
  readonly emissions: readonly Given[];
  readonly ignored: boolean;
};

/** What a chart gave off, and the configuration that it led to. */
export type Given = { readonly emission: Emission; readonly at: AnyMachineSnapshot };

export function beginActor(actor: Actor): AnyMachineSnapshot {
  const [snapshot, actions] = initialTransition(actor.machine, actor.input as never);
  assert(
    actions.every((action) => emissionOf(action).length === 0),
    `actor.begin: ${actor.name} must start in a state without commands`,
  );
  return snapshot as AnyMachineSnapshot;
}

export function runActor(actor: Actor, snapshot: AnyMachineSnapshot, event: ChartEvent | TimerEvent): Turn {
  // XState types the microsteps by the machine, which is any of ours here.
  const microsteps: readonly Microstep[] = getMicrosteps(actor.machine, snapshot, event as never) as never;
  const emissions = microsteps.flatMap(([at, actions]) =>
    actions.flatMap(emissionOf).map((emission) => ({ emission, at })),
  );
  const through = microsteps.map(([passed]) => passed);
  const next = through.pop() ?? snapshot;
  // An event without a transition gives back the very same snapshot (xstate 5.33), and so does one that changes nothing (any more).
  const isTaken =
    next !== snapshot ||
    emissions.length > 0 ||
    (actor.machine.getTransitionData(snapshot, event as never)?.length ?? 0) > 0;
  return { snapshot: next, through, emissions, ignored: !isTaken };
}

type Microstep = readonly [
  AnyMachineSnapshot,
  readonly { readonly type: string; readonly params?: unknown }[],
];

export type TimerEvent = { readonly type: `xstate.after.${string}` };
export type Timer = {
  readonly event: TimerEvent;
  readonly delayMs: number;
  readonly state: string;
  readonly name: string;
};

/** Timers that the configuration has armed: every active state's `after`. */
export function armedTimers(actor: Actor, snapshot: AnyMachineSnapshot): readonly Timer[] {
  const timers: Timer[] = [];
  for (const node of snapshot._nodes) {
    for (const { delay, eventType } of node.after) {
      const named = typeof delay === 'string' ? actor.machine.implementations.delays[delay] : delay;
      assert(
        typeof named === 'number',
        `actor.timer: the delay ${String(delay)} of ${node.id} is not a number of milliseconds`,
      );
      // XState types the event as any string; `after` edges always have this prefix.
      timers.push({
        event: { type: eventType as TimerEvent['type'] },
        delayMs: named,
        state: node.id,
        name: String(delay),
      });
    }
  }
  return timers;
}

/** XState's type for executable actions leaves `xstate.emit` out (5.33): its params are not to be seen. */
function emissionOf(action: { readonly type: string; readonly params?: unknown }): readonly Emission[] {
  return action.type === 'xstate.emit' ? [(action.params as { readonly event: Emission }).event] : [];
}
