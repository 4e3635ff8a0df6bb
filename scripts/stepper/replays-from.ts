/** Whether a run comes out the same when it is made again from the start: true unless a fault was planned on the way. */
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { History } from '../../machines/system/history.ts';
import { storyOf } from '../../machines/system/story.ts';
import { InputError } from '../cli/input-error.ts';
import { givenPicks } from '../saved-run/picks.ts';

export function replaysFrom(options: BoxOptions, history: History): boolean {
  const { rules, world } = beginBox(planOf(options));
  const picks = givenPicks(history.answers(), 'save');
  const again = new History(rules, world, () => picks);
  try {
    while (again.length < history.length && again.forward());
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
  const [one, other] = [storyOf(history.allRecords), storyOf(again.allRecords)];
  return one.length === other.length && one.every((line, index) => line === other[index]);
}
