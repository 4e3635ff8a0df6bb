/**
 * A history: the worlds of a run, what each step did, and the answers that led there. Going back is looking up an earlier world;
 * going forward from there computes again, and arrives at the same when the answers are the same.
 */
import { assert } from '../../kernels/assert.ts';
import type { Choices } from '../../kernels/choices.ts';
import { type Chooser, recordedChoices } from './choices.ts';
import { type Step, step } from './step.ts';
import type { Rules, StepRecord, World } from './world.ts';

export class History {
  readonly rules: Rules;
  private readonly chooser: Chooser;
  private readonly worlds: World[];
  private readonly records: StepRecord[];
  private at: number;

  constructor(rules: Rules, first: World, chooser: Chooser) {
    this.rules = rules;
    this.chooser = chooser;
    this.worlds = [first];
    this.records = [];
    this.at = 0;
  }

  /** The world that is shown. */
  get world(): World {
    return this.worldAt(this.at);
  }

  get position(): number {
    return this.at;
  }

  /** How many steps are known; more may follow. */
  get length(): number {
    return this.records.length;
  }

  /** The step that led to the world shown; undefined at the start. */
  get record(): StepRecord | undefined {
    return this.records[this.at - 1];
  }

  get allRecords(): readonly StepRecord[] {
    return this.records;
  }

  worldAt(position: number): World {
    const world = this.worlds[position];
    assert(world !== undefined, `history: there is no world ${position} of ${this.worlds.length}`);
    return world;
  }

  /** One step on: a known one is shown again, an unknown one computed. False at the end. */
  forward(): boolean {
    if (this.at < this.records.length) {
      this.at += 1;
      return true;
    }
    return this.compute(this.chooser(this.rules, this.world));
  }

  /** One step back; false at the start. */
  back(): boolean {
    if (this.at === 0) return false;
    this.at -= 1;
    return true;
  }

  goTo(position: number): boolean {
    while (this.at < position) if (!this.forward()) return false;
    this.at = Math.max(0, position);
    return true;
  }

  /** Computes the step after the world shown, whatever is known beyond it. */
  choose(choices: Choices): boolean {
    this.worlds.length = this.at + 1;
    this.records.length = this.at;
    return this.compute(choices);
  }

  /** Another history with the same past up to here. */
  fork(): History {
    const fork = new History(this.rules, this.worldAt(0), this.chooser);
    fork.worlds.push(...this.worlds.slice(1, this.at + 1));
    fork.records.push(...this.records.slice(0, this.at));
    fork.at = this.at;
    return fork;
  }

  /** The same past under other rules: what a plan gains (a fault) holds from the world shown on. */
  under(rules: Rules, adapt: (world: World) => World): History {
    const history = new History(rules, adapt(this.worldAt(0)), this.chooser);
    history.worlds.push(...this.worlds.slice(1, this.at + 1).map(adapt));
    history.records.push(...this.records.slice(0, this.at));
    history.at = this.at;
    return history;
  }

  /** The answers that lead from the start to the end of what is known. */
  answers(): readonly number[] {
    return this.records.flatMap(({ answers }) => answers);
  }

  private compute(choices: Choices): boolean {
    const next: Step | undefined = step(this.rules, this.world, choices);
    if (!next) return false;
    this.worlds.push(next.world);
    this.records.push(next.record);
    this.at += 1;
    return true;
  }
}

/** Runs to the end, or to the limit; says which. */
export function runToEnd(history: History, stepLimit: number): 'ended' | 'limit' {
  while (history.position < stepLimit) if (!history.forward()) return 'ended';
  return 'limit';
}

export const replaying = (answers: readonly number[]): Chooser => {
  const choices = recordedChoices(answers);
  return () => choices;
};
