/** Things that may stand behind a verb: first words, and behind a dot the fields of what stands before it. */
import type { Session } from './session.ts';
import { furtherFields, thingWords } from './thing.ts';

export function thingCompletions({ rules, world }: Session, argument: string): readonly string[] {
  const dot = argument.lastIndexOf('.');
  if (dot < 0) return thingWords(rules, world);
  const head = argument.slice(0, dot);
  return furtherFields(rules, world, head).map((field) => `${head}.${field}`);
}
