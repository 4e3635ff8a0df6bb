/** `help`: all verbs, one verb, or how places and things are written. */
import type { Answer } from '../answer.ts';
import { placeKinds } from '../place.ts';
import type { Session } from '../session.ts';
import { StepperError } from '../stepper-error.ts';
import { textTable } from '../text-table.ts';
import { thingForms } from '../thing.ts';
import { topicsAnswer } from '../topics/index.ts';
import { type Verb, type VerbGroup, verbGroups } from '../verb.ts';

export const helpVerb = (all: () => readonly Verb[]): Verb => ({
  name: 'help',
  aliases: ['h', '?'],
  takes: '[VERB]',
  about: 'this, or one verb; help places, help things, help info',
  group: 'other',
  isRepeated: false,
  run: (session, argument) => help(session, all(), argument),
  completions: () => ['places', 'things', ...all().map(({ name }) => name)],
});

function help(session: Session, verbs: readonly Verb[], argument: string): Answer {
  const columns = session.look.columns();
  switch (argument) {
    case '':
      return allVerbs(verbs, columns);
    case 'places':
      return forms('A place is what a step does; journeys stop behind it.', placeKinds, columns);
    case 'things':
      return forms(
        'A thing is what can be looked at, watched, and asked when it changed.',
        thingForms,
        columns,
      );
    default:
      return oneVerb(session, verbs, argument);
  }
}

const titles: Readonly<Record<VerbGroup, string>> = {
  going: 'going',
  stopping: 'stopping',
  looking: 'looking',
  branching: 'what if',
  files: 'files',
  other: 'other',
};

function allVerbs(verbs: readonly Verb[], columns: number): Answer {
  const lines = verbGroups.flatMap((group) => {
    const rows = verbs
      .filter((verb) => verb.group === group)
      .map(({ name, takes, about }) => [`${name} ${takes}`.trim(), about]);
    return [titles[group], ...textTable(rows, columns)];
  });
  return { lines, data: { verbs: verbs.map(verbData) } };
}

function oneVerb(session: Session, verbs: readonly Verb[], word: string): Answer {
  const verb = verbs.find(({ name, aliases }) => name === word || aliases.includes(word));
  if (verb === undefined) {
    const expected = `places, things, or one of ${verbs.map(({ name }) => name).join(' ')}`;
    throw new StepperError('verb.unknown', { where: 'help', expected, found: word });
  }
  const { name, takes, aliases, about } = verb;
  const also = aliases.length === 0 ? [] : [`  also: ${aliases.join(' ')}`];
  const topics = name === 'info' ? topicsAnswer(session).lines : [];
  return { lines: [`${name} ${takes}`.trim(), `  ${about}`, ...also, ...topics], data: verbData(verb) };
}

const verbData = ({ name, aliases, takes, about, group }: Verb) => ({ name, aliases, takes, about, group });

type Form = { readonly form: string; readonly about: string };

function forms(title: string, all: readonly Form[], columns: number): Answer {
  const rows = all.map(({ form, about }) => [form, about]);
  return {
    lines: [title, ...textTable(rows, columns)],
    data: { forms: all.map(({ form, about }) => ({ form, about })) },
  };
}
