/**
 * `si` and `rsi`: through the turns of a step, one chart at a time. Nothing is computed within a step: the turns are in its record, and
 * the machine that is looked at is the one behind the step.
 */
import type { Answer } from '../answer.ts';
import { travelSteps } from '../journey.ts';
import { journeyAnswer } from '../journey-answer.ts';
import { readNothing } from '../read-argument.ts';
import type { Session } from '../session.ts';
import { stepLines, turnLines } from '../step-lines.ts';
import { turnPartsOf } from '../turn-parts.ts';
import type { Verb } from '../verb.ts';

export const turningVerbs: readonly Verb[] = [
  {
    name: 'si',
    aliases: ['stepi'],
    takes: '',
    about: 'one turn: of a step in which several charts have their turn, one after the other',
    group: 'going',
    isRepeated: true,
    run: (session, argument) => {
      readNothing('si', argument);
      return turnOn(session);
    },
  },
  {
    name: 'rsi',
    aliases: ['reverse-stepi'],
    takes: '',
    about: 'one turn back',
    group: 'going',
    isRepeated: true,
    run: (session, argument) => {
      readNothing('rsi', argument);
      return turnBack(session);
    },
  },
];

function turnOn(session: Session): Answer {
  const { turnsSeen } = session;
  if (turnsSeen !== undefined) return showTurn(session, turnsSeen + 1);
  const journey = travelSteps(session, 'onwards', 1);
  const count = session.record?.turns.length ?? 0;
  if (journey.stepCount === 0 || count < 2) return journeyAnswer(session, journey);
  return showTurn(session, 1);
}

function turnBack(session: Session): Answer {
  const count = session.record?.turns.length ?? 0;
  const seen = session.turnsSeen ?? count;
  if (seen > 1) return showTurn(session, seen - 1);
  return journeyAnswer(session, travelSteps(session, 'backwards', 1));
}

/** Behind the last turn the step is whole. */
function showTurn(session: Session, number: number): Answer {
  const { record, look, position } = session;
  const seen = session.seenAt(position);
  const parts = turnPartsOf(seen.record);
  const part = parts[number - 1];
  const isLast = number >= parts.length;
  session.turnsSeen = isLast ? undefined : number;
  const head = look.paint('dim', `turn ${number} of ${parts.length} in step ${record?.step ?? 0}`);
  const turn = part ? turnLines(seen.rules.plan, part, look) : [];
  // What belongs to the whole step comes with its last turn.
  const rest = isLast
    ? stepLines({ ...seen, record: { ...seen.record, turns: [], commands: [], told: [] } }, look)
    : [];
  return {
    lines: [head, ...turn, ...rest.slice(1)],
    data: { turn: number, turns: parts.length, ...(part && { ...part }) },
  };
}
