/**
 * Page contents that follow from a rule, so that their bytes need not be kept. A new rule is one module and one line
 * here. A rule is flat plain data with an `index` among the pages that it makes, and the same rule always writes the same bytes.
 */
import { writeReservedPages } from '../linux/structures/reserved-pages.ts';
import { writePattern } from './pattern.ts';

/** Each writer gets its rule and a page, all of whose bytes it writes. */
const writers = {
  pattern: writePattern,
  'reserved pages': writeReservedPages,
};

type Writers = typeof writers;

export type ContentRule = { [Name in keyof Writers]: Parameters<Writers[Name]>[0] }[keyof Writers];

export function writeByRule(rule: ContentRule, page: Uint8Array): void {
  // The writer was picked by the rule's own name, so it takes this rule: a link the compiler does not follow.
  const write = writers[rule.rule] as (rule: ContentRule, page: Uint8Array) => void;
  write(rule, page);
}
