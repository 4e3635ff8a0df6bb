/** A step as data: its record but for memory, of which only the number of pages that were written is told. */
import type { StepRecord } from '../../machines/system/world.ts';
import type { Data } from './answer.ts';
import { changedCount } from './changed-count.ts';

export function stepData({ writes, ...record }: StepRecord): Data {
  return {
    ...record,
    writes: writes.map(({ by, before, after }) => ({ by, pages: changedCount(before, after) })),
  };
}
