/** Breakpoints and watchpoints. */
import type { Answer } from '../answer.ts';
import { placeOf, placeWords } from '../place.ts';
import { readNumber, readSomething } from '../read-argument.ts';
import type { Session, Stop } from '../session.ts';
import { StepperError } from '../stepper-error.ts';
import { thingOf } from '../thing.ts';
import { changeText, isSame } from '../thing-change.ts';
import { thingCompletions } from '../thing-completions.ts';
import type { Verb } from '../verb.ts';

const stopping = { group: 'stopping', isRepeated: false } as const;

export const stoppingVerbs: readonly Verb[] = [
  {
    ...stopping,
    name: 'b',
    aliases: ['break'],
    takes: '[PLACE]',
    about: 'a breakpoint at PLACE (help places); without one, all of them',
    run: breakAt,
    completions: ({ rules }) => placeWords(rules),
  },
  {
    ...stopping,
    name: 'watch',
    aliases: [],
    takes: 'THING',
    about: 'a watchpoint: stops behind every step that changes THING (help things)',
    run: watch,
    completions: thingCompletions,
  },
  {
    ...stopping,
    name: 'delete',
    aliases: ['d', 'clear'],
    takes: '[N]',
    about: 'takes breakpoint or watchpoint N away; without a number, all',
    run: deleteStops,
    completions: ({ stops }) => stops.map(({ number }) => String(number)),
  },
];

function breakAt(session: Session, argument: string): Answer {
  if (argument === '') return stopsAnswer(session);
  const { text, met } = placeOf(session.rules, argument);
  return addedAnswer(session.addStop({ kind: 'break', text, met }));
}

function watch(session: Session, argument: string): Answer {
  const thing = thingOf(session.rules, session.world, readSomething('watch', argument, 'a thing'));
  const met: Stop['met'] = ({ before, after }) => {
    const [old, now] = [thing.read(before), thing.read(after)];
    return isSame(old, now) ? undefined : changeText(session.rules, thing, old, now);
  };
  return addedAnswer(session.addStop({ kind: 'watch', text: thing.text, met }));
}

function addedAnswer({ number, kind, text }: Stop): Answer {
  return { lines: [`${wordOf(kind)} ${number}: ${text}`], data: { number, kind, text } };
}

const wordOf = (kind: Stop['kind']): string => (kind === 'break' ? 'breakpoint' : 'watchpoint');

export function stopsAnswer({ stops }: Session): Answer {
  const lines = stops.map(({ number, kind, text }) => `${wordOf(kind)} ${number}: ${text}`);
  return {
    lines: lines.length === 0 ? ['no breakpoints and no watchpoints'] : lines,
    data: { stops: stops.map(({ number, kind, text }) => ({ number, kind, text })) },
  };
}

function deleteStops(session: Session, argument: string): Answer {
  if (argument === '') {
    session.stops = [];
    return stopsAnswer(session);
  }
  const number = readNumber('delete', argument, 'the number of a breakpoint or watchpoint');
  if (!session.stops.some((stop) => stop.number === number)) {
    const known = session.stops.map((stop) => stop.number).join(', ');
    const expected = known === '' ? 'a breakpoint, of which there are none' : `one of ${known}`;
    throw new StepperError('stop.unknown', { where: 'delete', expected, found: argument });
  }
  session.stops = session.stops.filter((stop) => stop.number !== number);
  return stopsAnswer(session);
}
