/**
 * `kexec-jump/testing`: a box for users' tests. It steps, goes back, forks, is told to go wrong, and is matched against states, laws and
 * stories; what fails prints the last steps and what may happen next.
 *
 * It needs no test runner. With vitest or jest give `matchers` to `expect.extend`, and for the types declare
 *
 *     declare module 'vitest' {
 *       interface Matchers<T> extends BoxMatchers {}
 *     }
 *
 * With node:test, or anywhere else, `assertBox(box)` has the same matchers and throws.
 */
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime } from '../../machines/system/choices.ts';
import { History } from '../../machines/system/history.ts';
import { TestBox } from './test-box.ts';

export { KitError } from './kit-error.ts';
export { assertBox, type BoxMatchers, matchers } from './matchers.ts';
export { TestBox };

/** A box with the options of `kjump run`, switched off, its records checked after every step. */
export function box(options: Partial<BoxOptions> = {}): TestBox {
  const { rules, world } = beginBox(planOf(options), true);
  return new TestBox(new History(rules, world, inTime));
}
