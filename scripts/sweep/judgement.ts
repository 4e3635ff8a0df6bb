/** What a row of a sweep must be to be right. */
import { pathNamed } from '../../machines/paths/index.ts';
import { exitCodes } from '../cli/io.ts';
import type { SweepPlan } from './sweep-plan.ts';
import type { SweepRow } from './sweep-rows.ts';

/** Without a fault the path reaches its goal; with one it comes to an end, whatever that is; and laws hold, events are taken. */
export function isWrong({ path }: Pick<SweepPlan, 'path'>, row: SweepRow): boolean {
  const { fault, verdict, broken, ignoredCount, end } = row;
  const isGoal = fault !== undefined || verdict === pathNamed(path)?.goal;
  return !isGoal || verdict === undefined || broken.length > 0 || ignoredCount > 0 || end === 'limit';
}

export function sweepExitCode(plan: Pick<SweepPlan, 'path'>, rows: readonly SweepRow[]): number {
  const wrong = rows.filter((row) => isWrong(plan, row));
  if (wrong.length === 0) return exitCodes.well;
  return wrong.every(({ end, broken }) => end === 'limit' && broken.length === 0)
    ? exitCodes.limit
    : exitCodes.no;
}
