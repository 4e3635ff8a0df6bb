/** The pages of an image on B's partition, by the frame that they belong to: for C, which puts them back, and for laws. */
import type { Segment } from '../../image/formats/elf/headers.ts';
import type { SavedImage } from '../../image/formats/saved-partition/open-saved.ts';
import { frameOf, offsetInPage, type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import type { BlockPort } from '../box.ts';
import { type ContentId, zeroContent } from '../memory/contents.ts';
import type { Plan } from '../plan.ts';
import { dumpPartition } from './save-partition.ts';

export type SavedPages = { readonly start: Pfn; readonly count: number; readonly id: ContentId };

type ImageView = { readonly plan: Plan; readonly medium: Pick<BlockPort, 'runs'> };

/** What the image says that the frames of a load segment held, in order, holes as zeros. */
export function* pagesOfLoad(
  { plan, medium }: ImageView,
  { saved, load }: { readonly saved: SavedImage; readonly load: Segment },
): Generator<SavedPages> {
  const base = dumpPartition({ plan }).start + 1;
  const first = frameOf(load.physical);
  const { firstBlock, endBlock } = blocksOfLoad(load);
  const frameAt = (block: number): Pfn => pfn(first + block - firstBlock);
  let next = firstBlock;
  for (const run of saved.runs) {
    const from = Math.max(run.firstBlock, firstBlock);
    const to = Math.min(run.firstBlock + run.blockCount, endBlock);
    if (from >= to) continue;
    if (from > next) yield { start: frameAt(next), count: from - next, id: zeroContent };
    for (const { start, count, id } of medium.runs(base + from, to - from)) {
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

/** Blocks of the ELF file. */
function blocksOfLoad(load: Segment): { readonly firstBlock: number; readonly endBlock: number } {
  const firstBlock = (load.offset - offsetInPage(load.physical)) / pageSizeBytes;
  return { firstBlock, endBlock: firstBlock + framesOfLoad(load).count };
}
