/** The image shows all of A's memory, as it was when A left. */
import { type Pfn, pfn } from '../../image/pfn.ts';
import { framesOfLoad, pagesOfLoad, type SavedPages } from '../../kernels/executors/image-pages.ts';
import { type FrameRange, rangeHolds } from '../../kernels/linux/memory-layout.ts';
import { type ContentId, poisonContent, zeroContent } from '../../kernels/memory/contents.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import { type CommittedImage, committedImage } from './committed-image.ts';
import { joined, rangesOfFrames, without } from './frame-ranges.ts';
import { framesText } from './frame-text.ts';
import type { Law, SeenStep } from './law.ts';
import { type MemoryToSave, memoryToSave } from './memory-to-save.ts';
import { momentView } from './moment-view.ts';

export const imageHoldsWhatItShould: Law = {
  name: 'image-holds-what-it-should',
  says: 'B can read all that it is to save: an image shows every frame of A with what A had there; a crash dump is complete or says that it is not',
  verifies:
    "that B has a /proc/vmcore; of an image, coverage of A's RAM by the load segments, every page by content, and after a crash one register note for each processor that stopped",
  leavesOut:
    'the swap page, and after a crash the receive ring, which devices still write; the texts of notes',
  source: 'linux.md A1.6, A1.8 rows 2, 3 and 5, A3.2, C.3.2; design section 5',
  atStep: (seen) => {
    const { record } = seen;
    if (record.replies.some(({ type }) => type === 'vmcore.missing'))
      return ['B has no /proc/vmcore and can read nothing of A'];
    return record.told.some(({ type }) => type === 'dump.saved') ? imageProblems(seen) : [];
  },
};

type Whole = Extract<CommittedImage, { type: 'image.whole' }>;

function imageProblems(seen: SeenStep): readonly string[] {
  const { rules, after } = seen;
  const image = committedImage(rules, after);
  // That there is one is success-means-an-image.
  if (image.type !== 'image.whole') return [];
  const wanted = memoryToSave(rules, after, image.saved.commit.kind);
  if (wanted === undefined) return ['there is an image of an A that never left'];
  return [...missing(seen, image, wanted), ...different(seen, image, wanted), ...missingNotes(image, wanted)];
}

function missing({ rules }: SeenStep, { vmcore }: Whole, wanted: MemoryToSave): readonly string[] {
  const covered = joined(vmcore.loads.map(framesOfLoad));
  const inPlace = without(wanted.inPlace, covered);
  const displaced = without(wanted.displaced, covered)
    .flatMap(framesOf)
    .filter((frame) => !isCovered(wanted.sources.get(frame), covered));
  return [
    ...framesText(rules.plan, inPlace, 'of A in no load segment'),
    ...framesText(
      rules.plan,
      rangesOfFrames(displaced),
      "of A in B's range in no load segment, nor their source pages",
    ),
  ];
}

const isCovered = (frame: Pfn | undefined, covered: readonly FrameRange[]): boolean =>
  frame !== undefined && covered.some((range) => rangeHolds(range, frame));

const framesOf = ({ start, count }: FrameRange): readonly Pfn[] =>
  Array.from({ length: count }, (_, index) => pfn(start + index));

/** A load at a time: the kernel may be shown twice. */
function different(
  { rules, after }: SeenStep,
  { saved, vmcore }: Whole,
  wanted: MemoryToSave,
): readonly string[] {
  return vmcore.loads.flatMap((load) => {
    const wrong: FrameRange[] = [];
    for (const pages of pagesOfLoad(momentView(rules, after), { saved, load }))
      wrong.push(...mismatches(wanted.memory, pages));
    const told = without(joined(wrong), wanted.unsettled);
    return framesText(rules.plan, told, 'of A in the image with other contents than A had');
  });
}

function mismatches(memory: PageMap, pages: SavedPages): readonly FrameRange[] {
  const found: FrameRange[] = [];
  for (const { start, count, id } of memory.runs(pages.start, pages.start + pages.count)) {
    if (asSaved(id) !== pages.id) found.push({ start: pfn(start), count });
  }
  return found;
}

/** Frames that nobody wrote since the power came on are saved as the zeros that memory of QEMU is (save-blocks.ts). */
const asSaved = (id: ContentId): ContentId => (id === poisonContent ? zeroContent : id);

function missingNotes({ saved, vmcore }: Whole, { left }: MemoryToSave): readonly string[] {
  if (saved.commit.kind !== 'crash') return [];
  const stopped = left.machine.cpus.filter(({ state }, index) => index === 0 || state === 'halted').length;
  const found = vmcore.cpus.length;
  return found === stopped ? [] : [`${stopped} processors stopped, and the dump has registers of ${found}`];
}
