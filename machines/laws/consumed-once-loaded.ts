/** The mark comes last: an image is used up only when all of it is where it belongs, and the way into A is loaded too. */
import { readVmcore } from '../../image/formats/elf/vmcore.ts';
import { openSaved } from '../../image/formats/saved-partition/open-saved.ts';
import { pfn } from '../../image/pfn.ts';
import { framesOfLoad, pagesOfLoad } from '../../kernels/executors/image-pages.ts';
import { readSavedImage } from '../../kernels/executors/save-source.ts';
import { ramOf } from '../../kernels/linux/frame-allocator.ts';
import type { FrameRange } from '../../kernels/linux/memory-layout.ts';
import { joined, without } from './frame-ranges.ts';
import { framesText } from './frame-text.ts';
import type { Law, SeenStep } from './law.ts';
import { momentView } from './moment-view.ts';

export const consumedOnceLoaded: Law = {
  name: 'consumed-once-loaded',
  says: 'An image is consumed only once it is loaded',
  verifies:
    "when C takes the mark: every page of the image outside of C's range stands in its frame, and A's entry is loaded",
  leavesOut:
    "C's own range, whose pages A's own control page swaps home; images that nobody marks; a mark in whose step the power goes",
  source: 'design sections 5 and 6; linux.md A2.2; swsusp of 6.12 marks first (A4.6 row 3)',
  atStep: (seen) => {
    const { rules, before, after, record } = seen;
    const isMarked = record.notes.some(({ type }) => type === 'image.consumed');
    if (!isMarked || after.machine.power === 'off') return [];
    const unloaded = after.machine.kernels.restore.image.loaded ? [] : ["C has not loaded A's entry"];
    return [
      ...unloaded,
      ...framesText(rules.plan, missing(seen, before), 'of the image not loaded when it is consumed'),
    ];
  },
};

/** As it stood on the medium before the mark: afterwards nobody may open it to load it. */
function missing({ rules, after }: SeenStep, before: SeenStep['before']): readonly FrameRange[] {
  const view = momentView(rules, before);
  const saved = openSaved(readSavedImage(view));
  const wrong: FrameRange[] = [];
  for (const load of readVmcore(saved.data).loads) {
    if (framesOfLoad(load).count === 0) continue;
    for (const { start, count, id } of pagesOfLoad(view, { saved, load })) {
      for (const run of after.memory.runs(start, start + count))
        if (run.id !== id) wrong.push({ start: pfn(run.start), count: run.count });
    }
  }
  return without(joined(wrong), ramOf(rules.plan, 'restore'));
}
