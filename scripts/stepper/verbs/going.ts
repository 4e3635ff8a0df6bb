/**
 * Going through the run: gdb's verbs, in both directions. They stop at the ends and never quit there.
 *
 * `n` goes on until operator, firmware, A or B is in another state: drivers, packets and tasks at work are passed over as gdb passes
 * over calls. `c` stops behind a step that met a breakpoint or a watchpoint or broke a law; so does `rc`, on the way home.
 */
import type { SeenStep } from '../../../machines/laws/law.ts';
import type { Answer } from '../answer.ts';
import { type Direction, type Meets, stopsAndLaws, travel, travelSteps } from '../journey.ts';
import { journeyAnswer, listAnswer, undoneLine } from '../journey-answer.ts';
import { placeOf, placeWords } from '../place.ts';
import { readCount, readNothing, readNumber, readSomething } from '../read-argument.ts';
import type { Session } from '../session.ts';
import { stateOf } from '../snapshot-of.ts';
import { StepperError } from '../stepper-error.ts';
import type { Verb } from '../verb.ts';
import { mainActorsIn } from '../where.ts';

const going = { group: 'going', isRepeated: true } as const;
const places = ({ rules }: Session): readonly string[] => placeWords(rules);

export const goingVerbs: readonly Verb[] = [
  {
    ...going,
    name: 's',
    aliases: ['step'],
    takes: '[N]',
    about: 'one step, or N: one thing that happens, with everything it sets off at once',
    run: (session, argument) => stepOn(session, readCount('s', argument)),
  },
  {
    ...going,
    name: 'n',
    aliases: ['next'],
    takes: '[N]',
    about: 'to the next step that changes the state of operator, firmware, A or B',
    run: (session, argument) => repeated(session, 'onwards', changesMainActor, readCount('n', argument)),
  },
  {
    ...going,
    name: 'c',
    aliases: ['continue', 'fg'],
    takes: '[PLACE]',
    about: 'on to a breakpoint, a watchpoint, a broken law or the end; or to PLACE',
    run: (session, argument) => goOn(session, 'onwards', argument),
    completions: places,
  },
  {
    ...going,
    name: 'until',
    aliases: ['u', 'advance'],
    takes: 'PLACE',
    about: 'on to PLACE, unless something else stops it before',
    isRepeated: false,
    run: (session, argument) => goOn(session, 'onwards', readSomething('until', argument, 'a place')),
    completions: places,
  },
  {
    ...going,
    name: 'rs',
    aliases: ['reverse-step'],
    takes: '[N]',
    about: 'one step back, or N',
    run: (session, argument) => stepBack(session, readCount('rs', argument)),
  },
  {
    ...going,
    name: 'rn',
    aliases: ['reverse-next'],
    takes: '[N]',
    about: 'back to the step before it that n would stop at',
    run: (session, argument) => repeated(session, 'backwards', changesMainActor, readCount('rn', argument)),
  },
  {
    ...going,
    name: 'rc',
    aliases: ['reverse-continue'],
    takes: '[PLACE]',
    about: 'back to a breakpoint, a watchpoint, a broken law or the start; or to PLACE',
    run: (session, argument) => goOn(session, 'backwards', argument),
    completions: places,
  },
  {
    ...going,
    name: 'goto',
    aliases: ['jump', 'seek'],
    takes: 'N',
    about: 'to step N, whatever lies between; also: goto start, goto end',
    isRepeated: false,
    run: goTo,
    completions: () => ['start', 'end'],
  },
  {
    ...going,
    name: 'restart',
    aliases: ['run', 'start'],
    takes: '',
    about: 'to the start; breakpoints, branches and what is known of the run stay',
    isRepeated: false,
    run: (session, argument) => {
      readNothing('restart', argument);
      return goTo(session, 'start');
    },
  },
];

function stepOn(session: Session, count: number): Answer {
  if (session.turnsSeen !== undefined) {
    session.turnsSeen = undefined;
    if (count === 1)
      return journeyAnswer(session, { direction: 'onwards', stepCount: 1, reasons: [], edge: undefined });
  }
  const from = session.position;
  const journey = travelSteps(session, 'onwards', count);
  if (count === 1) return journeyAnswer(session, journey);
  return listAnswer(session, journey, session.history.allRecords.slice(from, session.position));
}

function stepBack(session: Session, count: number): Answer {
  const from = session.position;
  const journey = travelSteps(session, 'backwards', count);
  const undone = session.history.allRecords.slice(session.position, from).reverse();
  const answer = journeyAnswer(session, journey);
  const [only] = undone;
  return only && count === 1
    ? { ...answer, lines: [undoneLine(only, session.look), ...answer.lines] }
    : answer;
}

function repeated(session: Session, direction: Direction, meets: Meets, count: number): Answer {
  let left = count;
  const journey = travel(session, direction, (seen) => {
    if (meets(seen).length > 0) left -= 1;
    return left === 0 ? [''] : [];
  });
  return journeyAnswer(session, { ...journey, reasons: [] });
}

/** A chart that begins anew because its memory is gone changes its state too. */
const changesMainActor: Meets = ({ before, after }: SeenStep) =>
  mainActorsIn(before).filter((name) => stateOf(before, name) !== stateOf(after, name));

function goOn(session: Session, direction: Direction, argument: string): Answer {
  const stops = stopsAndLaws(session);
  if (argument === '') return journeyAnswer(session, travel(session, direction, stops));
  const place = placeOf(session.rules, argument);
  const meets: Meets = (seen) => {
    const met = place.met(seen);
    return met === undefined ? stops(seen) : [`${place.text}: ${met}`, ...stops(seen)];
  };
  return journeyAnswer(session, travel(session, direction, meets));
}

/** `goto` takes no notice of breakpoints: it says where to be, not how to get there. */
function goTo(session: Session, argument: string): Answer {
  const from = session.position;
  const wanted = wantedPosition(argument);
  const direction: Direction = wanted < from ? 'backwards' : 'onwards';
  const isThere: Meets = () => (session.position === wanted ? [''] : []);
  if (wanted === from && session.turnsSeen === undefined) {
    return journeyAnswer(session, {
      direction,
      stepCount: 0,
      reasons: [],
      edge: from === 0 ? 'start' : undefined,
    });
  }
  session.turnsSeen = undefined;
  const journey = wanted === from ? travelNowhere : travel(session, direction, isThere);
  if (journey.edge === 'end' && argument !== 'end') {
    const length = session.position;
    session.history.goTo(from);
    const expected = `a step from 0 to ${length}, where the run ends`;
    throw new StepperError('position.unknown', { where: 'goto', expected, found: argument });
  }
  return journeyAnswer(session, { ...journey, reasons: [] });
}

const travelNowhere = { direction: 'onwards', stepCount: 0, reasons: [], edge: undefined } as const;

function wantedPosition(argument: string): number {
  if (argument === 'start') return 0;
  if (argument === 'end') return Number.POSITIVE_INFINITY;
  return readNumber('goto', argument, 'the number of a step, start or end');
}
