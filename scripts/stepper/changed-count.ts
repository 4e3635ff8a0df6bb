import type { PageMap } from '../../kernels/memory/page-map.ts';

/** How many pages of two maps of one size hold something else. */
export function changedCount(before: PageMap, after: PageMap): number {
  let total = 0;
  for (const { count } of before.differences(after)) total += count;
  return total;
}
