/** The guards that a step asked on its way: those of the event that was heard, and those of every state passed through. */
import { type AnyMachineSnapshot, getMicrosteps } from 'xstate';
import type { SeenStep } from '../../machines/laws/law.ts';
import type { ActorName } from '../../machines/system/actors.ts';
import { guardsAt, type SeenGuard } from './seen-guard.ts';
import { snapshotOf } from './snapshot-of.ts';

/** Each turn is computed again from where its chart stood; a turn is a pure function of that and of what was heard. */
export function guardsOfStep({ before, record, rules }: SeenStep): readonly SeenGuard[] {
  const standing = new Map<ActorName, AnyMachineSnapshot>();
  return record.turns.flatMap(({ actor, heard }) => {
    const machine = rules.actors.get(actor)?.machine;
    if (machine === undefined) return [];
    const snapshot = standing.get(actor) ?? snapshotOf(before, actor);
    // XState types events and microsteps by the machine, which is any of ours here.
    const microsteps = getMicrosteps(machine, snapshot, heard as never) as readonly [
      AnyMachineSnapshot,
      unknown,
    ][];
    const passed = microsteps.map(([each]) => each);
    standing.set(actor, passed.at(-1) ?? snapshot);
    const ofEvent = guardsAt(actor, snapshot).filter(({ event }) => event === heard.type);
    const onTheWay = passed.flatMap((each) => guardsAt(actor, each).filter(({ event }) => event === ''));
    return [...ofEvent, ...onTheWay];
  });
}
