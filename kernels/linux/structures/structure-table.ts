/**
 * What a table of structures says: sizes and offsets of the structures that dump readers look for in a kernel's memory, for one
 * version of Linux. All offsets are in bytes from the beginning of the structure they stand in; flags are bit numbers.
 *
 * The configuration is that of the kernel of log b2, as far as a table does not say otherwise: x86-64, four levels of page tables,
 * SPARSEMEM_VMEMMAP, no NUMA, zones DMA32, Normal and Movable.
 */

/** struct page, 64 bytes (include/linux/mm_types.h; linux.md D.5). */
export type PageLayout = {
  readonly sizeBytes: number;
  readonly flags: number;
  readonly lru: number;
  readonly compoundHead: number;
  readonly mapping: number;
  readonly index: number;
  readonly private: number;
  readonly mapcount: number;
  readonly refcount: number;
};

/** include/linux/page-flags.h, enum pageflags. */
export type PageFlagName =
  | 'head'
  | 'hwpoison'
  | 'lru'
  | 'private'
  | 'referenced'
  | 'reserved'
  | 'swapbacked'
  | 'swapcache'
  | 'uptodate'
  | 'dirty'
  | 'anonExclusive';

/** What stands in _mapcount of a page that no user maps: a type, or nothing (page-flags.h, PG_buddy and its neighbours). */
export type PageTypeName = 'none' | 'buddy' | 'offline' | 'table';

/** struct mem_section and struct mem_section_usage (include/linux/mmzone.h). */
export type SectionLayout = {
  readonly sizeBytes: number;
  readonly sectionMemMap: number;
  readonly usage: number;
  readonly usageSizeBytes: number;
  readonly usagePageblockFlags: number;
};

/** struct zone (include/linux/mmzone.h). */
export type ZoneLayout = {
  readonly sizeBytes: number;
  readonly pgdat: number;
  readonly startPfn: number;
  readonly managedPages: number;
  readonly spannedPages: number;
  readonly presentPages: number;
  readonly name: number;
  readonly initialized: number;
  readonly freeArea: number;
  readonly vmStat: number;
};

/** struct pglist_data (include/linux/mmzone.h); `lruLists` are those of the lruvec in it. */
export type NodeLayout = {
  readonly sizeBytes: number;
  readonly zones: number;
  readonly zonelists: number;
  readonly zoneCount: number;
  readonly startPfn: number;
  readonly presentPages: number;
  readonly spannedPages: number;
  readonly id: number;
  readonly lruLists: number;
};

/** struct task_struct (include/linux/sched.h), and where struct mm_struct has its pgd (mm_types.h). */
export type TaskLayout = {
  readonly stack: number;
  readonly tasks: number;
  readonly memory: number;
  readonly activeMemory: number;
  readonly pid: number;
  readonly tgid: number;
  readonly groupLeader: number;
  readonly name: number;
  readonly pageTable: number;
};

export type StructureTable = {
  readonly version: string;
  /** OSRELEASE of the box's kernel. */
  readonly release: string;
  readonly page: PageLayout;
  readonly flags: { readonly [Name in PageFlagName]: number };
  /** As unsigned 32-bit words. */
  readonly pageTypes: { readonly [Name in PageTypeName]: number };
  /** How a huge page is told: by the type of its head, or by the destructor in its first tail. */
  readonly hugetlb:
    | { readonly by: 'type'; readonly type: number }
    | { readonly by: 'destructor'; readonly offset: number; readonly number: number };
  readonly section: SectionLayout;
  readonly zone: ZoneLayout;
  readonly node: NodeLayout;
  readonly task: TaskLayout;
  /** Keys of VMCOREINFO in the order of kernel/vmcore_info.c (6.1: kernel/crash_core.c); CRASHTIME comes later. */
  readonly vmcoreinfoKeys: readonly string[];
  /** Values that only this version has. */
  readonly vmcoreinfoNumbers: Readonly<Record<string, number>>;
};

/** The same in both versions. */
export const sectionSizeBits = 27;
export const physicalAddressBits = 46;
/** MAX_PAGE_ORDER, named MAX_ORDER - 1 in 6.1 (mmzone.h). */
export const maximumOrder = 10;
/** MIGRATE_TYPES without CMA and isolation, and the list that pages come from that users may have: MIGRATE_MOVABLE. */
export const freeListCount = 4;
export const movableList = 1;
/** struct free_area: a list head for each type, and nr_free. */
export const freeArea = { sizeBytes: 72, freeCount: 64 } as const;
/** Pages in a pageblock: HPAGE_PMD_ORDER 9 (include/linux/pageblock-flags.h). */
export const pageblockOrder = 9;
/** linux/poison.h, with POISON_POINTER_DELTA of x86-64: where a list entry points that is on no list. */
export const listPoison = { next: 0xdead000000000100n, prev: 0xdead000000000122n } as const;
/** struct zone's name pointers, in the order of enum zone_type for this configuration. */
export const zoneNames = ['DMA32', 'Normal', 'Movable'] as const;
/** Zone DMA32 ends at 4 GiB (arch/x86/mm/init.c:zone_sizes_init). */
export const dma32EndFrame = 2 ** 20;
/** lruvec.lists, enum lru_list. */
export const lruLists = { inactiveAnonymous: 0, activeAnonymous: 1, inactiveFile: 2, activeFile: 3 } as const;
export const lruListCount = 5;
