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
import { assert } from '../../assert.ts';
import { viewOf } from '../paged-bytes.ts';
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
const zoneShift = 62n;

export const poisoned: ListLinks = listPoison;
/** Taken from a list of a processor's own: only one of the two is poison (seen in the dump of log b2). */
export const taken: ListLinks = { next: 0n, prev: listPoison.prev };

export function writeStructPage(
  table: StructureTable,
  bytes: Uint8Array,
  offset: number,
  page: StructPage,
): void {
  const view = viewOf(bytes);
  const at = table.page;
  assert(offset % at.sizeBytes === 0, 'struct-page: a struct page stands at a multiple of its size');
  const word = (field: number, value: bigint): void => view.setBigUint64(offset + field, value, true);
  word(at.flags, (BigInt(page.zone) << zoneShift) | BigInt(flagBits(table, page.flags ?? [])));
  word(at.lru, page.lru.next);
  word(at.lru + 8, page.lru.prev);
  word(at.mapping, page.mapping ?? 0n);
  word(at.index, BigInt(page.index ?? 0));
  word(at.private, page.private ?? 0n);
  view.setUint32(offset + at.mapcount, page.mapcount ?? table.pageTypes[page.type ?? 'none'], true);
  view.setUint32(offset + at.refcount, page.referenceCount, true);
}

const flagBits = ({ flags }: StructureTable, names: readonly PageFlagName[]): number =>
  names.reduce((bits, name) => bits + 2 ** flags[name], 0);

/** Where struct page lists link: at `lru` of the page. */
export const lruAddress = ({ page }: StructureTable, vmemmap: string, frame: number): bigint =>
  BigInt(`0x${vmemmap}`) + BigInt(frame * page.sizeBytes + page.lru);
