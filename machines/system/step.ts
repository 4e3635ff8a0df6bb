/**
 * One step of the box: one pick, the chart that it concerns run to rest, replies at once.
 *
 * Run, step, rewind, replay and check are loops around this function. Charts never read hardware, executors never read chart
 * contexts; an event that no transition takes is recorded as ignored. What a step asks of `Choices` is in its record, so the list of
 * all answers replays a run exactly.
 */
import { assert } from '../../kernels/assert.ts';
import type { Choices } from '../../kernels/choices.ts';
import { machineShape } from '../../kernels/machine.ts';
import { shapeProblems } from '../../kernels/shape.ts';
import type { ChartEvent, Emission } from '../vocabulary.ts';
import { type ActorName, runActor, type TimerEvent } from './actors.ts';
import { sinceAfter } from './clock.ts';
import { LiveBox } from './live-box.ts';
import { type Pick, possiblePicks } from './picks.ts';
import { stateText } from './state-text.ts';
import type { Rules, StepRecord, World } from './world.ts';

export type Step = { readonly world: World; readonly record: StepRecord };

/** What the first question of a step is about. */
export const nextPick = 'what happens next';

/** A chart that answers itself for ever is our mistake; the longest step seen has far fewer turns. */
const turnLimit = 256;

/** Undefined when nothing can happen any more. */
export function step(rules: Rules, world: World, choices: Choices): Step | undefined {
  const picks = possiblePicks(rules, world);
  const [only] = picks;
  if (only === undefined) return undefined;
  const answer = picks.length === 1 ? 0 : choices.choose(picks.length, nextPick);
  const pick = picks[answer];
  assert(pick !== undefined, `choices: ${answer} is none of ${picks.length} possibilities`);
  const nowNs = dueNs(rules, world, pick);
  const box = new LiveBox(rules, world, choices, nowNs);
  if (picks.length > 1) box.record.answers = [answer];
  carryOut(rules, box, pick);
  const bare = box.finish();
  const keys = possiblePicks(rules, bare).map(({ key }) => key);
  // The pick that was taken starts anew if it is possible again.
  const { [pick.key]: _taken, ...since } = world.clock.since;
  const next = {
    ...bare,
    clock: { ...bare.clock, since: sinceAfter({ ...world.clock, since }, keys, nowNs) },
  };
  if (rules.checksShapes) checkShapes(rules, next);
  const record: StepRecord = { ...box.record, step: next.step, nowNs, pick: pick.key, kind: pick.kind };
  return { world: next, record };
}

/** Between the sending of a message and its arrival: a wake-up and a context switch, some microseconds. */
const deliveryNs = 5_000;

/** When a pick happens in a timed run: since it became possible, plus what it takes. */
export function dueNs(rules: Rules, world: World, pick: Pick): number {
  const since = world.clock.since[pick.key] ?? world.clock.nowNs;
  return Math.max(world.clock.nowNs, since + latencyNs(rules, world, pick));
}

function latencyNs(rules: Rules, world: World, pick: Pick): number {
  switch (pick.kind) {
    case 'deliver':
      return deliveryNs;
    case 'move':
      return pick.move.latencyNs(world.machine, pick.index, rules.plan);
    case 'timer':
      return pick.timer.delayMs * 1e6;
  }
}

function carryOut(rules: Rules, box: LiveBox, pick: Pick): void {
  switch (pick.kind) {
    case 'deliver': {
      const [event, ...rest] = box.queues.get(pick.channel.name) ?? [];
      assert(event !== undefined, `channel: ${pick.channel.name} is empty`);
      if (rest.length > 0) box.queues.set(pick.channel.name, rest);
      else box.queues.delete(pick.channel.name);
      turn(rules, box, pick.channel.to, event);
      break;
    }
    case 'move':
      pick.move.run(box, pick.index);
      break;
    case 'timer':
      turn(rules, box, pick.actor, pick.timer.event);
      break;
  }
  answerAll(rules, box);
}

function answerAll(rules: Rules, box: LiveBox): void {
  for (let turns = 0; ; turns += 1) {
    const next = box.replies.shift();
    if (next === undefined) return;
    assert(
      turns < turnLimit,
      `step: more than ${turnLimit} replies in one step, the last is ${next.reply.type}`,
    );
    box.record.replies = [...box.record.replies, { to: next.to, type: next.reply.type }];
    turn(rules, box, next.to, next.reply);
  }
}

function turn(rules: Rules, box: LiveBox, name: ActorName, event: ChartEvent | TimerEvent): void {
  const actor = rules.actors.get(name);
  const snapshot = box.actors.get(name);
  assert(actor !== undefined && snapshot !== undefined, `actor: there is no ${name}`);
  const { snapshot: next, through, emissions, ignored } = runActor(actor, snapshot, event);
  const states = {
    before: stateText(snapshot.value),
    through: through.map(({ value }) => stateText(value)),
    after: stateText(next.value),
  };
  box.record.turns = [
    ...box.record.turns,
    { actor: name, event: event.type, heard: event, ...states, ignored },
  ];
  box.actors.set(name, next);
  for (const { emission, at } of emissions) {
    const state = stateText(at.value);
    const given = { name, event: event as ChartEvent, context: at.context, emission, state };
    if (!carryOutEmission(rules, box, given)) return;
  }
}

type Emitted = {
  readonly name: ActorName;
  readonly event: ChartEvent;
  readonly context: unknown;
  readonly emission: Emission;
  /** The state that gave it off. */
  readonly state: string;
};

/** False when control never came back from it. */
function carryOutEmission(rules: Rules, box: LiveBox, given: Emitted): boolean {
  const { name, event, context, emission, state } = given;
  switch (emission.type) {
    case 'order': {
      const { type, ...rest } = emission.command;
      const text = [type, ...Object.values(rest)].join(' ');
      box.record.commands = [...box.record.commands, { by: name, type, text, state }];
      return rules.execute(box, emission.command);
    }
    case 'tell':
      box.tell(name, emission.to, emission.message, state);
      return true;
    case 'print': {
      const kernel = rules.actors.get(name)?.kernel;
      assert(kernel !== undefined, `print: ${name} is no kernel and has no log`);
      for (const line of emission.lines) {
        box.print(
          kernel,
          line,
          rules.lineValues(line, { event, context, plan: rules.plan, machine: box.machine }),
        );
      }
      return true;
    }
  }
}

function checkShapes(rules: Rules, world: World): void {
  const problems = shapeProblems(machineShape(rules.plan.size), world.machine, 'machine');
  for (const name of rules.actorOrder) {
    const actor = rules.actors.get(name);
    if (actor) problems.push(...shapeProblems(actor.shape, world.actors[name]?.context, name));
  }
  assert(problems.length === 0, `shape: after step ${world.step}: ${problems.join('; ')}`);
}
