/**
 * The rule `reserved pages`: a page of struct pages of frames that were taken before there was a page allocator, or are no RAM. It
 * follows from its address alone, so nobody has to keep it: kernel image, crash region, holes (mm/mm_init.c:
 * reserve_bootmem_region and init_unavailable_range, 6.12).
 */
import { structuresOf } from './index.ts';
import { lruAddress, writeStructPage } from './struct-page.ts';

export type ReservedPagesRule = {
  readonly rule: 'reserved pages';
  readonly kernelLayout: string;
  readonly vmemmap: string;
  readonly zone: number;
  /** Of the page within vmemmap: it is that of the frames index * 64 to index * 64 + 63. */
  readonly index: number;
};

export function writeReservedPages(
  { zone, vmemmap, index, ...of }: ReservedPagesRule,
  page: Uint8Array,
): void {
  const table = structuresOf(of);
  const count = page.length / table.page.sizeBytes;
  page.fill(0);
  for (let place = 0; place < count; place += 1) {
    const own = lruAddress(table, vmemmap, index * count + place);
    writeStructPage(table, page, place * table.page.sizeBytes, {
      zone,
      flags: ['reserved'],
      lru: { next: own, prev: own },
      referenceCount: 1,
    });
  }
}
