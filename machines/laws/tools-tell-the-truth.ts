/** What a tool or a kernel reports to the one at the keyboard is what happened, and what happened is reported. */
import { type KernelName, kernelNames } from '../../kernels/machine.ts';
import { type Verdict, verdictOf } from '../paths/path.ts';
import type { World } from '../system/world.ts';
import { type Attempt, attemptsOf } from './attempts.ts';
import { isFirstOriginalSettled, isLive, loginCount } from './kernel-facts.ts';
import type { Breach, Law, SeenRun, SeenStep } from './law.ts';

export const toolsTellTheTruth: Law = {
  name: 'tools-tell-the-truth',
  says: 'What a tool reports is what happened, both ways',
  verifies:
    'answers to kexec -l and kexec -e against records and departures of A, the words "kexec failed", and how the operator ends',
  leavesOut:
    'a device that did not come back, which Linux only logs (devices-come-back); what is said of images (success-means-an-image)',
  source: 'linux.md A1.8 row 8, A1.10; design section 5',
  atStep: (seen) => loadAnswers(seen),
  atEnd: (seen) => {
    const attempts = attemptsOf(seen.records);
    return [...attempts.flatMap(lies), ...finalLies(seen, attempts.at(-1))];
  },
};

function loadAnswers({ after, record }: SeenStep): readonly string[] {
  return record.told.flatMap(({ from, type }) => {
    const kernel = kernelNames.find((name) => name === from);
    if (kernel === undefined) return [];
    const { image, crashImage } = after.machine.kernels[kernel];
    const isLoaded = image.loaded || crashImage.loaded;
    if (type === 'load.answered' && !isLoaded) return ['kexec -l ends well, but nothing is loaded'];
    if ((type === 'load.failed' || type === 'dump.refused') && isLoaded)
      return ['kexec -l reports an error, but an image is loaded'];
    return [];
  });
}

function lies({ cameBack, answer, complaintStep }: Attempt): readonly Breach[] {
  const breaches: Breach[] = [];
  if (complaintStep !== undefined && cameBack) {
    breaches.push({ step: complaintStep, text: '"kexec failed" after a round trip that went well' });
  }
  if (answer === undefined) return breaches;
  const { type, step } = answer;
  if (type === 'jump.returned' && !cameBack)
    breaches.push({ step, text: 'kexec -e returns as if from B, but A did not come back from there' });
  if (type === 'jump.failed' && cameBack)
    breaches.push({ step, text: 'kexec -e fails, but A went to B and came back' });
  if (type === 'jump.failed' && complaintStep === undefined)
    breaches.push({ step, text: 'kexec -e fails without a word' });
  return breaches;
}

/** Undefined: what the operator believes is so. */
type Truth = (seen: SeenRun, last: Attempt | undefined) => string | undefined;

const unless = (isTrue: boolean, text: string): string | undefined => (isTrue ? undefined : text);

const truths: { readonly [Name in Verdict]: Truth } = {
  restored: (seen, last) =>
    unless(
      isFirstOriginalSettled(seen) && last?.cameBack !== false,
      'A is not the one that left, or does not work',
    ),
  dumped: ({ world, records }) =>
    unless(isLive(world, 'original') && loginCount(records) > 1, 'the machine did not start anew'),
  lost: (seen) => unless(!isFirstOriginalSettled(seen), 'the first A still works'),
  refused: ({ world }) =>
    unless(
      kernelNames.some((kernel) => isLive(world, kernel) && !isAnythingLoaded(world, kernel)),
      'the kernel that runs has its image',
    ),
  aborted: (seen, last) =>
    unless(
      isFirstOriginalSettled(seen) && (last?.cameBack === false || isAnythingUnsaved(seen)),
      'A went, was saved and came back, or does not work',
    ),
  hung: (seen) => unless(!isFirstOriginalSettled(seen), 'A works undisturbed'),
};

/** A comes back all the same, but there is no image of it, or B was not kept for the next time. */
const isAnythingUnsaved = ({ records }: SeenRun): boolean =>
  records.some(({ told }) => told.some(({ type }) => type === 'dump.failed' || type === 'keep.failed'));

const isAnythingLoaded = ({ machine }: World, kernel: KernelName): boolean =>
  machine.kernels[kernel].image.loaded || machine.kernels[kernel].crashImage.loaded;

function finalLies(seen: SeenRun, last: Attempt | undefined): readonly Breach[] {
  const verdict = verdictOf(seen.world.actors.operator);
  // An operator who has no end is a wait without a way out.
  const lie = verdict && truths[verdict](seen, last);
  return lie === undefined ? [] : [{ text: `the operator ends with "${verdict}", but ${lie}` }];
}
