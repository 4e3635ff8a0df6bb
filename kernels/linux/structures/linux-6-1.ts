/**
 * Linux 6.1, configured as 6.12 here is, so that the two differ in nothing but the version.
 *
 * Sources: include/linux/page-flags.h (flags, PG_buddy 0x80, PG_offline 0x100, PG_table 0x200: a type is a bit that is clear),
 * mm_types.h, mm.h (enum compound_dtor_id), kernel/crash_core.c, all 6.1. No dump of such a kernel was at hand: struct zone is the
 * field list of 6.1's mmzone.h laid out by the rules of the ABI (it lacks two words that 6.12 has before `zone_start_pfn`), and
 * `lruLists` and tasks are where 6.12 has them. Readers take what they need from VMCOREINFO.
 */
import { linux612 } from './linux-6-12.ts';
import type { StructureTable } from './structure-table.ts';
import {
  architectureKeys,
  kallsymsKeys,
  nodeKeys,
  pageFlagKeys,
  printkKeys,
  sectionKeys,
  structureSizeKeys,
} from './vmcoreinfo-keys.ts';

const allTypeBits = 0xffffffff;

export const linux61: StructureTable = {
  version: '6.1',
  release: '6.1.0-box',
  page: linux612.page,
  flags: {
    referenced: 1,
    uptodate: 2,
    dirty: 3,
    lru: 4,
    swapcache: 10,
    reserved: 12,
    private: 13,
    head: 16,
    // PG_mappedtodisk.
    anonExclusive: 17,
    swapbacked: 19,
    hwpoison: 23,
  },
  pageTypes: {
    none: allTypeBits,
    buddy: allTypeBits - 0x80,
    offline: allTypeBits - 0x100,
    table: allTypeBits - 0x200,
  },
  hugetlb: { by: 'destructor', offset: 16, number: 2 },
  section: linux612.section,
  zone: {
    ...linux612.zone,
    pgdat: 72,
    startPfn: 104,
    managedPages: 112,
    spannedPages: 120,
    presentPages: 128,
    name: 136,
    initialized: 144,
  },
  node: linux612.node,
  task: linux612.task,
  vmcoreinfoKeys: [
    'OSRELEASE',
    'BUILD-ID',
    'PAGESIZE',
    'SYMBOL(init_uts_ns)',
    'OFFSET(uts_namespace.name)',
    'SYMBOL(node_online_map)',
    'SYMBOL(swapper_pg_dir)',
    'SYMBOL(_stext)',
    'SYMBOL(vmap_area_list)',
    'SYMBOL(mem_map)',
    'SYMBOL(contig_page_data)',
    ...sectionKeys,
    ...structureSizeKeys,
    'OFFSET(page.flags)',
    'OFFSET(page._refcount)',
    'OFFSET(page.mapping)',
    'OFFSET(page.lru)',
    'OFFSET(page._mapcount)',
    'OFFSET(page.private)',
    'OFFSET(page.compound_dtor)',
    'OFFSET(page.compound_order)',
    'OFFSET(page.compound_head)',
    ...nodeKeys,
    'OFFSET(vmap_area.va_start)',
    'OFFSET(vmap_area.list)',
    'LENGTH(zone.free_area)',
    ...printkKeys,
    ...pageFlagKeys,
    'NUMBER(PG_slab)',
    'NUMBER(PG_hwpoison)',
    'NUMBER(PG_head_mask)',
    'NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)',
    'NUMBER(HUGETLB_PAGE_DTOR)',
    'NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)',
    ...kallsymsKeys,
    ...architectureKeys,
  ],
  vmcoreinfoNumbers: {
    'OFFSET(page.compound_dtor)': 16,
    'OFFSET(page.compound_order)': 17,
    // struct vmap_area: va_start, va_end, a tree node of 24 bytes, then the list (include/linux/vmalloc.h, 6.1).
    'OFFSET(vmap_area.va_start)': 0,
    'OFFSET(vmap_area.list)': 40,
    'NUMBER(PG_slab)': 9,
    'NUMBER(HUGETLB_PAGE_DTOR)': 2,
  },
};
