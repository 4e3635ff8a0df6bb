/** The image is of A alone. */
import { pagesOfLoad } from '../../kernels/executors/image-pages.ts';
import type { FrameRange } from '../../kernels/linux/memory-layout.ts';
import { type ContentId, poisonContent, zeroContent } from '../../kernels/memory/contents.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import { type CommittedImage, committedImage } from './committed-image.ts';
import { joined } from './frame-ranges.ts';
import { framesText } from './frame-text.ts';
import type { Law, SeenStep } from './law.ts';
import { memoryToSave } from './memory-to-save.ts';
import { momentView } from './moment-view.ts';

export const noPageOfBInTheImage: Law = {
  name: 'no-page-of-b-in-the-image',
  says: 'No page of B is in the image of A',
  verifies:
    "no load segment has a content that stands in B's range while B saves and that A's memory has nowhere",
  leavesOut: 'contents that A has as well, such as zeros; headers and notes',
  source: 'design section 5; linux.md A1.8 row 5, C.3.1',
  atStep: (seen) => {
    const { rules, after, record } = seen;
    if (!record.told.some(({ from, type }) => from === 'dump' && type === 'dump.saved')) return [];
    const image = committedImage(rules, after);
    if (image.type !== 'image.whole') return [];
    const ofB = contentsOfB(seen, image.saved.commit.kind);
    return framesText(rules.plan, joined(leaked(seen, image, ofB)), 'of the image with contents of B');
  },
};

type Whole = Extract<CommittedImage, { type: 'image.whole' }>;

function contentsOfB({ rules, after }: SeenStep, kind: 'jump' | 'crash'): ReadonlySet<ContentId> {
  const ofB = new Set<ContentId>();
  for (const id of contentsIn(after.memory, rules.plan.layout.dumpRam)) ofB.add(id);
  const wanted = memoryToSave(rules, after, kind);
  const ofA = wanted === undefined ? [] : contentsIn(wanted.memory, [...wanted.inPlace, ...wanted.displaced]);
  for (const id of [zeroContent, poisonContent, ...ofA]) ofB.delete(id);
  return ofB;
}

const contentsIn = (memory: PageMap, ranges: readonly FrameRange[]): readonly ContentId[] =>
  ranges.flatMap(({ start, count }) => Array.from(memory.runs(start, start + count), ({ id }) => id));

function leaked(
  { rules, after }: SeenStep,
  { saved, vmcore }: Whole,
  ofB: ReadonlySet<ContentId>,
): readonly FrameRange[] {
  return vmcore.loads.flatMap((load) =>
    [...pagesOfLoad(momentView(rules, after), { saved, load })].filter(({ id }) => ofB.has(id)),
  );
}
