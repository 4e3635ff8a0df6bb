/**
 * The rule `reserved pages`: a page of struct pages of frames that were taken before there was a page allocator, or are no RAM. It
 * follows from its address alone, so nobody has to keep it: kernel image, crash region, holes (mm/mm_init.c:
 * reserve_bootmem_region and init_unavailable_range, 6.12).
 */
import { pageSizeBytes } from '../../../image/pfn.ts';
import { viewOf } from '../paged-bytes.ts';
import { structuresOf } from './index.ts';
import { lruAddress, writeStructPage } from './struct-page.ts';
import type { StructureTable } from './structure-table.ts';

export type ReservedPagesRule = {
  readonly rule: 'reserved pages';
  readonly kernelLayout: string;
  readonly vmemmap: string;
  readonly zone: number;
  /** Of the page within vmemmap: it is that of the frames index * 64 to index * 64 + 63. */
  readonly index: number;
};

export function writeReservedPages(
  { zone, vmemmap, index, kernelLayout }: ReservedPagesRule,
  page: Uint8Array,
): void {
  const table = structuresOf({ kernelLayout });
  const { sizeBytes, lru } = table.page;
  page.set(pageWithoutLinks(table, zone));
  const view = viewOf(page);
  const first = lruAddress(table, vmemmap, (index * page.length) / sizeBytes);
  const high = Number(first >> 32n);
  // A page lies at a multiple of its size, so that the upper half is the same for all of it.
  let low = Number(first & 0xffffffffn);
  for (let offset = lru; offset < page.length; offset += sizeBytes) {
    view.setUint32(offset, low, true);
    view.setUint32(offset + 4, high, true);
    view.setUint32(offset + 8, low, true);
    view.setUint32(offset + 12, high, true);
    low += sizeBytes;
  }
}

/** What all such pages of a version and a zone have in common: pages are computed again whenever somebody reads them. */
const common = new Map<string, Uint8Array>();

function pageWithoutLinks(table: StructureTable, zone: number): Uint8Array {
  const key = `${table.version} ${zone}`;
  const known = common.get(key);
  if (known !== undefined) return known;
  const bytes = new Uint8Array(pageSizeBytes);
  for (let offset = 0; offset < bytes.length; offset += table.page.sizeBytes)
    writeStructPage(table, viewOf(bytes), offset, { ...reservedPage, zone });
  common.set(key, bytes);
  return bytes;
}

const reservedPage = { flags: ['reserved'], lru: { next: 0n, prev: 0n }, referenceCount: 1 } as const;
