/**
 * A's memory out of a file (`run --memory`): which pages stand in their own frames, and which find their place taken.
 *
 * The machine is delivered with these pages in its RAM, and A takes their frames as soon as it has a frame bitmap: nothing is ever
 * given out there, so they stay as they are until A leaves, and must be there again when it comes back. To A they are frames of the
 * kernel's own: what the other machine used them for is known to its struct pages only, which are passed over or of no meaning here.
 *
 * Left out: running what was loaded. A is the box's own kernel; the file is what its RAM holds beside it.
 */
import { pfn } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { poisonContent } from '../memory/contents.ts';
import type { GivenPage, GivenPages, PlannedMemory } from '../memory/given-pages.ts';
import type { Plan } from '../plan.ts';
import { ramOf, reserveRanges } from './frame-allocator.ts';
import { type FrameRange, rangeHolds } from './frame-range.ts';
import { reservedRanges } from './structures/memory-survey.ts';

/** linux.md D.6: reserve_real_mode keeps the first MiB. */
const lowEndFrame = 0x100;

export function placeGivenMemory(
  plan: Pick<Plan, 'firmwareMap' | 'layout'>,
  pages: GivenPages,
): PlannedMemory {
  const ram = ramOf(plan, 'original');
  const reserved = reservedRanges({ plan });
  const taken: FrameRange[] = [];
  const passedOver = { low: 0, kernel: 0, region: 0, noRam: pages.beyondCount };
  let takenCount = 0;
  for (const { frame } of pages.pages) {
    if (!ram.some((range) => rangeHolds(range, frame))) passedOver.noRam += 1;
    else if (frame < lowEndFrame) passedOver.low += 1;
    else if (rangeHolds(plan.layout.region, frame)) passedOver.region += 1;
    else if (reserved.some((range) => rangeHolds(range, frame))) passedOver.kernel += 1;
    else {
      takenCount += 1;
      const last = taken.at(-1);
      if (last !== undefined && last.start + last.count === frame)
        taken[taken.length - 1] = { ...last, count: last.count + 1 };
      else taken.push({ start: pfn(frame), count: 1 });
    }
  }
  return { pages, taken, takenCount, passedOver };
}

/** The pages that stand in A's memory, with their frames. */
export function* pagesInPlace({ pages, taken }: PlannedMemory): Generator<GivenPage> {
  let index = 0;
  for (const page of pages.pages) {
    let range = taken[index];
    while (range !== undefined && page.frame >= range.start + range.count) range = taken[++index];
    if (range !== undefined && rangeHolds(range, page.frame)) yield page;
  }
}

/** A takes their frames. After the power was off they are gone: then there is nothing to take. */
export function takeGivenMemory(box: Box): void {
  const ranges = box.plan.memory?.taken ?? [];
  const isThere = ({ start }: FrameRange): boolean => box.memory.read(start) !== poisonContent;
  reserveRanges(box, 'original', ranges.filter(isThere));
}
