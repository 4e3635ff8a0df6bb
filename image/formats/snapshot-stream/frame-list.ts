/**
 * The frame list of a snapshot: 512 entries of 8 bytes to a page, frame numbers ascending. Bit 63: the page held nothing but zeros, and
 * no data page follows for it. The entry behind the last one is all ones, unless the page is exactly full; zeros follow.
 * Source: Linux 6.12 kernel/power/snapshot.c, pack_pfns and unpack_orig_pfns (linux.md C.1.4).
 */
import { ByteWriter } from '../../bytes.ts';
import { hex, ImageError } from '../../image-error.ts';
import type { MemoryRun } from '../../memory-image.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { FrameTable, runLimit } from './frame-table.ts';

export const entriesPerPage = pageSizeBytes / 8;

export const listPagesFor = (frameCount: number): number => Math.ceil(frameCount / entriesPerPage);

/** x86-64 has at most 52 bits of physical address, and so 40 of frame number (Linux 6.12 MAX_PHYSMEM_BITS is 46 or 52). */
const frameLimit = 2 ** 40;

/** Frame numbers beyond 2^53 lose their last digits; no memory has them. */
export type VisitFrame = (frame: number, isZero: boolean, entryIndex: number) => void;

/** Calls `visit` for the entries up to the end mark. */
export function forEachListed(page: Uint8Array, visit: VisitFrame): void {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  for (let index = 0; index < entriesPerPage; index += 1) {
    const low = view.getUint32(index * 8, true);
    const high = view.getUint32(index * 8 + 4, true);
    if (low === 0xffffffff && high === 0xffffffff) return;
    visit((high & 0x7fffffff) * 2 ** 32 + low, high >>> 31 === 1, index);
  }
}

/** `offsetOf` tells where a page of the list lies in the file, for errors. */
export function readFrameList(
  pages: Iterable<Uint8Array>,
  offsetOf: (pageIndex: number) => number,
): FrameTable {
  const table = new FrameTable();
  let pageIndex = 0;
  for (const page of pages) {
    forEachListed(page, (frame, isZero, entryIndex) => {
      const isFollowing = frame < frameLimit && table.add(frame, isZero);
      if (isFollowing && table.runCount <= runLimit) return;
      throw new ImageError('snapshot.bad-frame', {
        offset: offsetOf(pageIndex) + entryIndex * 8,
        expected: isFollowing
          ? `at most ${runLimit} runs of frames (runLimit)`
          : `a frame from ${hex(table.end)} to ${hex(frameLimit - 1)}`,
        found: isFollowing ? 'more' : hex(frame),
      });
    });
    pageIndex += 1;
  }
  return table;
}

/** Whole pages. The runs are of kind `stored` and `zero`, ascending. */
export function* encodeFrameList(runs: Iterable<MemoryRun>): Generator<Uint8Array> {
  let page = new Uint8Array(pageSizeBytes);
  let writer = new ByteWriter(page);
  let entryIndex = 0;
  for (const { startPfn, count, kind } of runs) {
    for (let frame: number = startPfn; frame < startPfn + count; frame += 1) {
      writer.u32(entryIndex * 8, frame % 2 ** 32);
      writer.u32(entryIndex * 8 + 4, (kind === 'zero' ? 2 ** 31 : 0) + Math.floor(frame / 2 ** 32));
      entryIndex += 1;
      if (entryIndex < entriesPerPage) continue;
      yield page;
      page = new Uint8Array(pageSizeBytes);
      writer = new ByteWriter(page);
      entryIndex = 0;
    }
  }
  if (entryIndex === 0) return;
  page.fill(0xff, entryIndex * 8, entryIndex * 8 + 8);
  yield page;
}
