/**
 * Ways to answer `Choices`: first, recorded, seeded, and timed. The list of all answers of a run replays it exactly.
 */
import { assert } from '../../kernels/assert.ts';
import type { Choices } from '../../kernels/choices.ts';
import { possiblePicks } from './picks.ts';
import { dueNs, nextPick } from './step.ts';
import type { Rules, World } from './world.ts';

/** How the next step's choices are made: from the world it starts in. */
export type Chooser = (rules: Rules, world: World) => Choices;

export const firstChoices: Choices = { choose: () => 0 };

/** Answers from a list; running out of answers, or an answer that does not fit, is an error that names the place. */
export function recordedChoices(answers: readonly number[]): Choices {
  let next = 0;
  return {
    choose: (count, about) => {
      const answer = answers[next];
      assert(
        answer !== undefined,
        `choices.recorded: the list of ${answers.length} answers ends before "${about}"`,
      );
      assert(
        answer < count,
        `choices.recorded: answer ${next} is ${answer}, but "${about}" has ${count} possibilities`,
      );
      next += 1;
      return answer;
    },
  };
}

/** mulberry32: 32 bits of state, public domain, good enough to spread picks; the state is the run's only chance. */
export function seededChoices(seed: number): Choices {
  let state = seed >>> 0;
  return {
    choose: (count) => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
    },
  };
}

/** What is due first happens first; what else a step asks is answered by `other`. */
export function timedChoices(rules: Rules, world: World, other: Choices): Choices {
  return {
    choose: (count, about) => (about === nextPick ? firstDue(rules, world) : other.choose(count, about)),
  };
}

/** The run as a clock would see it, and the first answer to everything else. */
export const inTime: Chooser = (rules, world) => timedChoices(rules, world, firstChoices);

function firstDue(rules: Rules, world: World): number {
  const picks = possiblePicks(rules, world);
  let best = 0;
  let bestNs = Number.POSITIVE_INFINITY;
  for (const [index, pick] of picks.entries()) {
    const due = dueNs(rules, world, pick);
    if (due < bestNs) {
      best = index;
      bestNs = due;
    }
  }
  return best;
}
