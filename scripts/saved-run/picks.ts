/** A list of picks from outside: answers a run's questions one by one, and says so when the list is not of this run. */
import type { Choices } from '../../kernels/choices.ts';
import { InputError } from '../cli/input-error.ts';

export type Picks = Choices & {
  /** How many answers were not asked for. */
  readonly left: () => number;
};

/** `where` names the list in errors. */
export function givenPicks(answers: readonly number[], where: string): Picks {
  let next = 0;
  return {
    left: () => answers.length - next,
    choose: (count, about) => {
      const answer = answers[next];
      if (answer === undefined) {
        throw new InputError('picks.too-short', {
          where,
          expected: `an answer to "${about}", the question ${next + 1}`,
          found: `the end after ${answers.length} answers`,
        });
      }
      if (answer >= count) {
        throw new InputError('picks.misfit', {
          where,
          expected: `an answer below ${count} to "${about}", the question ${next + 1}`,
          found: String(answer),
        });
      }
      next += 1;
      return answer;
    },
  };
}
