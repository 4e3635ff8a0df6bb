/** B writes nothing outside of the memory that it was given. */
import { changedFrames, joined, rangesOfFrames, without } from './frame-ranges.ts';
import { framesText } from './frame-text.ts';
import type { Law } from './law.ts';

export const bStaysInItsRange: Law = {
  name: 'b-stays-in-its-range',
  says: "B, and the purgatory that starts it, write to no memory outside of B's range",
  verifies: 'every frame that changed in a stretch of a step in which purgatory or B executed',
  leavesOut:
    "the page swap itself, which is the work of relocate_kernel; writes of what already stood there; steps in which a planned fault strikes: an error of memory is nobody's write",
  source: 'linux.md A1.13, A1.8 row 1, E row 19; design section 5',
  atStep: ({ rules, record }) => {
    if (record.notes.some(({ type }) => type === 'fault.struck')) return [];
    const { plan } = rules;
    const landed = record.notes.flatMap((note) => (note.type === 'dma.landed' ? [note.frame] : []));
    const allowed = joined([...plan.layout.dumpRam, ...rangesOfFrames(landed)]);
    return record.writes.flatMap((write) => {
      if (write.by !== 'dump' && write.by !== 'purgatory') return [];
      const strayed = without(changedFrames(write.before, write.after), allowed);
      return framesText(plan, strayed, `outside of B's range written by ${write.by}`);
    });
  },
};
