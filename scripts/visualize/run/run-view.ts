/**
 * Where a run is while its records are read one after the other: the worlds around the step, who has the machine and who had it
 * before, which phase it is, what the clock of the kernel that executes shows.
 */
import { assert } from '../../../kernels/assert.ts';
import { type KernelName, kernelNames, type Machine } from '../../../kernels/machine.ts';
import type { ActorName } from '../../../machines/system/actors.ts';
import { type KernelClock, kernelTimeNs } from '../../../machines/system/clock.ts';
import type { History } from '../../../machines/system/history.ts';
import { stateText } from '../../../machines/system/state-text.ts';
import type { StepRecord, World } from '../../../machines/system/world.ts';
import type { Executor, OwnClock, Place } from './sequence.ts';
import { type StateTold, stateTold } from './state-told.ts';

export class RunView {
  readonly history: History;
  record: StepRecord | undefined;
  before: World;
  after: World;
  executor: Executor | undefined;
  /** Who had the machine before the one who has it. */
  leaver: Executor | undefined;
  place: Place = { phase: undefined, of: undefined };
  private position = 0;
  /** The clock of a kernel that boots, as the one before it left it: its own starts later. */
  private readonly stale: { [Kernel in KernelName]?: KernelClock } = {};

  constructor(history: History) {
    this.history = history;
    this.before = history.worldAt(0);
    this.after = this.before;
  }

  get nowNs(): number {
    return this.after.clock.nowNs;
  }

  /** Records come in order, and all of them. */
  begin(record: StepRecord): void {
    this.position += 1;
    this.record = record;
    this.before = this.after;
    this.after = this.history.worldAt(this.position);
    this.executor = executorOf(this.before.machine.owner) ?? this.executor;
  }

  end(): void {
    const next = executorOf(this.after.machine.owner);
    if (next !== undefined && next !== this.executor) this.leaver = this.executor;
  }

  /** Control has arrived: from now on it is the new one that does things. */
  arrive(booting: KernelName | undefined): void {
    this.executor = executorOf(this.after.machine.owner) ?? this.executor;
    if (booting !== undefined) this.stale[booting] = this.after.clock.kernels[booting];
  }

  /** The phase that a state of somebody belongs to is the phase of the machine; the operator sees it from outside. */
  enter(actor: ActorName, state: string): StateTold {
    const told = this.told(actor, state);
    const main = actor === 'firmware' ? actor : kernelNames.find((name) => name === actor);
    if (main !== undefined && told.phase !== undefined) this.place = { phase: told.phase, of: main };
    return told;
  }

  /** Enters the state that the one who executes has been in. */
  stay(): void {
    if (this.executor !== undefined) this.enter(this.executor, this.stateOf(this.before, this.executor));
  }

  told(actor: ActorName, state: string): StateTold {
    const machine = this.history.rules.actors.get(actor)?.machine;
    assert(machine !== undefined, `sequence: there is no actor ${actor}`);
    return stateTold(machine, state);
  }

  stateOf(world: World, actor: ActorName): string {
    return stateText(world.actors[actor]?.value ?? '');
  }

  /** At the end of the step; a kernel that falls asleep within it still has its clock. */
  clock(): OwnClock | undefined {
    return this.clockIn(this.before) ?? this.clockIn(this.after);
  }

  private clockIn({ machine, clock }: World): OwnClock | undefined {
    const { executor } = this;
    if (executor === undefined || executor === 'firmware') return undefined;
    const own = clock.kernels[executor];
    const isRunning = machine.kernels[executor].state === 'running' && own !== this.stale[executor];
    return isRunning && own.asleepSinceNs === undefined
      ? { kernel: executor, ns: kernelTimeNs(own, this.nowNs) }
      : undefined;
  }
}

const executors: { readonly [Owner in Machine['owner']]: Executor | undefined } = {
  nobody: undefined,
  firmware: 'firmware',
  original: 'original',
  // The code of a jump belongs to nobody's chart: it is over within the step.
  relocation: undefined,
  purgatory: 'dump',
  dump: 'dump',
  restore: 'restore',
};

export const executorOf = (owner: Machine['owner']): Executor | undefined => executors[owner];
