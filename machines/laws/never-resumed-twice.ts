/** One image, one resume. */
import type { Note } from '../../kernels/box.ts';
import type { KernelName } from '../../kernels/machine.ts';
import type { Breach, Law } from './law.ts';

export const neverResumedTwice: Law = {
  name: 'never-resumed-twice',
  says: 'An image once consumed is never resumed again, and A never goes on from one that is not marked',
  verifies: 'every return of A out of C: since the last one an image was committed and then consumed',
  leavesOut: 'returns straight from B, which are no resume from a disk',
  source: 'linux.md E row 13; design section 5',
  atEnd: ({ records }) => {
    const breaches: Breach[] = [];
    const seen: Seen = { left: undefined, image: 'none' };
    for (const { step, notes } of records)
      for (const note of notes) {
        const text = follow(seen, note);
        if (text !== undefined) breaches.push({ step, text });
      }
    return breaches;
  },
};

type Seen = { left: KernelName | undefined; image: 'none' | 'committed' | 'consumed' };

/** What is wrong with this moment, after all that were before it. */
function follow(seen: Seen, note: Note): string | undefined {
  const { image } = seen;
  if (note.type === 'jump.left') seen.left = note.kernel;
  if (note.type === 'image.committed') seen.image = 'committed';
  if (note.type === 'image.consumed') {
    seen.image = 'consumed';
    return image === 'committed' ? undefined : 'an image is consumed that was consumed before';
  }
  const isResume = note.type === 'jump.arrived' && note.kernel === 'original' && seen.left === 'restore';
  if (!isResume) return undefined;
  seen.image = 'none';
  return image === 'consumed' ? undefined : 'A goes on from an image that is not marked as used';
}
