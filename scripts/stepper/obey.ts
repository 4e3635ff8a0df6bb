/** A line typed into the stepper: its verb and what stands behind it. */
import type { Answer } from './answer.ts';
import type { Session } from './session.ts';
import { StepperError } from './stepper-error.ts';
import type { Verb } from './verb.ts';
import { verbNamed } from './verbs/index.ts';

export type Order = { readonly verb: Verb; readonly argument: string };

/** Undefined for a line that asks for nothing: empty, or a comment. */
export function orderOf(line: string): Order | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const [word = ''] = text.split(/\s/, 1);
  return { verb: verbNamed(word), argument: text.slice(word.length).trim() };
}

export type Obeyed = { readonly order: Order; readonly answer: Answer };

/** Files of lines may name further files; a file that names itself would never end. */
const sourceDepth = 8;

/** The answers to a line, and to the lines of the file that it names. */
export function* obey(session: Session, order: Order, depth = 0): Generator<Obeyed> {
  if (depth > sourceDepth) {
    throw new StepperError('source.depth', {
      where: order.verb.name,
      expected: `files of lines at most ${sourceDepth} deep`,
      found: 'one more',
    });
  }
  const answer = order.verb.run(session, order.argument);
  yield { order, answer };
  for (const line of answer.obeys ?? []) {
    const next = orderOf(line);
    if (next) yield* obey(session, next, depth + 1);
  }
}
