/**
 * The blocks of /proc/vmcore that are worth writing, and what they are counted as.
 *
 * Holes are not written: pages of zeros, and frames whose content went with the power and that nobody wrote
 * since. The box marks those (poison), so that whoever reads one is noticed; to a dump they are zeros, as the
 * memory of QEMU is before it is written. So the cost follows what was touched, and a terabyte that nobody
 * used is one step.
 */
import type { VmcoreLayout } from '../../image/formats/elf/vmcore-layout.ts';
import { pageSizeBytes, pfn } from '../../image/pfn.ts';
import { type ContentId, poisonContent, zeroContent } from '../memory/contents.ts';
import type { VmcoreBox } from './save-vmcore.ts';

/** A block of the file; block 0 is the first of its headers. */
export type BlockToSave = { readonly block: number; readonly content: ContentId };

/** In ascending order, from block `from` on, without holes. */
export function* blocksToSave(
  box: VmcoreBox,
  { header, loads }: VmcoreLayout,
  from: number,
): Generator<BlockToSave> {
  for (let block = from; block < header.length / pageSizeBytes; block += 1) {
    const page = header.subarray(block * pageSizeBytes, (block + 1) * pageSizeBytes);
    const content = box.contents.intern(page);
    if (!isHole(content)) yield { block, content };
  }
  for (const { fileOffset, firstFrame, pageCount } of loads) {
    const firstBlock = fileOffset / pageSizeBytes;
    const done = Math.max(0, from - firstBlock);
    if (done >= pageCount) continue;
    for (const { start, count, id } of box.memory.runs(pfn(firstFrame + done), pageCount - done)) {
      if (isHole(id)) continue;
      const block = firstBlock + start - firstFrame;
      for (let index = 0; index < count; index += 1) yield { block: block + index, content: id };
    }
  }
}

/** Zero pages and frames that nobody wrote are not saved. */
const isHole = (content: ContentId): boolean => content === zeroContent || content === poisonContent;
