/** How a thing changed from one world to another, in words. */
import type { ContentId } from '../../kernels/memory/contents.ts';
import { poisonContent, zeroContent } from '../../kernels/memory/contents.ts';
import type { Rules } from '../../machines/system/world.ts';
import type { Thing } from './thing.ts';
import { valueText } from './value-lines.ts';

/** Things are records of plain fields: equal texts are equal things. */
export const isSame = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

/** `machine.owner: original -> relocation` */
export function changeText(rules: Rules, thing: Thing, before: unknown, after: unknown): string {
  return `${thing.text}: ${thingText(rules, thing, before)} -> ${thingText(rules, thing, after)}`;
}

function thingText(rules: Rules, { page }: Thing, value: unknown): string {
  // What is read from a page is the id of its content.
  return page === undefined ? valueText(value) : contentText(rules, value as ContentId);
}

export function contentText({ contents }: Rules, id: ContentId): string {
  if (id === zeroContent) return 'zeros';
  if (id === poisonContent) return 'poison';
  return `content ${id}, sha-256 ${contents.digest(id).slice(0, 12)}`;
}
