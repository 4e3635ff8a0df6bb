/**
 * The rows of a sweep, one for each run. All runs of one box with one fault are forks of its run without faults, and what they share with it
 * is computed, and judged, once (machines/faults/fault-free-run.ts).
 */
import { Contents } from '../../kernels/memory/contents.ts';
import { type FaultFreeRun, faultFreeRun, forkBefore } from '../../machines/faults/fault-free-run.ts';
import { faultNamed } from '../../machines/faults/index.ts';
import { placeInTime } from '../../machines/faults/places.ts';
import { violationsAtStep, violationsOf } from '../../machines/laws/index.ts';
import type { Violation } from '../../machines/laws/law.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { type Verdict, verdictOf } from '../../machines/paths/path.ts';
import { firstChoices, seededChoices, timedChoices } from '../../machines/system/choices.ts';
import type { History } from '../../machines/system/history.ts';
import { type BoxChoice, faultBoxes, optionsOf, runBoxes, type Share, type SweepPlan } from './sweep-plan.ts';

export type Broken = { readonly law: string; readonly text: string };

export type SweepRow = BoxChoice & {
  /** Undefined: a run without faults. */
  readonly fault?: string;
  readonly where?: string;
  /** From 1 on. */
  readonly attempt?: number;
  readonly end: 'ended' | 'limit';
  readonly verdict: Verdict | undefined;
  readonly steps: number;
  readonly broken: readonly Broken[];
  /** Broken laws that this fault may break. */
  readonly explained: readonly string[];
  /** Events that no chart took. */
  readonly ignoredCount: number;
};

export type Report = (row: SweepRow) => void;

export function sweepRows(plan: SweepPlan, share: Share, report: Report): void {
  const isOurs = (piece: number): boolean => piece % share.count === share.index;
  const ours = runBoxes(plan).filter(
    (_box, index) => plan.hasRuns && isOurs(Math.floor(index / plan.variants.length)),
  );
  const contents = new Contents();
  for (const box of ours) report(runRow(plan, box, contents));
  for (const box of plan.hasFaults ? faultBoxes(plan) : []) faultRows(plan, box, { isOurs, report });
}

type Taking = { readonly isOurs: (piece: number) => boolean; readonly report: Report };

function faultRows(plan: SweepPlan, box: BoxChoice, { isOurs, report }: Taking): void {
  const base = faultFreeRun(planOf(optionsOf(plan, box)), plan.stepLimit);
  if (base.end === 'limit') {
    // Nothing can be said of faults; the box itself is the finding.
    if (isOurs(0)) report({ ...box, ...outcomeOf(base.history, base.end, [], []) });
    return;
  }
  const judge = judgeOf(base);
  const strikes = strikesOf(plan, base).filter((_strike, index) => isOurs(index));
  for (const strike of strikes) report(faultRow({ plan, base, judge }, box, strike));
}

function runRow(plan: SweepPlan, box: BoxChoice, contents: Contents): SweepRow {
  const { history, end } = faultFreeRun(planOf(optionsOf(plan, box)), plan.stepLimit, { contents });
  return { ...box, ...outcomeOf(history, end, violationsOf(history), []) };
}

export type Strike = { readonly fault: string; readonly where: string; readonly attempt: number };

/** Every place of every fault that the run comes to, so often as is asked for. */
export function strikesOf({ faults, passes, tries }: SweepPlan, base: FaultFreeRun): readonly Strike[] {
  const { plan } = base.history.rules;
  return faults.flatMap((name) => {
    const places = faultNamed(name)?.places(plan) ?? [];
    const wheres = places.flatMap((place) => timesOf(base, place, passes));
    return [...new Set(wheres)].flatMap((where) =>
      Array.from({ length: tries }, (_, index) => ({ fault: name, where, attempt: index + 1 })),
    );
  });
}

/** The first ones and the last; a place that is named with its time is that time. */
function timesOf(base: FaultFreeRun, place: string, passes: number): readonly string[] {
  const named = placeInTime(place);
  const count = base.timesAt(named.place);
  if (named.place !== place) return count >= named.time ? [place] : [];
  const first = Array.from({ length: Math.min(count, Math.max(1, passes - 1)) }, (_, index) => index + 1);
  const times = passes > 1 && count > first.length ? [...first, count] : first;
  return times.map((time) => (time === 1 ? place : `${place}#${time}`));
}

type Judge = (history: History, sharedSteps: number) => readonly Violation[];

/** Steps before the fork are those of the base. */
function judgeOf({ history: base }: FaultFreeRun): Judge {
  const found = new Map<number, readonly Violation[]>();
  const atBase = (index: number): readonly Violation[] => {
    const known = found.get(index);
    if (known !== undefined) return known;
    const record = base.allRecords[index];
    const seen = record && {
      rules: base.rules,
      before: base.worldAt(index),
      after: base.worldAt(index + 1),
      record,
    };
    const violations = seen === undefined ? [] : violationsAtStep(seen);
    found.set(index, violations);
    return violations;
  };
  return (history, sharedSteps) =>
    violationsOf(history, { known: (index) => (index < sharedSteps ? atBase(index) : undefined) });
}

type Sweeping = { readonly plan: SweepPlan; readonly base: FaultFreeRun; readonly judge: Judge };

function faultRow({ plan, base, judge }: Sweeping, box: BoxChoice, strike: Strike): SweepRow {
  const { fault, where, attempt } = strike;
  const history = forkBefore(base, [{ name: fault, where }]);
  const sharedSteps = history.length;
  const end = runOut(history, plan.stepLimit, chanceOf(plan, attempt));
  const violations = judge(history, sharedSteps);
  return { ...box, ...strike, ...outcomeOf(history, end, violations, faultNamed(fault)?.breaks ?? []) };
}

/** The first attempt is that of `kjump run`: everything is answered by what comes first. */
const chanceOf = ({ common }: SweepPlan, attempt: number) =>
  attempt === 1 ? firstChoices : seededChoices((common.seed ?? 1) * 1000 + attempt);

function runOut(history: History, stepLimit: number, chance: ReturnType<typeof chanceOf>): SweepRow['end'] {
  while (history.length < stepLimit)
    if (!history.choose(timedChoices(history.rules, history.world, chance))) return 'ended';
  return 'limit';
}

function outcomeOf(
  history: History,
  end: SweepRow['end'],
  violations: readonly Violation[],
  explained: readonly string[],
): Pick<SweepRow, 'end' | 'verdict' | 'steps' | 'broken' | 'explained' | 'ignoredCount'> {
  const { length, allRecords } = history;
  return {
    end,
    verdict: verdictOf(history.worldAt(length).actors.operator),
    steps: length,
    broken: violations.filter(({ law }) => !explained.includes(law)).map(({ law, text }) => ({ law, text })),
    explained: [...new Set(violations.map(({ law }) => law))].filter((law) => explained.includes(law)),
    ignoredCount: allRecords.reduce(
      (sum, { turns }) => sum + turns.filter(({ ignored }) => ignored).length,
      0,
    ),
  };
}
