/**
 * Another pick than the timed one. The step is computed anew; when something else was known to come, that stays in its branch, and
 * the other way goes on in a new one.
 */
import { inTime } from '../../machines/system/choices.ts';
import { nextPick } from '../../machines/system/step.ts';
import type { Answer } from './answer.ts';
import { journeyAnswer } from './journey-answer.ts';
import { nextPicks } from './next-picks.ts';
import { readNumber } from './read-argument.ts';
import type { Session } from './session.ts';
import { StepperError } from './stepper-error.ts';

export function pickAnother(session: Session, argument: string): Answer {
  const { rules, world } = session;
  const picks = nextPicks(rules, world);
  const number = readNumber('pick', argument, 'the number of a pick, as info picks counts them');
  const pick = picks.find((each) => each.number === number);
  if (pick === undefined) {
    const expected =
      picks.length === 0 ? 'a pick, of which there are none: the run is at its end' : `1 to ${picks.length}`;
    throw new StepperError('pick.unknown', {
      where: 'pick',
      expected,
      found: argument,
      help: 'See info picks.',
    });
  }
  const isKnown = session.history.length > session.position;
  const branch = isKnown ? session.addBranch(session.history.fork(), { stem: 'pick' }) : undefined;
  session.turnsSeen = undefined;
  const { choose } = inTime(rules, world);
  session.history.choose({
    choose: (count, about) => (about === nextPick ? pick.index : choose(count, about)),
  });
  const answer = journeyAnswer(session, { direction: 'onwards', stepCount: 1, reasons: [], edge: undefined });
  if (branch === undefined) return answer;
  return { lines: [`branch ${branch}`, ...answer.lines], data: { branch, ...answer.data } };
}
