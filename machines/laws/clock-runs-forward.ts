/** A kernel's time never runs backwards, and leaves out what it slept through. */
import { recordsOf } from '../../kernels/linux/printk.ts';
import { type KernelName, kernelNames } from '../../kernels/machine.ts';
import { bootTimeNs, kernelTimeNs } from '../system/clock.ts';
import type { Rules, World } from '../system/world.ts';
import { isLive } from './kernel-facts.ts';
import type { Law, SeenStep } from './law.ts';
import { momentView, type Viewed } from './moment-view.ts';

export const clockRunsForward: Law = {
  name: 'clock-runs-forward',
  says: 'The clocks of a kernel never run backwards, and that of A since its boot leaves out the time of B',
  verifies:
    "each kernel's clocks, with and without what it slept through, in every step but that of its boot; the stamps in its log whenever it leaves, and at the end",
  leavesOut:
    'the wall clock, and how far CLOCK_BOOTTIME goes ahead, which are what the battery clock says; a kept B, which is loaded as it once was',
  source: 'linux.md A1.9 (live numbers), E row 14; design section 5',
  atStep: (seen) => [
    ...kernelNames.flatMap((kernel) => clockSteps(seen, kernel)),
    ...stampsAtDeparture(seen),
  ],
  atEnd: ({ rules, world }) =>
    kernelNames
      .filter((kernel) => isLive(world, kernel))
      .flatMap((kernel) => stampProblems(rules, world, kernel))
      .map((text) => ({ text })),
};

function clockSteps({ before, after, record }: SeenStep, kernel: KernelName): readonly string[] {
  const isBooting = record.replies.some(({ to, type }) => to === kernel && type === 'kernel.started');
  if (isBooting || isLoadedAgain({ before, record }, kernel)) return [];
  const goneNs = timeOf(after, kernel) - timeOf(before, kernel);
  if (goneNs < 0) return [`the clock of ${kernel} runs backwards`];
  if (sinceBootOf(after, kernel) < sinceBootOf(before, kernel))
    return [`the boot time of ${kernel} runs backwards`];
  if (before.machine.kernels[kernel].syscoreAsleep) {
    return goneNs > 0 ? [`the clock of ${kernel} runs while its system core sleeps`] : [];
  }
  return goneNs > after.clock.nowNs - before.clock.nowNs ? [`the clock of ${kernel} runs ahead`] : [];
}

/**
 * What comes out of an image that was loaded since it left is an earlier self (variant kept-b): it knows no later time. And when another
 * kernel of its name was booted in between, that one's clock is not its own.
 */
function isLoadedAgain({ before, record }: Pick<SeenStep, 'before' | 'record'>, kernel: KernelName): boolean {
  if (!record.notes.some((note) => note.type === 'jump.arrived' && note.kernel === kernel)) return false;
  const leftNs = before.kept[`jump.left/${kernel}`]?.nowNs ?? 0;
  if (before.clock.kernels[kernel].skippedNs > leftNs) return true;
  const loaded = before.kept['image.loaded/original']?.nowNs ?? 0;
  return kernel === 'dump' && loaded > leftNs;
}

const timeOf = ({ clock }: World, kernel: KernelName): number =>
  kernelTimeNs(clock.kernels[kernel], clock.nowNs);

const sinceBootOf = ({ clock }: World, kernel: KernelName): number =>
  bootTimeNs(clock.kernels[kernel], clock.nowNs);

function stampsAtDeparture({ rules, after, record }: SeenStep): readonly string[] {
  return record.notes.flatMap((note) => {
    if (note.type !== 'jump.left' && note.type !== 'crash.left') return [];
    const left = after.kept[`${note.type}/${note.kernel}`];
    return left === undefined ? [] : stampProblems(rules, left, note.kernel);
  });
}

function stampProblems(rules: Rules, moment: Viewed, kernel: KernelName): readonly string[] {
  const stamps = recordsOf(momentView(rules, moment), kernel).map(({ timeNs }) => timeNs);
  const index = stamps.findIndex((timeNs, at) => timeNs < (stamps[at - 1] ?? 0));
  if (index < 0) return [];
  return [`in the log of ${kernel} a line of ${stamps[index]} ns comes after one of ${stamps[index - 1]} ns`];
}
