/** The registry of verbs: one entry each; help, completion, aliases and abbreviations follow from it. */
import { closest } from '../../cli/closest.ts';
import { StepperError } from '../stepper-error.ts';
import type { Verb } from '../verb.ts';
import { branchingVerbs } from './branching.ts';
import { filingVerbs } from './filing.ts';
import { goingVerbs } from './going.ts';
import { helpVerb } from './help.ts';
import { lookingVerbs } from './looking.ts';
import { stoppingVerbs } from './stopping.ts';
import { turningVerbs } from './turning.ts';

const quitVerb: Verb = {
  name: 'quit',
  aliases: ['q', 'exit'],
  takes: '',
  about: 'leaves; so does the end of the input',
  group: 'other',
  isRepeated: false,
  run: () => ({ lines: [], data: {}, isLast: true }),
};

export const verbs: readonly Verb[] = [
  ...goingVerbs,
  ...turningVerbs,
  ...stoppingVerbs,
  ...lookingVerbs,
  ...branchingVerbs,
  ...filingVerbs,
  helpVerb(() => verbs),
  quitVerb,
];

const wordsOf = ({ name, aliases }: Verb): readonly string[] => [name, ...aliases];

/** Its name, an alias, or a beginning that only one verb has. */
export function verbNamed(word: string): Verb {
  const exact = verbs.find((verb) => wordsOf(verb).includes(word));
  if (exact) return exact;
  const begun = verbs.filter((verb) => wordsOf(verb).some((each) => each.startsWith(word)));
  const [only] = begun;
  if (only && begun.length === 1) return only;
  const near = closest(word, verbs.flatMap(wordsOf));
  throw new StepperError('verb.unknown', {
    where: 'verb',
    expected:
      begun.length > 1
        ? `one of ${begun.map(({ name }) => name).join(', ')}`
        : `one of ${verbs.map(({ name }) => name).join(' ')}`,
    found: word,
    help: near !== undefined && begun.length === 0 ? `Did you mean ${near}? See help.` : 'See help.',
  });
}
