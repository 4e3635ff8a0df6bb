// How a guard reads on a chart: its name, its parameters, and the words not / and / or between guards.
// Promises: the same guard gives the same text; brackets stand only where they are needed. Leaves out: what an inline
// function decides (it has no name to show). Facts: XState 5.33 `guards.ts` (`not`, `and`, `or` are functions with a
// `guards` list, `stateIn` is one with a `stateValue`).

import { assert } from '../../../kernels/assert.ts';
import { parameterText } from './parameter-text.ts';

/** What XState leaves on the function that `not`, `and`, `or` and `stateIn` return; its types keep these fields private. */
interface GuardFunction {
  readonly name: string;
  readonly guards?: readonly unknown[];
  readonly stateValue?: unknown;
}

export function guardText(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  if (isGuardFunction(guard)) return functionText(guard);
  assert(
    typeof guard === 'object' && guard !== null && 'type' in guard,
    'guardText: a guard is a name, an object with a type, or a function',
  );
  return `${String(guard.type)}${parameterText('params' in guard ? guard.params : undefined)}`;
}

function isGuardFunction(guard: unknown): guard is GuardFunction {
  return typeof guard === 'function';
}

function functionText(guard: GuardFunction): string {
  const parts = guard.guards ?? [];
  if (guard.stateValue !== undefined) return `in ${stateValueText(guard.stateValue)}`;
  if (parts.length === 0) return guard.name === '' || guard.name === 'guard' ? 'inline guard' : guard.name;
  if (guard.name === 'not') return `not ${parts.map(bracketed).join('')}`;
  return parts.map(bracketed).join(` ${guard.name} `);
}

function bracketed(guard: unknown): string {
  const text = guardText(guard);
  const isCombined = isGuardFunction(guard) && (guard.guards?.length ?? 0) > 1;
  return isCombined ? `(${text})` : text;
}

function stateValueText(stateValue: unknown): string {
  return typeof stateValue === 'string' ? stateValue : JSON.stringify(stateValue);
}
