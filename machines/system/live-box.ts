/**
 * The full box during one step: drafts of machine, memory and medium, and everything that executors, charts and moves do to them,
 * written down. `finish` turns the drafts into the next world's parts.
 */
import { createDraft, current, finishDraft } from 'immer';
import type { AnyMachineSnapshot } from 'xstate';
import type { Pfn } from '../../image/pfn.ts';
import { assert } from '../../kernels/assert.ts';
import type { BlockPort, Box, FramePort, LineValues, Note, ReplyAddress, Run } from '../../kernels/box.ts';
import type { Choices } from '../../kernels/choices.ts';
import type { Arrival, Reply } from '../../kernels/commands.ts';
import type { MessageName } from '../../kernels/linux/messages/index.ts';
import { printk } from '../../kernels/linux/printk.ts';
import type { KernelName, Machine } from '../../kernels/machine.ts';
import type { Contents } from '../../kernels/memory/contents.ts';
import type { PageMapDraft } from '../../kernels/memory/page-map.ts';
import type { Plan } from '../../kernels/plan.ts';
import { assignRecord } from '../../kernels/shape.ts';
import type { ChartEvent, Recipient } from '../vocabulary.ts';
import { type Actor, type ActorName, actorNameOf, beginActor } from './actors.ts';
import { batteryClockNs, type Clock, kernelClockAfter, kernelTimeNs } from './clock.ts';
import { type LeftBehind, readLeftBehind, snapshotOf, stateOf, writeLeftBehind } from './left-behind.ts';
import { type LogPages, logPages } from './log-pages.ts';
import type { Channel, ConsoleLine, Moment, Rules, StepRecord, World, WriteRecord } from './world.ts';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

export class LiveBox implements Box {
  readonly plan: Plan;
  readonly machine: Machine;
  readonly contents: Contents;
  readonly memory: FramePort;
  readonly medium: BlockPort;
  readonly actors: Map<ActorName, AnyMachineSnapshot>;
  readonly queues: Map<string, readonly ChartEvent[]>;
  /** Replies of this step that no chart has had yet. */
  readonly replies: { to: ActorName; reply: Reply }[] = [];
  readonly record: Mutable<
    Pick<
      StepRecord,
      'turns' | 'commands' | 'replies' | 'told' | 'printed' | 'console' | 'notes' | 'writes' | 'answers'
    >
  > = {
    turns: [],
    commands: [],
    replies: [],
    told: [],
    printed: [],
    console: [],
    notes: [],
    writes: [],
    answers: [],
  };
  private readonly rules: Rules;
  private readonly world: World;
  private readonly frames: PageMapDraft;
  private readonly blocks: PageMapDraft;
  private readonly logs: LogPages;
  private readonly choices: Choices;
  private readonly nowNs: number;
  private kernelClocks: Clock['kernels'];
  private kept: World['kept'];
  private owner: Machine['owner'];
  private ownedFrom: World['memory'];

  constructor(rules: Rules, world: World, choices: Choices, nowNs: number) {
    this.rules = rules;
    this.world = world;
    this.plan = rules.plan;
    this.contents = rules.contents;
    this.machine = createDraft(world.machine) as Machine;
    this.frames = world.memory.draft();
    this.blocks = world.medium.draft();
    this.logs = logPages(rules.plan, rules.contents, this.frames);
    this.memory = this.framePort();
    this.medium = this.blockPort();
    this.actors = new Map(Object.entries(world.actors) as [ActorName, AnyMachineSnapshot][]);
    this.queues = new Map(Object.entries(world.queues));
    this.choices = choices;
    this.nowNs = nowNs;
    this.kernelClocks = world.clock.kernels;
    this.kept = world.kept;
    this.owner = world.machine.owner;
    this.ownedFrom = world.memory;
  }

  reply(to: ReplyAddress, reply: Reply): void {
    this.replies.push({ to: actorNameOf(this.plan, to), reply });
  }

  arrive(at: 'firmware' | KernelName, arrival: Arrival): void {
    this.send('hardware', at, arrival);
  }

  tell(from: ActorName, to: Recipient, message: ChartEvent, state: string): void {
    const name = actorNameOf(this.plan, to);
    this.record.told = [...this.record.told, { from, to: name, type: message.type, state }];
    this.send(from, name, message);
  }

  print(kernel: KernelName, line: MessageName, values: LineValues = {}, kernelNs?: number): void {
    const timeNs = kernelNs ?? kernelTimeNs(this.kernelClocks[kernel], this.nowNs);
    const printed = printk(this, { kernel, line, values, timeNs }, this.logs.portOf(kernel));
    if (!printed) return;
    this.record.printed = [...this.record.printed, { kernel, line, text: printed.text, timeNs }];
    for (const text of printed.shown) this.showLine({ by: kernel, text });
  }

  show(text: string): void {
    this.showLine({ by: 'none', text });
  }

  choose(count: number, about: string): number {
    const answer = this.choices.choose(count, about);
    assert(
      Number.isInteger(answer) && answer >= 0 && answer < count,
      `choices: ${answer} is none of ${count} for ${about}`,
    );
    this.record.answers = [...this.record.answers, answer];
    return answer;
  }

  clock(kernel: KernelName, event: 'start' | 'sleep' | 'wake', agoNs = 0): void {
    const nowNs = this.nowNs - agoNs;
    const reading = { nowNs, batteryNs: batteryClockNs(this.machine, nowNs) };
    const clock = kernelClockAfter(this.kernelClocks[kernel], event, reading);
    this.kernelClocks = { ...this.kernelClocks, [kernel]: clock };
  }

