// Gives parallel lines tracks of their own: level lines in the gap between two rows, upright ones in a channel.
// Promises: two lines on one track do not touch; where one line comes down to a level line and another goes down
// from one at the same place, the first turns off above the second; the same input gives the same tracks.
// Source of the method: Hashimoto and Stevens, "Wire routing by optimizing channel assignment", 1971 (the left-edge rule).

import { portSpacing } from './layout-sizes.ts';

export interface Run {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  /** Where lines come down to it, and where it goes down. */
  readonly above: readonly number[];
  readonly below: readonly number[];
}

/** Two upright lines nearer than the first of these look crowded, nearer than the second like one. */
const tooNear = [portSpacing / 2, 3];

/** The track of each run, counted from the top. Runs are given in the order in which they would best lie. */
export function runTracks(runs: readonly Run[]): ReadonlyMap<string, number> {
  const tracks = new Map<string, number>();
  const waiting = [...runs];
  while (waiting.length > 0) {
    const [run] = waiting.splice(nextIndex(waiting), 1);
    if (run === undefined) break;
    const lowest = runs.flatMap((other) =>
      mustLieAbove(other, run, portSpacing / 2) ? [(tracks.get(other.key) ?? -1) + 1] : [],
    );
    let track = Math.max(0, ...lowest);
    while (runs.some((other) => tracks.get(other.key) === track && overlap(run, other))) track += 1;
    tracks.set(run.key, track);
  }
  return tracks;
}

/**
 * The first run that no other waiting run must lie above. Runs that must all lie above each other form a ring that cannot be
 * untied: then nearness is allowed, and if that does not help the first goes first, and two lines share a stretch.
 */
function nextIndex(waiting: readonly Run[]): number {
  const free = tooNear
    .map((limit) => waiting.findIndex((run) => !waiting.some((other) => mustLieAbove(other, run, limit))))
    .filter((index) => index >= 0);
  return free[0] ?? 0;
}

/** What an upright line in a channel takes up. */
export interface Claim {
  readonly key: string;
  readonly top: number;
  readonly bottom: number;
}

/** The track of each claim, counted from the rows outwards: short lines inside, long ones outside. */
export function claimTracks(claims: readonly Claim[]): ReadonlyMap<string, number> {
  const tracks = new Map<string, number>();
  const inward = [...claims].sort((left, right) => left.bottom - left.top - (right.bottom - right.top));
  for (const claim of inward) {
    let track = 0;
    const isTaken = (other: Claim): boolean =>
      tracks.get(other.key) === track && overlap(spanOf(claim), spanOf(other));
    while (claims.some(isTaken)) track += 1;
    tracks.set(claim.key, track);
  }
  return tracks;
}

function mustLieAbove(upper: Run, lower: Run, limit: number): boolean {
  return (
    upper.key !== lower.key &&
    upper.above.some((down) => lower.below.some((start) => Math.abs(down - start) < limit))
  );
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function spanOf(claim: Claim): Span {
  return { from: claim.top, to: claim.bottom };
}

function overlap(one: Span, other: Span): boolean {
  return one.from < other.to + portSpacing && other.from < one.to + portSpacing;
}
