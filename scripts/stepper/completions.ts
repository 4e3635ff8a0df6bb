/** What the tabulator key may put behind what was typed: verbs, then what the verb takes. */
import type { Session } from './session.ts';
import { StepperError } from './stepper-error.ts';
import { verbNamed, verbs } from './verbs/index.ts';

/** As node:readline wants them: the words, and the part of the line that they stand for. */
export function completionsOf(session: Session, line: string): [string[], string] {
  const [, word = '', gap = '', argument = ''] = /^\s*(\S*)(\s*)(.*)$/.exec(line) ?? [];
  if (gap === '') {
    const names = verbs.map(({ name }) => name).filter((name) => name.startsWith(word));
    return [names.map((name) => `${name} `), word];
  }
  const known = argumentsOf(session, word, argument);
  return [[...new Set(known)].filter((each) => each.startsWith(argument)), argument];
}

function argumentsOf(session: Session, word: string, argument: string): readonly string[] {
  try {
    return verbNamed(word).completions?.(session, argument) ?? [];
  } catch (error) {
    // Half a word may be no verb yet.
    if (error instanceof StepperError) return [];
    throw error;
  }
}