  own(owner: Machine['owner']): void {
    this.endWrites();
    this.owner = owner;
    this.machine.owner = owner;
  }

  forget(kernel: KernelName): void {
    for (const actor of this.actorsOf(kernel)) this.actors.set(actor.name, beginActor(actor));
    for (const { name } of this.channelsTo(kernel)) this.queues.delete(name);
  }

  leaveBehind(kernel: KernelName): void {
    const actors = this.actorsOf(kernel).map(({ name }) => [name, stateOf(this.snapshot(name))]);
    const queues = this.channelsTo(kernel).flatMap(({ name }) => {
      const queue = this.queues.get(name);
      return queue === undefined ? [] : [[name, queue]];
    });
    writeLeftBehind(this, {
      kernel,
      record: current(this.machine.kernels[kernel]),
      ...this.timeOf(kernel),
      actors: Object.fromEntries(actors),
      queues: Object.fromEntries(queues),
    });
  }

  pickUp(swapFrame: Pfn): KernelName | undefined {
    const left = readLeftBehind(this, swapFrame);
    if (left === undefined) return undefined;
    assignRecord(this.machine.kernels[left.kernel], left.record);
    for (const actor of this.actorsOf(left.kernel)) this.actors.set(actor.name, snapshotOf(actor, left));
    for (const { name } of this.channelsTo(left.kernel)) this.queues.delete(name);
    for (const [name, queue] of Object.entries(left.queues)) this.queues.set(name, queue);
    const { timeNs, sleptNs, asleepAtNs } = left;
    const clock = { skippedNs: this.nowNs - timeNs, asleepSinceNs: this.nowNs, sleptNs, asleepAtNs };
    this.kernelClocks = { ...this.kernelClocks, [left.kernel]: clock };
    return left.kernel;
  }

  note(note: Note): void {
    this.record.notes = [...this.record.notes, note];
    if (!('kernel' in note) || note.type === 'registers.saved') return;
    this.logs.settle();
    const moment: Moment = {
      memory: this.frames.done(),
      medium: this.blocks.done(),
      machine: current(this.machine),
      nowNs: this.nowNs,
    };
    this.kept = { ...this.kept, [`${note.type}/${note.kernel}`]: moment };
  }

  /** What a kernel has in its memory of time. */
  private timeOf(kernel: KernelName): Pick<LeftBehind, 'timeNs' | 'sleptNs' | 'asleepAtNs'> {
    const clock = this.kernelClocks[kernel];
    const { sleptNs, asleepAtNs } = clock;
    return { timeNs: kernelTimeNs(clock, this.nowNs), sleptNs, asleepAtNs };
  }

  /** The next world, but for its clock, which the runner sets when it knows what may happen next. */
  finish(): World {
    this.endWrites();
    return {
      step: this.world.step + 1,
      machine: finishDraft(this.machine) as Machine,
      memory: this.frames.done(),
      medium: this.blocks.done(),
      // The map began as the record of all actors, and no name was added.
      actors: Object.fromEntries(this.actors) as World['actors'],
      queues: Object.fromEntries(this.queues),
      kept: this.kept,
      clock: { nowNs: this.nowNs, since: this.world.clock.since, kernels: this.kernelClocks },
    };
  }

  /** A kernel's own chart and those of its drivers; none when the path does not have this kernel. */
  private actorsOf(kernel: KernelName): readonly Actor[] {
    return [...this.rules.actors.values()].filter((actor) => actor.kernel === kernel);
  }

  private channelsTo(kernel: KernelName): readonly Channel[] {
    return this.rules.channels.filter(({ to }) => this.actor(to).kernel === kernel);
  }

  private snapshot(name: ActorName): AnyMachineSnapshot {
    const snapshot = this.actors.get(name);
    assert(snapshot !== undefined, `actor: there is no ${name}`);
    return snapshot;
  }

  private actor(name: ActorName) {
    const actor = this.rules.actors.get(name);
    assert(actor !== undefined, `actor: there is no ${name}`);
    return actor;
  }

  private send(from: string, to: ActorName, event: ChartEvent): void {
    const channel = this.rules.channels.find((candidate) => candidate.from === from && candidate.to === to);
    assert(channel !== undefined, `channel: nothing may be sent from ${from} to ${to}`);
    const queue = [...(this.queues.get(channel.name) ?? []), event];
    assert(
      queue.length <= channel.capacity,
      `channel: ${channel.name} holds ${channel.capacity} at most, ${event.type} is one more`,
    );
    this.queues.set(channel.name, queue);
  }

  private showLine(line: ConsoleLine): void {
    this.record.console = [...this.record.console, line];
  }

  private endWrites(): void {
    this.logs.settle();
    const after = this.frames.done();
    if (after === this.ownedFrom) return;
    const write: WriteRecord = { by: this.owner, before: this.ownedFrom, after };
    this.record.writes = [...this.record.writes, write];
    this.ownedFrom = after;
  }

  private framePort(): FramePort {
    const { frames, logs } = this;
    const settled = (): PageMapDraft => {
      logs.settle();
      return frames;
    };
    return {
      read: (frame) => settled().get(frame),
      write: (frame, content) => settled().set(frame, content),
      fill: (start, count, content) => settled().fill(start, count, content),
      // Page maps know indices only; in this one they are frame numbers.
      runs: (start, count) =>
        settled()
          .done()
          .runs(start, start + count) as Iterable<Run<Pfn>>,
    };
  }

  private blockPort(): BlockPort {
    const { blocks } = this;
    return {
      read: (block) => blocks.get(block),
      write: (block, content) => blocks.set(block, content),
      runs: (start, count) => blocks.done().runs(start, start + count),
    };
  }
}
