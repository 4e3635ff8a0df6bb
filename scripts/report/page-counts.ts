/**
 * Pages of A by kind, at one moment: what a dump would find there.
 *
 * A's struct pages say what a page is (kernels/linux/structures/page-kinds.ts): what no level of makedumpfile leaves out is the
 * kernel's. Whether a page is zero is asked beside that, of every page: so kinds add up to `total`, and `zero` overlaps them, as with
 * level 1 alone; `zeroKept` is what level 31 leaves out for its zeros and nothing else.
 * `saved` are those that the image has, `skipped` the others: zero, or not described because they hold nothing of A; both are 0
 * without an image.
 */
import { readVmcore } from '../../image/formats/elf/vmcore.ts';
import type { SavedImage } from '../../image/formats/saved-partition/open-saved.ts';
import { pageSizeBytes, pfn } from '../../image/pfn.ts';
import { framesOfLoad } from '../../kernels/executors/image-pages.ts';
import type { FrameRange } from '../../kernels/linux/frame-range.ts';
import { countKinds } from '../../kernels/linux/structures/page-kinds.ts';
import { settledMemory } from '../../kernels/linux/structures/settle-structures.ts';
import { type Decoder, poisonContent, zeroContent } from '../../kernels/memory/contents.ts';
import { memoryOfOriginal } from '../../machines/laws/excepted.ts';
import { common, frameCount, joined, without } from '../../machines/laws/frame-ranges.ts';
import type { MomentView } from '../../machines/laws/moment-view.ts';

export type PageCounts = {
  readonly total: number;
  readonly zero: number;
  readonly zeroKept: number;
  readonly cache: number;
  readonly cachePrivate: number;
  readonly user: number;
  readonly free: number;
  readonly kernel: number;
  readonly hugetlb: number;
  readonly hwpoison: number;
  readonly offline: number;
  readonly saved: number;
  readonly skipped: number;
};

/** `hasLeft`: at the moment when A left, its struct pages are as they are in its memory. */
export function pageCounts(view: MomentView, image: SavedImage | undefined, hasLeft: boolean): PageCounts {
  const ranges = memoryOfOriginal(view.plan);
  const total = frameCount(ranges);
  const described = image && imageFrames(image);
  const zeros = described
    ? common(ranges, without(described.all, described.saved))
    : zerosInMemory(view, ranges);
  const { kept, ...kinds } = countKinds(hasLeft ? view : settledMemory(view), ranges, zeros);
  const saved = described ? frameCount(described.saved) : 0;
  return { total, ...kinds, kernel: kept, saved, skipped: described ? Math.max(0, total - saved) : 0 };
}

/** A frame that nobody wrote is zero to whoever reads a dump (save-blocks.ts). */
const zerosInMemory = ({ memory }: MomentView, ranges: readonly FrameRange[]): readonly FrameRange[] =>
  ranges.flatMap(({ start, count }) =>
    [...memory.runs(start, count)].filter(({ id }) => id === zeroContent || id === poisonContent),
  );

type ImageFrames = { readonly all: readonly FrameRange[]; readonly saved: readonly FrameRange[] };

/** What the image describes, each frame once, also when two headers show it; and what of it is not a hole. */
function imageFrames({ data, runs }: SavedImage): ImageFrames {
  const all: FrameRange[] = [];
  const saved: FrameRange[] = [];
  for (const load of readVmcore(data).loads) {
    const { start, count } = framesOfLoad(load);
    all.push({ start, count });
    const block = Math.floor(load.offset / pageSizeBytes);
    for (const { firstBlock, blockCount } of runs) {
      const first = Math.max(block, firstBlock);
      const end = Math.min(block + count, firstBlock + blockCount);
      if (first < end) saved.push({ start: pfn(start + first - block), count: end - first });
    }
  }
  return { all: joined(all), saved: joined(saved) };
}

/** Frames in no use, of a page of the frame bitmap; everything that is no RAM counts there as used. */
export const zeroBits: Decoder<number> = {
  name: 'zero bits',
  decode: (bytes) => bytes.reduce((sum, byte) => sum + 8 - onesIn(byte), 0),
};

const ones = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);
const onesIn = (byte: number): number => ones[byte] ?? 0;
