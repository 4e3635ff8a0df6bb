/**
 * What the stepper knows between two commands: branches of one run side by side, where it stands, where it is to stop.
 *
 * A branch is a history of its own; branches share the worlds of their common past. Nothing known is ever thrown away: whoever does
 * something else than what is known to come gets a new branch, and the old one stays under its name.
 */
import { assert } from '../../kernels/assert.ts';
import type { Law, SeenStep } from '../../machines/laws/law.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import type { History } from '../../machines/system/history.ts';
import type { Rules, StepRecord, World } from '../../machines/system/world.ts';
import type { Files } from '../cli/files.ts';
import type { Output } from '../cli/io.ts';
import { StepperError } from './stepper-error.ts';

export type Look = {
  readonly paint: Output['paint'];
  /** Lists of steps are cut to this. */
  readonly columns: () => number;
};

/** A breakpoint or a watchpoint: what a step must do for a journey to stop behind it, told in words when it did. */
export type Stop = {
  readonly number: number;
  readonly kind: 'break' | 'watch';
  readonly text: string;
  readonly met: (seen: SeenStep) => string | undefined;
};

export type SessionStart = {
  readonly history: History;
  readonly options: BoxOptions;
  readonly laws: readonly Law[];
  readonly look: Look;
  readonly files: Files;
  /** Of this program, for what is saved. */
  readonly version: string;
};

export const firstBranch = 'main';

export class Session {
  readonly options: BoxOptions;
  readonly laws: readonly Law[];
  readonly look: Look;
  readonly files: Files;
  readonly version: string;
  /** Of the step shown, how many turns have been seen; undefined: all. */
  turnsSeen: number | undefined;
  stops: readonly Stop[] = [];
  private readonly branches: Map<string, History>;
  private current = firstBranch;
  private stopCount = 0;

  constructor({ history, options, laws, look, files, version }: SessionStart) {
    this.options = options;
    this.laws = laws;
    this.look = look;
    this.files = files;
    this.version = version;
    this.branches = new Map([[firstBranch, history]]);
  }

  get branch(): string {
    return this.current;
  }

  get branchNames(): readonly string[] {
    return [...this.branches.keys()];
  }

  get history(): History {
    return this.historyOf(this.current);
  }

  get rules(): Rules {
    return this.history.rules;
  }

  get world(): World {
    return this.history.world;
  }

  get position(): number {
    return this.history.position;
  }

  /** The step that led to the world shown; undefined at the start. */
  get record(): StepRecord | undefined {
    return this.history.record;
  }

  historyOf(branch: string): History {
    const history = this.branches.get(branch);
    if (history) return history;
    const names = this.branchNames.join(', ');
    throw new StepperError('branch.unknown', { where: 'branch', expected: `one of ${names}`, found: branch });
  }

  switchTo(branch: string): void {
    this.historyOf(branch);
    this.current = branch;
    this.turnsSeen = undefined;
  }

  /** Adds a branch and goes there. Without a name it is called after what was done: `pick-1`, `pick-2`. */
  addBranch(history: History, told: { readonly name?: string; readonly stem: string }): string {
    const name = told.name ?? this.freeName(told.stem);
    if (this.branches.has(name)) {
      throw new StepperError('branch.taken', { where: 'branch', expected: 'a new name', found: name });
    }
    this.branches.set(name, history);
    this.switchTo(name);
    return name;
  }

  addStop(stop: Omit<Stop, 'number'>): Stop {
    this.stopCount += 1;
    const added = { ...stop, number: this.stopCount };
    this.stops = [...this.stops, added];
    return added;
  }

  /** A step with the worlds around it, as laws and stops look at it. */
  seenAt(position: number): SeenStep {
    const record = this.history.allRecords[position - 1];
    assert(record !== undefined, `session: no step leads to position ${position}`);
    const [before, after] = [this.history.worldAt(position - 1), this.history.worldAt(position)];
    return { rules: this.rules, before, after, record };
  }

  private freeName(stem: string): string {
    let number = 1;
    while (this.branches.has(`${stem}-${number}`)) number += 1;
    return `${stem}-${number}`;
  }
}
