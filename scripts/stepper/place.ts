/**
 * Places: what a step can be asked to do for a journey to stop behind it. The kinds are tried in this order; the first that
 * knows the text takes it.
 */
import type { SeenStep } from '../../machines/laws/law.ts';
import type { ActorName } from '../../machines/system/actors.ts';
import type { Rules } from '../../machines/system/world.ts';
import { phases } from '../../machines/vocabulary.ts';
import { closest } from '../cli/closest.ts';
import { isWithin, phaseOf, statesOf } from './chart-states.ts';
import { namedIn, namesOf, placeNamesOf } from './known-names.ts';
import { stateOf } from './snapshot-of.ts';
import { eventText } from './step-lines.ts';
import { StepperError } from './stepper-error.ts';
import { isMainActor } from './where.ts';

export type Place = {
  readonly text: string;
  /** In words when the step did it. */
  readonly met: (seen: SeenStep) => string | undefined;
};

type Met = Place['met'];
type PlaceKind = {
  readonly form: string;
  readonly about: string;
  /** Undefined: the text is no place of this kind. */
  readonly parse: (rules: Rules, text: string) => Met | undefined;
};

export const placeKinds: readonly PlaceKind[] = [
  { form: '120', about: 'a step by its number', parse: parseStep },
  {
    form: '/text/',
    about: 'a line on the console or in a log, by a regular expression',
    parse: parsePattern,
  },
  { form: 'original kexec.freezing', about: 'an actor enters a state', parse: parseActorState },
  { form: 'original', about: 'an actor hears anything', parse: parseActor },
  { form: 'quiesce', about: `a phase begins: ${phases.join(' ')}`, parse: parsePhase },
  {
    form: 'jump.ask',
    about:
      'a message or reply is heard, a command ordered (device.call), a line of the log printed, something noted (jump.left), a move made',
    parse: parseName,
  },
  {
    form: 'freeze:gpu',
    about: 'a place where faults strike; dump/freeze:disk when B orders it',
    parse: parseName,
  },
  { form: 'kexec.freezing', about: 'any actor enters a state', parse: parseState },
];

export function placeOf(rules: Rules, given: string): Place {
  const text = given.trim().replaceAll(/\s+/g, ' ');
  for (const { parse } of placeKinds) {
    const met = parse(rules, text);
    if (met) return { text, met };
  }
  const near = closest(text, placeWords(rules));
  throw new StepperError('place.unknown', {
    where: 'place',
    expected: 'an actor and a state, a phase, a message, a command, a line of the log, a note, or /text/',
    found: text,
    help: near === undefined ? 'See help places.' : `Did you mean ${near}? See help places.`,
  });
}

/** All places that have a name, for completion. */
export const placeWords = (rules: Rules): readonly string[] => [
  ...[...rules.actors].flatMap(([name, { machine }]) => [
    name,
    ...statesOf(machine).map((state) => `${name} ${state}`),
  ]),
  ...phases,
  ...namesOf(rules),
  ...placeNamesOf(rules.plan),
];

function parseStep(_rules: Rules, text: string): Met | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  return ({ record }) => (record.step === Number(text) ? `step ${text}` : undefined);
}

function parsePattern(_rules: Rules, text: string): Met | undefined {
  if (!text.startsWith('/')) return undefined;
  const [, source = ''] = /^\/(.+)\/$/.exec(text) ?? [];
  const pattern = patternOf(source, text);
  return ({ record }) => {
    const lines = [...record.console, ...record.printed];
    const line = lines.find((each) => pattern.test(each.text));
    return line && `"${line.text.trimEnd()}"`;
  };
}

function patternOf(source: string, text: string): RegExp {
  try {
    if (source !== '') return new RegExp(source);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const expected = 'a regular expression between two slashes';
  throw new StepperError('place.pattern', { where: 'place', expected, found: text });
}

function parseActorState(rules: Rules, text: string): Met | undefined {
  const [name = '', state, ...more] = text.split(' ');
  const actor = rules.actors.get(name as ActorName);
  if (!actor || state === undefined) return undefined;
  const states = statesOf(actor.machine);
  if (more.length === 0 && states.includes(state)) return (seen) => enters(seen, actor.name, state);
  const near = closest(state, states);
  throw new StepperError('place.unknown', {
    where: `state of ${name}`,
    expected: `one of ${outermost(states).join(', ')} or a state within`,
    found: [state, ...more].join(' '),
    ...(near !== undefined && { help: `Did you mean ${name} ${near}?` }),
  });
}

const outermost = (states: readonly string[]): readonly string[] =>
  states.filter((state) => !state.includes('.'));

function parseActor(rules: Rules, text: string): Met | undefined {
  if (!rules.actors.has(text as ActorName)) return undefined;
  return ({ record }) => {
    const turn = record.turns.find(({ actor }) => actor === text);
    return turn && `${text} hears ${eventText(turn.event)}`;
  };
}

function parseState({ actors }: Rules, text: string): Met | undefined {
  const names = [...actors.values()]
    .filter(({ machine }) => statesOf(machine).includes(text))
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  return (seen) => names.map((name) => enters(seen, name, text)).find((met) => met !== undefined);
}

function parseName(rules: Rules, text: string): Met | undefined {
  if (!namesOf(rules).includes(text) && !placeNamesOf(rules.plan).includes(text)) return undefined;
  return (seen) => namedIn(seen, text);
}

/** A main actor goes on to a state of this phase from one that is not of it. */
function parsePhase({ actors }: Rules, text: string): Met | undefined {
  const phase = phases.find((each) => each === text);
  if (!phase) return undefined;
  return ({ record }) => {
    const turn = record.turns.find(({ actor, before, through, after }) => {
      const machine = actors.get(actor)?.machine;
      if (machine === undefined || !isMainActor(actor)) return false;
      const ways = [before, ...through, after].map((state) => phaseOf(machine, state));
      return ways.some((each, index) => index > 0 && each === phase && ways[index - 1] !== phase);
    });
    return turn && `${turn.actor} begins ${phase}`;
  };
}

/** States that a turn only passed through count; so does a chart that begins anew because its memory is gone. */
function enters({ record, before, after }: SeenStep, actor: ActorName, state: string): string | undefined {
  const ways = record.turns
    .filter((turn) => turn.actor === actor)
    .map((turn) => [turn.before, ...turn.through, turn.after]);
  const outside = [stateOf(before, actor), stateOf(after, actor)];
  const way = [...ways, ...(ways.length === 0 ? [outside] : [])].find((each) => isEntered(each, state));
  return way && `${actor} enters ${way.find((each, index) => index > 0 && isWithin(each, state)) ?? state}`;
}

const isEntered = (way: readonly string[], state: string): boolean =>
  way.some((each, index) => index > 0 && isWithin(each, state) && !isWithin(way[index - 1] ?? '', state));
