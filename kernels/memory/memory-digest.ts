/**
 * One line that stands for what a range of memory holds: SHA-256 over its runs of equal pages, one text line each,
 * "start count digest-of-the-content". Equal bytes over equal ranges give equal digests, in whatever store, however the
 * map came to be and however the ranges are cut: neighbouring runs are joined first, also across the border of two
 * ranges. The cost follows what was touched, so a terabyte that nobody wrote is one line.
 *
 * It is our own and no checksum that Linux or purgatory takes; those are taken over the bytes themselves.
 */
import { createHash } from 'node:crypto';
import { assert } from '../assert.ts';
import type { Contents } from './contents.ts';
import type { PageMap } from './page-map.ts';
import type { Run } from './page-tree.ts';

export type PageRange = { readonly start: number; readonly count: number };

/** The ranges are given in ascending order and do not overlap; empty ones count for nothing. */
export function digestOf(map: PageMap, contents: Contents, ranges: readonly PageRange[]): string {
  const hash = createHash('sha256');
  for (const { start, count, id } of joinedRuns(map, ranges)) {
    hash.update(`${start} ${count} ${contents.digest(id)}\n`);
  }
  return hash.digest('hex');
}

function* joinedRuns(map: PageMap, ranges: readonly PageRange[]): Generator<Run> {
  let open: Run | undefined;
  let end = 0;
  for (const range of ranges) {
    assert(range.start >= end && range.count >= 0, 'memory-digest: the ranges are not in ascending order');
    end = range.start + range.count;
    for (const run of map.runs(range.start, end)) {
      const joins = open?.id === run.id && open.start + open.count === run.start;
      if (open !== undefined && !joins) yield open;
      open =
        open !== undefined && joins ? { start: open.start, count: open.count + run.count, id: run.id } : run;
    }
  }
  if (open !== undefined) yield open;
}
