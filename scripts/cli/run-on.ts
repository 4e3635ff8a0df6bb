/** Goes on with a history to its end or to a limit, and says on the way how far it is. */
import type { History } from '../../machines/system/history.ts';
import { possiblePicks } from '../../machines/system/picks.ts';
import { durationText } from '../report/quantity-text.ts';
import type { Io } from './io.ts';
import { progressOn } from './progress.ts';

/** True when the limit came before the end. */
export function runOn(history: History, stepLimit: number, io: Pick<Io, 'err' | 'clockMs'>): boolean {
  const progress = progressOn(io);
  let isAtEnd = false;
  while (!isAtEnd && history.position < stepLimit) {
    isAtEnd = !history.forward();
    const { step, clock, machine } = history.world;
    progress.show(() => `step ${step}, ${durationText(clock.nowNs)} of the box, ${machine.owner}`);
  }
  progress.done();
  return !isAtEnd && possiblePicks(history.rules, history.world).length > 0;
}
