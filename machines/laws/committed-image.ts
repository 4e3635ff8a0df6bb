/**
 * The image on B's partition, as it is on the medium: read as a stranger would read it, and by contents.
 *
 * Reading and checking it costs what was saved, so it is done once for each medium: several laws ask for the same one.
 */
import type { Segment } from '../../image/formats/elf/headers.ts';
import { readVmcore, type Vmcore } from '../../image/formats/elf/vmcore.ts';
import { checkData, openSaved, type SavedImage } from '../../image/formats/saved-partition/open-saved.ts';
import { ImageError } from '../../image/image-error.ts';
import { frameOf, offsetInPage, type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import { dumpPartition } from '../../kernels/executors/save-partition.ts';
import { readSavedImage } from '../../kernels/executors/save-source.ts';
import { type ContentId, zeroContent } from '../../kernels/memory/contents.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import type { Rules } from '../system/world.ts';
import { momentView, type Viewed } from './moment-view.ts';

export type CommittedImage =
  | { readonly type: 'image.none'; readonly reason: string }
  /** There is a commit, but what it promises is not there. */
  | { readonly type: 'image.broken'; readonly saved: SavedImage; readonly reason: string }
  | { readonly type: 'image.whole'; readonly saved: SavedImage; readonly vmcore: Vmcore };

const known = new WeakMap<PageMap, CommittedImage>();

export function committedImage(rules: Rules, moment: Viewed): CommittedImage {
  const before = known.get(moment.medium);
  if (before !== undefined) return before;
  const image = readImage(rules, moment);
  known.set(moment.medium, image);
  return image;
}

function readImage(rules: Rules, moment: Viewed): CommittedImage {
  const source = readSavedImage(momentView(rules, moment));
  const opened = attempt(() => openSaved(source));
  if (typeof opened === 'string') return { type: 'image.none', reason: opened };
  const vmcore = attempt(() => {
    checkData(source, opened);
    return readVmcore(opened.data);
  });
  if (typeof vmcore === 'string') return { type: 'image.broken', saved: opened, reason: vmcore };
  return { type: 'image.whole', saved: opened, vmcore };
}

/** What bad bytes are told as; our own mistakes are not caught. */
function attempt<T extends object>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof ImageError) return error.message;
    throw error;
  }
}

export type SavedPages = { readonly start: Pfn; readonly count: number; readonly id: ContentId };

/** What the image says that the frames of a load segment held, in order, holes as zeros. */
export function* pagesOfLoad(
  rules: Rules,
  medium: PageMap,
  { saved, load }: { readonly saved: SavedImage; readonly load: Segment },
): Generator<SavedPages> {
  const partition = dumpPartition(rules);
  const inset = offsetInPage(load.physical);
  const first = frameOf(load.physical);
  const firstBlock = (load.offset - inset) / pageSizeBytes;
  const endBlock = firstBlock + framesOfLoad(load).count;
  const frameAt = (block: number): Pfn => pfn(first + block - firstBlock);
  let next = firstBlock;
  for (const run of saved.runs) {
    const from = Math.max(run.firstBlock, firstBlock);
    const to = Math.min(run.firstBlock + run.blockCount, endBlock);
    if (from >= to) continue;
    if (from > next) yield { start: frameAt(next), count: from - next, id: zeroContent };
    const base = partition.start + 1;
    for (const { start, count, id } of medium.runs(base + from, base + to)) {
      yield { start: frameAt(start - base), count, id };
    }
    next = to;
  }
  if (next < endBlock) yield { start: frameAt(next), count: endBlock - next, id: zeroContent };
}

/** Widened to whole pages, as /proc/vmcore has them. */
export function framesOfLoad(load: Segment): { readonly start: Pfn; readonly count: number } {
  const start = frameOf(load.physical);
  const end = Math.ceil((load.physical + load.fileSizeBytes) / pageSizeBytes);
  return { start, count: end - start };
}
