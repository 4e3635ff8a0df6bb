/**
 * Why a page is left out, decided from its `struct page` in makedumpfile's order of tests: the first that applies is the reason
 * (makedumpfile 1.7.2 makedumpfile.c:__exclude_unnecessary_pages; linux.md C.3.6).
 *
 *   tail page of a compound page     nothing: its head has decided for it
 *   16  free                         _mapcount says buddy; 2^private pages
 *    2  cache without private data   lru, or swap cache; not anonymous; not private
 *    4  cache                        lru, or swap cache; not anonymous
 *    8  user data                    anonymous, or of hugetlbfs
 *   always  hwpoison, offline
 *
 * Two places where 1.7.2 knows kernels since 6.6 no better are rules, for whoever wants its result to the page:
 * `hugePages: 'head'` leaves out only the first page of a huge page; `slabs: 'as-pages'` takes a slab with an odd word where pages have
 * their mapping for an anonymous page (later versions look at the page type first).
 */
import type { AbsenceReason } from '../memory-image.ts';
import type { PageLayout } from './page-layout.ts';

export type FilterRules = {
  readonly hugePages: 'whole' | 'head';
  readonly slabs: 'kept' | 'as-pages';
};

export const correctedRules: FilterRules = { hugePages: 'whole', slabs: 'kept' };
export const makedumpfile172Rules: FilterRules = { hugePages: 'head', slabs: 'as-pages' };

/** The bits of makedumpfile -d. */
export const levelBits = { zero: 1, cache: 2, cachePrivate: 4, user: 8, free: 16 } as const;

export type Verdict = {
  readonly reason: AbsenceReason;
  /** The page, and those behind it that belong to it. */
  readonly pageCount: number;
};

/** A block of free pages has at most this order (Linux 6.12 include/linux/mmzone.h: MAX_PAGE_ORDER 10; 5-level huge pages are 18). */
const orderLimit = 18;
const anonymous = 1;
const tail = 1;

export type PageTest = (entries: DataView, at: number, frame: number) => Verdict | undefined;

/** `at` is the place of the entry in `entries`; the entry behind it is looked at when it is there. */
export function pageTest(layout: PageLayout, level: number, rules: FilterRules): PageTest {
  const reasonOf = usedReason(layout, level);
  const isFree = (flags: number, mapcount: number): boolean =>
    (level & levelBits.free) !== 0 && mapcount === layout.value.buddy && (flags & layout.mask.slab) === 0;
  return (entries, at, frame) => {
    if (layout.compoundHead !== undefined && (entries.getUint32(at + layout.compoundHead, true) & tail) !== 0)
      return undefined;
    const flags = entries.getUint32(at + layout.flags, true);
    const mapcount = entries.getUint32(at + layout.mapcount, true);
    if (isFree(flags, mapcount))
      return { reason: 'free', pageCount: freePages(entries, at + layout.private) };
    const compound = compoundOf(layout, rules, { entries, at, flags, frame });
    const slab = isSlab(layout, rules, { flags, mapcount });
    const isAnonymous = !slab && (entries.getUint32(at + layout.mapping, true) & anonymous) !== 0;
    const isOffline = !slab && mapcount === layout.value.offline;
    const reason = reasonOf({ flags, isAnonymous, isOffline, isHugetlb: compound.isHugetlb });
    return reason === undefined ? undefined : { reason, pageCount: compound.pageCount };
  };
}

type UsedPage = {
  readonly flags: number;
  readonly isAnonymous: boolean;
  readonly isHugetlb: boolean;
  readonly isOffline: boolean;
};

/** The tests of pages that are not free, in their order. */
function usedReason({ mask }: PageLayout, level: number): (page: UsedPage) => AbsenceReason | undefined {
  const leavesCache = (level & (levelBits.cache | levelBits.cachePrivate)) !== 0;
  const leavesPrivate = (level & levelBits.cachePrivate) !== 0;
  const leavesUser = (level & levelBits.user) !== 0;
  const cacheReason = (flags: number): AbsenceReason | undefined => {
    if (!leavesCache || !isCache(mask, flags)) return undefined;
    if ((flags & mask.private) === 0) return 'cache';
    return leavesPrivate ? 'cachePrivate' : undefined;
  };
  return ({ flags, isAnonymous, isHugetlb, isOffline }) => {
    const ofCache = isAnonymous ? undefined : cacheReason(flags);
    if (ofCache !== undefined) return ofCache;
    if (leavesUser && (isAnonymous || isHugetlb)) return 'user';
    if ((flags & mask.hwpoison) !== 0) return 'hwpoison';
    return isOffline ? 'offline' : undefined;
  };
}

/** PG_swapcache means that only together with PG_swapbacked, in kernels that have it (since 4.10). */
const isCache = ({ lru, swapCache, swapBacked }: PageLayout['mask'], flags: number): boolean =>
  (flags & lru) !== 0 || ((flags & swapCache) !== 0 && (swapBacked === 0 || (flags & swapBacked) !== 0));

const isSlab = (
  { mask, value }: PageLayout,
  { slabs }: FilterRules,
  { flags, mapcount }: { readonly flags: number; readonly mapcount: number },
): boolean => (flags & mask.slab) !== 0 || (slabs === 'kept' && hasType(mapcount, value.slab));

type Compound = { readonly pageCount: number; readonly isHugetlb: boolean };
const single: Compound = { pageCount: 1, isHugetlb: false };

type Entry = {
  readonly entries: DataView;
  readonly at: number;
  readonly flags: number;
  readonly frame: number;
};

/** The order stands in the entry behind the head: in a field of its own before 6.6, since then in the low byte of its flags. */
function compoundOf(layout: PageLayout, rules: FilterRules, { entries, at, flags, frame }: Entry): Compound {
  const next = at + layout.sizeBytes;
  if ((flags & layout.mask.head) === 0 || next + layout.sizeBytes > entries.byteLength) return single;
  const hasField = layout.compoundOrder !== undefined;
  if (!hasField && rules.hugePages === 'head') return single;
  const order = entries.getUint8(next + (layout.compoundOrder ?? layout.flags));
  const isSane = order <= orderLimit && frame % 2 ** order === 0;
  return { pageCount: isSane ? 2 ** order : 1, isHugetlb: isHugetlb(layout, entries, at) };
}

/** Before 6.6 by what destroys the page, since then by the page type of its head. */
function isHugetlb(
  { compoundDestructor, hugetlbDestructor, sizeBytes, mapcount, value }: PageLayout,
  entries: DataView,
  at: number,
): boolean {
  if (compoundDestructor !== undefined && hugetlbDestructor !== undefined)
    return entries.getUint8(at + sizeBytes + compoundDestructor) === hugetlbDestructor;
  return hasType(entries.getUint32(at + mapcount, true), value.hugetlb);
}

function freePages(entries: DataView, at: number): number {
  const order = entries.getUint32(at, true);
  return order <= orderLimit ? 2 ** order : 1;
}

/** Up to 6.11 a type is a cleared bit of a word of ones, since 6.12 the top byte, with other things below it. */
function hasType(mapcount: number, type: number | undefined): boolean {
  if (type === undefined) return false;
  return type >>> 24 === 0xff ? mapcount === type : mapcount >>> 24 === type >>> 24;
}
