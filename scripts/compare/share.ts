/**
 * How much of one run another run has too: the claim of LWN, July 2007, that one mechanism could be both kdump and hibernation, as figures
 * with the lists behind them.
 *
 * Counted is what belongs to the mechanism: that a machine boots and works is common to all, so the phases power-on and work are listed
 * and not counted. A function belongs to the first counted phase that it is met in, and is common wherever in those both runs met it. Shares
 * are of what was run: error exits that no run took are not in it, so a share holds for these two runs, faults included.
 */
import { type Phase, phases } from '../../machines/vocabulary.ts';
import type { Trace, Unit } from './trace-of-run.ts';

export type Share = {
  readonly one: string;
  readonly other: string;
  readonly steps: Overlap;
  readonly functions: Overlap;
};

export type Overlap = Counts & {
  /** From 0 to 1; null: there is nothing to have a share of. */
  readonly shareOfOne: number | null;
  readonly shareOfOther: number | null;
  readonly phases: readonly PhaseOverlap[];
};

export type Counts = { readonly common: number; readonly onlyOne: number; readonly onlyOther: number };

export type PhaseOverlap = {
  readonly name: Phase;
  readonly isCounted: boolean;
  readonly common: readonly Unit[];
  readonly onlyOne: readonly Unit[];
  readonly onlyOther: readonly Unit[];
};

export type Traced = { readonly name: string; readonly trace: Trace };

const uncounted: readonly Phase[] = ['power-on', 'work'];

export const isCounted = (phase: Phase): boolean => !uncounted.includes(phase);

export const shareOf = (one: Traced, other: Traced): Share => ({
  one: one.name,
  other: other.name,
  steps: overlapOf(one.trace.steps, other.trace.steps),
  functions: overlapOf(inFirstPhase(one.trace.functions), inFirstPhase(other.trace.functions)),
});

/** Each function once among those that are counted, where it was met first. */
function inFirstPhase(functions: readonly Unit[]): readonly Unit[] {
  const found = new Map<string, Unit>();
  for (const unit of functions) {
    const key = isCounted(unit.phase) ? unit.text : unit.key;
    const known = found.get(key);
    const by = [...new Set([...(known?.by ?? []), ...unit.by])];
    found.set(key, { ...(known ?? unit), key, by });
  }
  return [...found.values()];
}

function overlapOf(one: readonly Unit[], other: readonly Unit[]): Overlap {
  const listed = phases.flatMap((phase) => phaseOverlap(phase, one, other));
  const counted = listed.filter((each) => each.isCounted);
  const sum = (list: (each: PhaseOverlap) => readonly Unit[]): number =>
    counted.reduce((total, each) => total + list(each).length, 0);
  const counts: Counts = {
    common: sum((each) => each.common),
    onlyOne: sum((each) => each.onlyOne),
    onlyOther: sum((each) => each.onlyOther),
  };
  return {
    ...counts,
    shareOfOne: shareIn(counts.common, counts.onlyOne),
    shareOfOther: shareIn(counts.common, counts.onlyOther),
    phases: listed,
  };
}

const shareIn = (common: number, only: number): number | null =>
  common + only === 0 ? null : common / (common + only);

/** What is common stands where the first run has it. */
function phaseOverlap(phase: Phase, one: readonly Unit[], other: readonly Unit[]): readonly PhaseOverlap[] {
  const has = (units: readonly Unit[], { key }: Unit): boolean => units.some((unit) => unit.key === key);
  const here = one.filter((unit) => unit.phase === phase);
  const common = here.filter((unit) => has(other, unit));
  const onlyOne = here.filter((unit) => !has(other, unit));
  const onlyOther = other.filter((unit) => unit.phase === phase && !has(one, unit));
  if (common.length + onlyOne.length + onlyOther.length === 0) return [];
  return [{ name: phase, isCounted: isCounted(phase), common, onlyOne, onlyOther }];
}
