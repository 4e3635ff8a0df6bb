/** Where, when, what: verbs that look and change nothing. */
import type { Answer } from '../answer.ts';
import { hanging } from '../hanging.ts';
import { pageAnswer } from '../page-answer.ts';
import { placeOf, placeWords } from '../place.ts';
import { readNothing, readSomething } from '../read-argument.ts';
import type { Session } from '../session.ts';
import { stepLines } from '../step-lines.ts';
import { StepperError } from '../stepper-error.ts';
import { type Thing, thingOf } from '../thing.ts';
import { changeText, isSame } from '../thing-change.ts';
import { thingCompletions } from '../thing-completions.ts';
import { topicNamed, topics, topicsAnswer } from '../topics/index.ts';
import { valueLines } from '../value-lines.ts';
import type { Verb } from '../verb.ts';
import { whereData, whereLine } from '../where.ts';

const looking = { group: 'looking', isRepeated: false } as const;

export const lookingVerbs: readonly Verb[] = [
  {
    ...looking,
    name: 'where',
    aliases: ['bt', 'backtrace'],
    takes: '',
    about: 'one line: step, time, who executes, the states of operator, firmware, A and B',
    run: (session, argument) => {
      readNothing('where', argument);
      const lines = hanging(whereLine(session), 0, session.look.columns());
      return { lines, data: whereData(session) };
    },
  },
  {
    ...looking,
    name: 'when',
    aliases: [],
    takes: '[THING | PLACE]',
    about: 'which step last changed THING, or last came to PLACE',
    run: when,
    completions: (session, argument) => [
      ...thingCompletions(session, argument),
      ...placeWords(session.rules),
    ],
  },
  {
    ...looking,
    name: 'p',
    aliases: ['print', 'inspect', 'x'],
    takes: 'THING',
    about: 'shows THING: a field of the machine or of an actor, a page, a block (help things)',
    run: print,
    completions: thingCompletions,
  },
  {
    ...looking,
    name: 'info',
    aliases: ['i'],
    takes: '[TOPIC]',
    about: `shows a topic: ${topics.map(({ name }) => name).join(' ')}`,
    run: info,
    completions: () => topics.map(({ name }) => name),
  },
];

function info(session: Session, argument: string): Answer {
  if (argument === '') return topicsAnswer(session);
  const [name = '', ...rest] = argument.split(' ');
  return topicNamed(name).tell(session, rest.join(' ').trim());
}

function print(session: Session, argument: string): Answer {
  const thing = thingOf(session.rules, session.world, readSomething('p', argument, 'a thing'));
  if (thing.page) return pageAnswer(session, thing.page);
  const value = thing.read(session.world);
  return { lines: valueLines(thing.text, value), data: { thing: thing.text, value } };
}

function when(session: Session, argument: string): Answer {
  if (argument === '') return { lines: [`step ${session.position}`], data: {} };
  const thing = thingOrNothing(session, argument);
  const met = thing ? changedBy(session, thing) : placeMet(session, argument);
  const last = lastPosition(session, met);
  if (last === undefined) {
    const text = thing ? `${thing.text} has not changed since the start` : `${argument.trim()}: not yet`;
    return { lines: [text], data: { changed: null } };
  }
  const text = met(last) ?? '';
  return {
    lines: [
      session.look.paint('yellow', `step ${last}: ${text}`),
      ...stepLines(session.seenAt(last), session.look),
    ],
    data: { changed: last, text },
  };
}

type MetAt = (position: number) => string | undefined;

function lastPosition({ position }: Session, met: MetAt): number | undefined {
  for (let at = position; at > 0; at -= 1) if (met(at) !== undefined) return at;
  return undefined;
}

function changedBy(session: Session, thing: Thing): MetAt {
  return (position) => {
    const [before, after] = [position - 1, position].map((at) => thing.read(session.history.worldAt(at)));
    return isSame(before, after) ? undefined : changeText(session.rules, thing, before, after);
  };
}

function placeMet(session: Session, argument: string): MetAt {
  const place = placeOf(session.rules, argument);
  return (position) => place.met(session.seenAt(position));
}

/** A name may be a place as well: `original` is both, and as a thing says more. */
function thingOrNothing({ rules, world }: Session, argument: string): Thing | undefined {
  try {
    return thingOf(rules, world, argument);
  } catch (error) {
    if (error instanceof StepperError) return undefined;
    throw error;
  }
}
