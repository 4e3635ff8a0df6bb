/**
 * The actors of a box: which chart runs under which name, and the one place that calls XState.
 */
import { type AnyMachineSnapshot, type AnyStateMachine, initialTransition, transition } from 'xstate';
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
  readonly emissions: readonly Emission[];
  readonly ignored: boolean;
};

export function beginActor(actor: Actor): AnyMachineSnapshot {
  const [snapshot, actions] = initialTransition(actor.machine, actor.input as never);
  assert(
    actions.every((action) => emissionOf(action).length === 0),
    `actor.begin: ${actor.name} must start in a state without commands`,
  );
  return snapshot as AnyMachineSnapshot;
}

export function runActor(actor: Actor, snapshot: AnyMachineSnapshot, event: ChartEvent | TimerEvent): Turn {
  const [next, actions] = transition(actor.machine, snapshot, event as never);
  const emissions = actions.flatMap(emissionOf);
  // An event without a transition gives back the very same snapshot, and nothing to do (xstate 5.33).
  return { snapshot: next as AnyMachineSnapshot, emissions, ignored: next === snapshot && actions.length === 0 };
}

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
