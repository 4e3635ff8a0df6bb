/**
 * The buddy system as it follows from which frames are free: Linux merges a freed block with its buddy at once, so the free frames
 * alone decide the blocks, each the largest that fits where it begins (mm/page_alloc.c:__free_one_page, 6.12). Left out: frames on the
 * lists of single processors.
 */
import { maximumOrder } from './structure-table.ts';

export type FreeBlock = { readonly start: number; readonly order: number };

/** Of one page of the frame bitmap; numbers are bits of that page. */
export function freeBlocks(bitmap: Uint8Array): FreeBlock[] {
  const blocks: FreeBlock[] = [];
  const limit = bitmap.length * 8;
  for (let start = 0; start < limit; ) {
    if (!isFreeBit(bitmap, start)) {
      start += bitmap[start >> 3] === 0xff ? 8 - (start & 7) : 1;
      continue;
    }
    const order = orderAt(bitmap, start);
    blocks.push({ start, order });
    start += 2 ** order;
  }
  return blocks;
}

export const isFreeBit = (bitmap: Uint8Array, bit: number): boolean =>
  ((bitmap[bit >> 3] ?? 0xff) & (1 << (bit & 7))) === 0;

function orderAt(bitmap: Uint8Array, start: number): number {
  let order = 0;
  while (
    order < maximumOrder &&
    start % 2 ** (order + 1) === 0 &&
    isFree(bitmap, start + 2 ** order, 2 ** order)
  )
    order += 1;
  return order;
}

function isFree(bitmap: Uint8Array, start: number, count: number): boolean {
  if (count < 8) {
    for (let bit = start; bit < start + count; bit += 1) if (!isFreeBit(bitmap, bit)) return false;
    return true;
  }
  for (let byte = start >> 3; byte < (start + count) >> 3; byte += 1) if (bitmap[byte] !== 0) return false;
  return true;
}
