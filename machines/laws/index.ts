/** The registry of laws, one module and one line each, and the one place that asks them. */
import type { History } from '../system/history.ts';
import { possiblePicks } from '../system/picks.ts';
import { abortLeavesARunning } from './abort-leaves-a-running.ts';
import { bStaysInItsRange } from './b-stays-in-its-range.ts';
import { clockRunsForward } from './clock-runs-forward.ts';
import { committedImageIsWhole } from './committed-image-is-whole.ts';
import { consumedOnceLoaded } from './consumed-once-loaded.ts';
import { devicesComeBack } from './devices-come-back.ts';
import { frozenDevicesResume } from './frozen-devices-resume.ts';
import { frozenTasksThaw } from './frozen-tasks-thaw.ts';
import { imageHoldsWhatItShould } from './image-holds-what-it-should.ts';
import type { Law, SeenRun, SeenStep, Violation } from './law.ts';
import { memoryComesBack } from './memory-comes-back.ts';
import { neverResumedTwice } from './never-resumed-twice.ts';
import { noDmaWhileQuiet } from './no-dma-while-quiet.ts';
import { noPageOfBInTheImage } from './no-page-of-b-in-the-image.ts';
import { noWaitWithoutAWayOut } from './no-wait-without-a-way-out.ts';
import { othersPartitionsUntouched } from './others-partitions-untouched.ts';
import { processorsComeBack } from './processors-come-back.ts';
import { registersComeBack } from './registers-come-back.ts';
import { sameAsTwin } from './same-as-twin.ts';
import { successMeansAnImage } from './success-means-an-image.ts';
import { toolsTellTheTruth } from './tools-tell-the-truth.ts';
import { twinOf } from './twin-of.ts';

export const laws: readonly Law[] = [
  memoryComesBack,
  registersComeBack,
  processorsComeBack,
  devicesComeBack,
  frozenDevicesResume,
  frozenTasksThaw,
  noDmaWhileQuiet,
  bStaysInItsRange,
  othersPartitionsUntouched,
  toolsTellTheTruth,
  successMeansAnImage,
  committedImageIsWhole,
  consumedOnceLoaded,
  neverResumedTwice,
  imageHoldsWhatItShould,
  noPageOfBInTheImage,
  abortLeavesARunning,
  clockRunsForward,
  noWaitWithoutAWayOut,
  sameAsTwin,
];

export const lawNamed = (name: string): Law | undefined => laws.find((law) => law.name === name);

export type Judging = {
  readonly laws?: readonly Law[];
  /** What was found in a step before, when this run shares it with another; undefined: it has to be looked at. */
  readonly known?: (index: number) => readonly Violation[] | undefined;
};

/**
 * Everything that is broken in what is known of a run, in the order of steps. Nothing is stopped at the first; a law that says the
 * same again in a later step is heard once.
 */
export function violationsOf(
  history: History,
  { laws: asked = laws, known }: Judging = {},
): readonly Violation[] {
  const { rules, allRecords: records, length } = history;
  const violations = records.flatMap((record, index) => {
    const before = known?.(index);
    if (before !== undefined) return before;
    const seen = { rules, before: history.worldAt(index), after: history.worldAt(index + 1), record };
    return violationsAtStep(seen, asked);
  });
  const world = history.worldAt(length);
  if (possiblePicks(rules, world).length === 0) {
    violations.push(...violationsAtEnd({ rules, world, records, twin: () => twinOf(rules.plan) }, asked));
  }
  const first = new Map<string, Violation>();
  for (const violation of violations.sort((one, other) => one.step - other.step)) {
    const key = `${violation.law} ${violation.text}`;
    if (!first.has(key)) first.set(key, violation);
  }
  return [...first.values()];
}

export const violationsAtStep = (seen: SeenStep, asked: readonly Law[] = laws): readonly Violation[] =>
  asked.flatMap(({ name, atStep }) =>
    (atStep?.(seen) ?? []).map((text) => ({ law: name, step: seen.record.step, text })),
  );

/** Of a run at rest. */
export const violationsAtEnd = (seen: SeenRun, asked: readonly Law[] = laws): readonly Violation[] =>
  asked.flatMap(({ name, atEnd }) =>
    (atEnd?.(seen) ?? []).map(({ text, step = seen.world.step }) => ({ law: name, step, text })),
  );
