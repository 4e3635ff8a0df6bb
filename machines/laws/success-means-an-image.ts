/** "Saved" is said when, and only when, there is an image that can be read to its last block. */
import type { StepRecord } from '../system/world.ts';
import { committedImage } from './committed-image.ts';
import { hasRotted } from './kernel-facts.ts';
import type { Breach, Law, SeenRun } from './law.ts';

export const successMeansAnImage: Law = {
  name: 'success-means-an-image',
  says: 'Whoever hears that an image was saved finds one; an image that was committed is announced',
  verifies:
    'on the medium, when B tells it: commit, map, checksum over every block, ELF headers; at the end, that it is still there or was loaded',
  leavesOut:
    'what the image says of memory: image-holds-what-it-should; a B that ended between commit and telling; an image that rots, or that the next save replaces',
  source: 'design sections 5 and 6; image/formats/saved-partition',
  atStep: ({ rules, after, record }) => {
    if (!tells(record, 'dump.saved')) return [];
    const image = committedImage(rules, after);
    return image.type === 'image.whole' ? [] : [`B says that it saved, but ${image.reason}`];
  },
  atEnd: (seen) => [...unannounced(seen), ...vanished(seen)],
};

const tells = ({ told }: StepRecord, type: 'dump.saved' | 'dump.failed'): boolean =>
  told.some((message) => message.from === 'dump' && message.type === type);

/** The last thing that B did about an image, if it was not to announce it. */
function unannounced({ rules, world, records }: SeenRun): readonly Breach[] {
  let committedAt: number | undefined;
  const lastCommit = records.findLast(isCommit)?.step;
  const breaches: Breach[] = [];
  for (const record of records) {
    if (isCommit(record)) committedAt = record.step;
    if (tells(record, 'dump.saved')) committedAt = undefined;
    if (committedAt !== undefined && tells(record, 'dump.failed')) {
      // A later round may have committed another one since.
      const isThere = committedAt === lastCommit && committedImage(rules, world).type === 'image.whole';
      if (isThere)
        breaches.push({
          step: record.step,
          text: 'B says that nothing was saved, but a complete image is committed',
        });
      committedAt = undefined;
    }
    if (committedAt !== undefined && leavesB(record)) {
      breaches.push({
        step: record.step,
        text: `B ends without a word about the image that it committed in step ${committedAt}`,
      });
      committedAt = undefined;
    }
  }
  return breaches;
}

const isCommit = ({ notes }: StepRecord): boolean => notes.some(({ type }) => type === 'image.committed');

const leavesB = ({ notes, commands }: StepRecord): boolean =>
  notes.some((note) => note.type === 'jump.left' && note.kernel === 'dump') ||
  commands.some(({ by, type }) => by === 'dump' && type === 'machine.restart');

/** An image that B begins to replace is gone: A came back from it, and it must not be resumed (save-steps.ts clears it first). */
function vanished({ rules, world, records }: SeenRun): readonly Breach[] {
  const index = records.findLastIndex(
    (record) => tells(record, 'dump.saved') || tells(record, 'dump.failed'),
  );
  const last = records[index];
  if (last === undefined || !tells(last, 'dump.saved') || hasRotted(records)) return [];
  if (records.slice(index + 1).some(({ commands }) => commands.some(({ type }) => type === 'image.write')))
    return [];
  const image = committedImage(rules, world);
  return image.type === 'image.whole' || image.type === 'image.consumed'
    ? []
    : [{ text: `the image that was saved in step ${last.step} is not there at the end: ${image.reason}` }];
}
