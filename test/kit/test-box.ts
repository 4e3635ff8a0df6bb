/** A box under test: the wrapper around a history that `box()` gives. */
import { violationsOf } from '../../machines/laws/index.ts';
import type { Violation } from '../../machines/laws/law.ts';
import { type Verdict, verdictOf } from '../../machines/paths/path.ts';
import type { ActorName } from '../../machines/system/actors.ts';
import { inTime, recordedChoices } from '../../machines/system/choices.ts';
import type { History } from '../../machines/system/history.ts';
import { injectFault } from '../../machines/system/inject-fault.ts';
import { possiblePicks } from '../../machines/system/picks.ts';
import { nextPick } from '../../machines/system/step.ts';
import { storyOf } from '../../machines/system/story.ts';
import type { StepRecord, World } from '../../machines/system/world.ts';
import { plannedFault } from '../../scripts/cli/options.ts';
import { isWithin } from '../../scripts/stepper/chart-states.ts';
import { type Place, placeOf } from '../../scripts/stepper/place.ts';
import { stateOf } from '../../scripts/stepper/snapshot-of.ts';

import { KitError } from './kit-error.ts';

/** More than any run of a registered path takes; reaching it is an error that names it. */
const stepLimit = 100_000;

export class TestBox {
  private history: History;

  constructor(history: History) {
    this.history = history;
  }

  /** Everything about the box at this moment: one immutable value. */
  get world(): World {
    return this.history.world;
  }

  /** How many steps have been made. */
  get position(): number {
    return this.history.position;
  }

  /** The step that led here; undefined at the start. */
  get record(): StepRecord | undefined {
    return this.history.record;
  }

  /** What the operator saw in the end; undefined before. */
  get verdict(): Verdict | undefined {
    return verdictOf(this.world.actors.operator);
  }

  /** The configuration of an actor: `kexec.freezing.asking`. */
  state(actor: string): string {
    const { actors, actorOrder } = this.history.rules;
    const known = actors.get(actor as ActorName);
    if (known) return stateOf(this.world, known.name);
    throw new KitError('actor.unknown', `there is no actor ${actor}; there are ${actorOrder.join(', ')}`);
  }

  /** True when an actor is in a state: `original kexec.freezing` holds in all of its inner states. A state that no chart has is an error. */
  isIn(place: string): boolean {
    const { actor, state } = this.actorState(place);
    return isWithin(this.state(actor), state);
  }

  /** One step on, in the order of time; false when nothing can happen any more. */
  step(): boolean {
    return this.history.forward();
  }

  back(count = 1): this {
    this.history.goTo(this.position - count);
    return this;
  }

  goto(position: number): this {
    if (this.history.goTo(position)) return this;
    throw new KitError('position.beyond', `the run ends after ${this.position} steps, before ${position}`);
  }

  /**
   * On until an actor enters a state, if only in passing (`original kexec.freezing`; no step when it is there already), until a step
   * does something (every place that `kjump step` can break at: `jump.left`, `device.call`, `/OOM killer/`), or to the `end`.
   */
  until(place: string): this {
    if (place === 'end') return this.onwards(place, () => false);
    const { met } = placeOf(this.history.rules, place);
    const isState = /^[^/ ]\S* \S+$/.test(place);
    return isState && this.isIn(place) ? this : this.onwards(place, () => this.hasJust(met));
  }

  /** What may happen next, in a fixed order: names for `take`. */
  possible(): readonly string[] {
    return possiblePicks(this.history.rules, this.world).map(({ key }) => key);
  }

  /** Makes this happen next, whatever is due first. Steps known beyond are forgotten. */
  take(pick: string): this {
    const index = this.possible().indexOf(pick);
    if (index < 0) throw new KitError('pick.impossible', `${pick} may not happen next.\n${this.outlook()}`);
    const { choose } = inTime(this.history.rules, this.world);
    this.history.choose({ choose: (count, about) => (about === nextPick ? index : choose(count, about)) });
    return this;
  }

  /** Makes the steps of a recorded list of picks, as `kjump check` and `kjump run --save` write it. */
  replay(picks: readonly number[]): this {
    const recorded = recordedChoices(picks);
    const from = this.position;
    const answersSince = (): number =>
      this.history.allRecords
        .slice(from, this.position)
        .reduce((sum, { answers }) => sum + answers.length, 0);
    while (answersSince() < picks.length && this.history.choose(recorded));
    if (answersSince() === picks.length) return this;
    throw new KitError('picks.left', `the run ended before all ${picks.length} picks were asked for`);
  }

  /** The answers that lead from the start to here. */
  picks(): readonly number[] {
    return this.history.fork().answers();
  }

  /** Another box with the same past. */
  fork(): TestBox {
    return new TestBox(this.history.fork());
  }

  /** From here on this fault is planned: `device-fails@freeze:gpu`. */
  inject(fault: string): this {
    this.history = injectFault(this.history, plannedFault(fault, 'inject'));
    return this;
  }

  /** One line a step. */
  story(): readonly string[] {
    return storyOf(this.history.allRecords.slice(0, this.position));
  }

  /** What the serial console showed. */
  console(): readonly string[] {
    return this.history.allRecords
      .slice(0, this.position)
      .flatMap((record) => record.console.map(({ text }) => text));
  }

  /** Laws of single steps are asked about every step up to here, those of a whole run when it has come to its end. */
  violations(): readonly Violation[] {
    return violationsOf(this.history.fork());
  }

  /** The last steps, and what may happen next: what a failing test shows. */
  outlook(count = 8): string {
    const next = this.possible();
    return [
      'The last steps:',
      ...this.story().slice(-count),
      next.length === 0 ? 'Nothing can happen any more.' : `May happen next: ${next.join('; ')}`,
    ].join('\n');
  }

  private onwards(place: string, isThere: () => boolean): this {
    for (let count = 0; count < stepLimit; count += 1) {
      if (!this.step()) {
        if (place === 'end') return this;
        throw new KitError('place.unreached', `${place} was never reached.\n${this.outlook()}`);
      }
      if (isThere()) return this;
    }
    throw new KitError(
      'place.unreached',
      `${place} was not reached in ${stepLimit} steps.\n${this.outlook()}`,
    );
  }

  private hasJust(met: Place['met']): boolean {
    const { rules, record, position } = this.history;
    if (record === undefined) return false;
    const [before, after] = [this.history.worldAt(position - 1), this.world];
    return met({ rules, before, after, record }) !== undefined;
  }

  /** The parser of places knows every actor and every state, and says so. */
  private actorState(place: string): { readonly actor: string; readonly state: string } {
    const [actor = '', state = ''] = placeOf(this.history.rules, place).text.split(' ');
    if (state !== '') return { actor, state };
    throw new KitError(
      'place.form',
      `expected an actor and a state, as in "original running", found ${place}`,
    );
  }
}
