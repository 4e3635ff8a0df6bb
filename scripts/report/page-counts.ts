/**
 * Pages of A by kind, at one moment: what a dump would find there.
 *
 * Who has a page is read from A's own memory: its frame bitmap (free), the page tables of its tasks (user), its page cache (cache); the
 * rest is the kernel's. Whether a page is zero is asked beside that, of every page: so kinds add up to `total`, and `zero` overlaps them.
 * `saved` are those that the image has, `skipped` the others: zero, or not described because they hold nothing of A; both are 0
 * without an image.
 * Left out, and so 0: cache pages with private data, huge pages, poisoned and offline memory: the box has none.
 */
import { readVmcore } from '../../image/formats/elf/vmcore.ts';
import type { SavedImage } from '../../image/formats/saved-partition/open-saved.ts';
import { pageSizeBytes } from '../../image/pfn.ts';
import { framesOfLoad } from '../../kernels/executors/image-pages.ts';
import { cacheEntries } from '../../kernels/linux/page-cache.ts';
import { taskPages } from '../../kernels/linux/task-memory.ts';
import { type Decoder, zeroContent } from '../../kernels/memory/contents.ts';
import { memoryOfOriginal } from '../../machines/laws/excepted.ts';
import { frameCount } from '../../machines/laws/frame-ranges.ts';
import type { MomentView } from '../../machines/laws/moment-view.ts';

export type PageCounts = {
  readonly total: number;
  readonly zero: number;
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

export function pageCounts(view: MomentView, image: SavedImage | undefined): PageCounts {
  const ranges = memoryOfOriginal(view.plan);
  const total = frameCount(ranges);
  const user = view.machine.kernels.original.tasks.reduce(
    (sum, { state }, task) => sum + (state === 'absent' ? 0 : taskPages(view, task).length),
    0,
  );
  const table = view.contents.bytes(view.memory.read(view.plan.layout.original.cacheIndex.start));
  const cache = cacheEntries(view.plan, table).length;
  // Before A has booted its bitmap is zero: all is free, even what is no memory.
  const free = Math.min(freeFrames(view), total - user - cache);
  let zero = 0;
  for (const { start, count } of ranges) {
    for (const run of view.memory.runs(start, count)) zero += run.id === zeroContent ? run.count : 0;
  }
  const kernel = total - user - cache - free;
  const absent = { cachePrivate: 0, hugetlb: 0, hwpoison: 0, offline: 0 };
  const saved = image === undefined ? 0 : savedFrames(image);
  const skipped = image === undefined ? 0 : Math.max(0, total - saved);
  return { total, zero, cache, user, free, kernel, ...absent, saved, skipped };
}

/** Frames in no use: zero bits of the bitmap, in which everything that is no RAM counts as used. */
function freeFrames({ plan, memory, contents }: MomentView): number {
  const { start, count } = plan.layout.original.bitmap;
  let free = 0;
  for (const run of memory.runs(start, count)) free += run.count * contents.decode(zeroBits, run.id);
  return free;
}

export const zeroBits: Decoder<number> = {
  name: 'zero bits',
  decode: (bytes) => bytes.reduce((sum, byte) => sum + 8 - onesIn(byte), 0),
};

const ones = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);
const onesIn = (byte: number): number => ones[byte] ?? 0;

/** So many frames, and the block of the file where the first of them stands. */
type Part = { readonly count: number; readonly block: number };

/** What the image describes, each frame once, also when two headers show it. */
function partsOf({ data }: SavedImage): readonly Part[] {
  const loads = readVmcore(data).loads.map((load) => {
    return { ...framesOfLoad(load), block: Math.floor(load.offset / pageSizeBytes) };
  });
  let next = 0;
  return loads
    .sort((one, other) => one.start - other.start)
    .map(({ start, count, block }) => {
      const first = Math.max(next, start);
      const end = Math.max(next, start + count);
      next = end;
      return { count: end - first, block: block + first - start };
    });
}

function savedFrames(image: SavedImage): number {
  let saved = 0;
  for (const { count, block } of partsOf(image)) {
    for (const { firstBlock, blockCount } of image.runs) {
      saved += Math.max(0, Math.min(block + count, firstBlock + blockCount) - Math.max(block, firstBlock));
    }
  }
  return saved;
}
