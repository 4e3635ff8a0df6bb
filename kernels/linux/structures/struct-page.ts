/**
 * One struct page, 64 bytes: what Linux leaves there for a frame of each kind (linux.md D.5).
 *
 *   0        8             16            24        32      40        48           52
 *   | flags  | lru.next    | lru.prev    | mapping | index | private | _mapcount  | _refcount | …
 *              or compound_head | 1                                    or page type
 *
 * The values are those of frames of the same kind in the dump of log b2; there a page on no list has a list head that points at
 * itself when nobody ever used it, and poison when it was taken from a list. Here frames that are free have poison, so that pages of
 * struct pages of untouched frames are alike.
 */
import { listPoison, type PageFlagName, type PageTypeName, type StructureTable } from './structure-table.ts';

export type ListLinks = { readonly next: bigint; readonly prev: bigint };

export type StructPage = {
  readonly zone: number;
  readonly flags?: readonly PageFlagName[];
  readonly lru: ListLinks;
  readonly mapping?: bigint;
  readonly index?: number;
  readonly private?: bigint;
  /** Of a page that users have: how many page tables lead to it, less one. */
  readonly mapcount?: number;
  readonly type?: PageTypeName;
  readonly referenceCount: number;
};

/** ZONES_SHIFT is 2, and nothing else stands above the flags: no node, no section (page-flags-layout.h). */
const zoneStep = 2 ** (62 - 32);

export const poisoned: ListLinks = listPoison;
/** Taken from a list of a processor's own: only one of the two is poison (seen in the dump of log b2). */
export const taken: ListLinks = { next: 0n, prev: listPoison.prev };

/** Tens of thousands at a time: nothing is made here but the words. */
export function writeStructPage(
  { page: at, flags, pageTypes }: StructureTable,
  view: DataView,
  offset: number,
  page: StructPage,
): void {
  let flagBits = 0;
  for (const name of page.flags ?? noFlags) flagBits += 2 ** flags[name];
  view.setUint32(offset + at.flags, flagBits, true);
  view.setUint32(offset + at.flags + 4, page.zone * zoneStep, true);
  view.setBigUint64(offset + at.lru, page.lru.next, true);
  view.setBigUint64(offset + at.lru + 8, page.lru.prev, true);
  view.setBigUint64(offset + at.mapping, page.mapping ?? 0n, true);
  view.setBigUint64(offset + at.index, BigInt(page.index ?? 0), true);
  view.setBigUint64(offset + at.private, page.private ?? 0n, true);
  view.setUint32(offset + at.mapcount, page.mapcount ?? pageTypes[page.type ?? 'none'], true);
  view.setUint32(offset + at.refcount, page.referenceCount, true);
}

const noFlags: readonly PageFlagName[] = [];

/** Where struct page lists link: at `lru` of the page. */
export const lruAddress = ({ page }: StructureTable, vmemmap: string, frame: number): bigint =>
  BigInt(`0x${vmemmap}`) + BigInt(frame * page.sizeBytes + page.lru);
