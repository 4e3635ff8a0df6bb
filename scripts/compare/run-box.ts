/** A box from power-on to its rest, in the order of its clock, with a word about how far it is. */
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime } from '../../machines/system/choices.ts';
import { History } from '../../machines/system/history.ts';
import type { Io } from '../cli/io.ts';
import { runOn } from '../cli/run-on.ts';

/** No registered path takes a tenth of it. */
const stepLimit = 100_000;

export type BoxRun = { readonly history: History; readonly isStopped: boolean };

/** `isStopped`: at the limit, before anything came to an end. */
export function runBox(options: BoxOptions, io: Pick<Io, 'err' | 'clockMs'>, limit = stepLimit): BoxRun {
  const { rules, world } = beginBox(planOf(options));
  const history = new History(rules, world, inTime);
  return { history, isStopped: runOn(history, limit, io) };
}
