/**
 * How `struct page` of the dumped kernel looks to a filter: offsets, bits and values out of VMCOREINFO, with makedumpfile's defaults
 * where a key is missing (linux.md C.3.5, D.5).
 */
import { ImageError } from '../image-error.ts';
import type { KernelFacts } from '../linux/kernel-facts.ts';

export type PageLayout = {
  readonly sizeBytes: number;
  readonly flags: number;
  readonly mapping: number;
  readonly mapcount: number;
  readonly private: number;
  readonly compoundHead: number | undefined;
  /** In the first tail page: how large a compound page is, and what destroys it (before 6.6 in fields of their own). */
  readonly compoundOrder: number | undefined;
  readonly compoundDestructor: number | undefined;
  readonly mask: {
    readonly lru: number;
    readonly private: number;
    readonly swapCache: number;
    /** 0: the kernel has no such flag, and the one above stands for itself. */
    readonly swapBacked: number;
    readonly slab: number;
    readonly hwpoison: number;
    readonly head: number;
  };
  /** Values of _mapcount, as unsigned 32 bits; undefined: not told. */
  readonly value: {
    readonly buddy: number | undefined;
    readonly offline: number | undefined;
    readonly hugetlb: number | undefined;
    readonly slab: number | undefined;
  };
  readonly hugetlbDestructor: number | undefined;
};

/** makedumpfile 1.7.2 makedumpfile.h: PG_lru_ORIGINAL, PG_private_ORIGINAL (2.6.26), PG_swapcache_ORIGINAL. */
const defaultBits = { lru: 5, private: 11, swapCache: 15 } as const;

export function pageLayout(facts: KernelFacts): PageLayout {
  const sizeBytes = facts.size('page');
  /** A member of `struct page`, all of it inside. */
  const member = (name: string): number => {
    const offset = facts.offset(name);
    if (offset >= 0 && offset + 8 <= sizeBytes) return offset;
    throw new ImageError('kernel.missing-fact', {
      offset: 0,
      expected: `OFFSET(${name}) within SIZE(page)=${sizeBytes}`,
      found: `${offset}`,
    });
  };
  const optional = (key: string, read: () => number): number | undefined =>
    facts.has(key) ? read() : undefined;
  const bit = (name: string, otherwise?: number): number => {
    const index = optional(`NUMBER(${name})`, () => facts.number(name)) ?? otherwise;
    return index === undefined ? 0 : (1 << index) >>> 0;
  };
  const value = (name: string): number | undefined =>
    optional(`NUMBER(${name})`, () => facts.number(name) >>> 0);
  return {
    sizeBytes,
    flags: member('page.flags'),
    mapping: member('page.mapping'),
    mapcount: member('page._mapcount'),
    private: member('page.private'),
    compoundHead: optional('OFFSET(page.compound_head)', () => member('page.compound_head')),
    compoundOrder: optional('OFFSET(page.compound_order)', () => member('page.compound_order')),
    compoundDestructor: optional('OFFSET(page.compound_dtor)', () => member('page.compound_dtor')),
    mask: {
      lru: bit('PG_lru', defaultBits.lru),
      private: bit('PG_private', defaultBits.private),
      swapCache: bit('PG_swapcache', defaultBits.swapCache),
      swapBacked: bit('PG_swapbacked'),
      slab: bit('PG_slab'),
      hwpoison: bit('PG_hwpoison'),
      head: facts.has('NUMBER(PG_head_mask)') ? facts.number('PG_head_mask') >>> 0 : 0,
    },
    value: {
      buddy: value('PAGE_BUDDY_MAPCOUNT_VALUE'),
      offline: value('PAGE_OFFLINE_MAPCOUNT_VALUE'),
      hugetlb: value('PAGE_HUGETLB_MAPCOUNT_VALUE'),
      slab: value('PAGE_SLAB_MAPCOUNT_VALUE'),
    },
    hugetlbDestructor: optional('NUMBER(HUGETLB_PAGE_DTOR)', () => facts.number('HUGETLB_PAGE_DTOR')),
  };
}
