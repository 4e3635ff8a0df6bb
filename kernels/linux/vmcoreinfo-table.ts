/**
 * VMCOREINFO of a kernel of the box: what it tells tools about itself (linux.md C.3.4, in the order of its version).
 *
 * A says everything; the numbers are those of its table of structures, the addresses those of its memory. B has no struct pages and
 * says what a reader of its log needs.
 * Sources: linux.md C.3.4, D.4; texts as in kernel/vmcore_info.c and arch/x86/kernel/vmcore_info_64.c (6.12): addresses in hex
 * without prefix, numbers in decimal but for VMALLOC_START.
 */
import { createHash } from 'node:crypto';
import type { VmcoreinfoPair } from '../../image/formats/elf/vmcoreinfo.ts';
import { addressOf, pageSizeBytes } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { KernelName } from '../machine.ts';
import type { Plan } from '../plan.ts';
import { addressesOf, directAddress, imageAddress, physicalBase } from './kernel-address.ts';
import { logRegion } from './printk.ts';
import { hex64, printkLayout } from './printk-layout.ts';
import { structuresOf } from './structures/index.ts';
import { type KernelSymbol, kernelSymbolAddress, kernelSymbols } from './structures/kernel-symbols.ts';
import { rootLimit } from './structures/section-tables.ts';
import {
  freeArea,
  freeListCount,
  maximumOrder,
  physicalAddressBits,
  type StructureTable,
  sectionSizeBits,
} from './structures/structure-table.ts';

type PlanOfKernel = Pick<Plan, 'layout' | 'kernelLayout'>;

export function vmcoreinfoPairs(plan: PlanOfKernel, kernel: KernelName): readonly VmcoreinfoPair[] {
  const table = structuresOf(plan);
  const hasMemoryMap = plan.layout[kernel].memoryMap.count > 0;
  const values = new Map([
    ...commonPairs(plan, kernel),
    ...ringPairs,
    ...(hasMemoryMap ? [...structurePairs(table), ...memoryPairs(plan)] : []),
  ]);
  return table.vmcoreinfoKeys.flatMap((key): VmcoreinfoPair[] => {
    const value = values.get(key);
    assert(value !== undefined || !hasMemoryMap, `vmcoreinfo: nothing is known of ${key}`);
    return value === undefined ? [] : [[key, value]];
  });
}

/** What every kernel of the box can say. */
function commonPairs(plan: PlanOfKernel, kernel: KernelName): readonly VmcoreinfoPair[] {
  const { layout } = plan;
  const { text, pageTables } = layout[kernel];
  const { release } = structuresOf(plan);
  const pageTable = hex64(imageAddress(layout, kernel, pageTables.start));
  const { prb, printk_rb_static, clear_seq } = logRegion(layout, kernel).symbols;
  const addresses = addressesOf(layout, kernel);
  return [
    ['OSRELEASE', release],
    ['BUILD-ID', createHash('sha1').update(`build of ${release}`).digest('hex')],
    ['PAGESIZE', String(pageSizeBytes)],
    ['SYMBOL(swapper_pg_dir)', pageTable],
    ['SYMBOL(_stext)', hex64(imageAddress(layout, kernel, text.start))],
    ['NUMBER(VMALLOC_START)', `0x${addresses.vmalloc}`],
    ['SYMBOL(prb)', prb],
    ['SYMBOL(printk_rb_static)', printk_rb_static],
    ['SYMBOL(clear_seq)', clear_seq],
    ['NUMBER(phys_base)', String(physicalBase(layout, kernel))],
    ['SYMBOL(init_top_pgt)', pageTable],
    ['NUMBER(pgtable_l5_enabled)', '0'],
    ['KERNELOFFSET', addresses.kernelOffsetBytes.toString(16)],
    // CONFIG_RANDOMIZE_BASE, as distributions build it, even when KASLR is off (linux.md C.3.4).
    ['NUMBER(KERNEL_IMAGE_SIZE)', '1073741824'],
    ['NUMBER(sme_mask)', '0'],
  ];
}

/** What only a kernel with struct pages has: addresses in its memory. */
function memoryPairs(plan: PlanOfKernel): readonly VmcoreinfoPair[] {
  const { addresses, original } = plan.layout;
  const sections = directAddress(addresses, addressOf(original.sections.start));
  return [
    // Object.keys forgets which names there are.
    ...(Object.keys(kernelSymbols) as KernelSymbol[]).map(
      (name): VmcoreinfoPair => [`SYMBOL(${name})`, hex64(kernelSymbolAddress(plan, name))],
    ),
    // Two arrays that are pointers to where they begin: VMCOREINFO_SYMBOL_ARRAY says the latter.
    ['SYMBOL(mem_section)', hex64(sections)],
    ['SYMBOL(vmemmap)', addresses.vmemmap],
    ['LENGTH(mem_section)', String(rootLimit(plan))],
  ];
}

const size = (name: string, bytes: number): VmcoreinfoPair => [`SIZE(${name})`, String(bytes)];
const length = (name: string, count: number): VmcoreinfoPair => [`LENGTH(${name})`, String(count)];
const offset = (name: string, bytes: number): VmcoreinfoPair => [`OFFSET(${name})`, String(bytes)];
const number = (name: string, value: number): VmcoreinfoPair => [`NUMBER(${name})`, String(value)];
/** A word of 32 bits that is printed as an int. */
const mapcount = (name: string, word: number): VmcoreinfoPair =>
  number(`PAGE_${name}_MAPCOUNT_VALUE`, word - 2 ** 32);

function structurePairs(table: StructureTable): readonly VmcoreinfoPair[] {
  const { page, section, zone, node, flags, pageTypes } = table;
  return [
    offset('uts_namespace.name', 0),
    size('mem_section', section.sizeBytes),
    offset('mem_section.section_mem_map', section.sectionMemMap),
    number('SECTION_SIZE_BITS', sectionSizeBits),
    number('MAX_PHYSMEM_BITS', physicalAddressBits),
    size('page', page.sizeBytes),
    size('pglist_data', node.sizeBytes),
    size('zone', zone.sizeBytes),
    size('free_area', freeArea.sizeBytes),
    size('list_head', 16),
    // One node, so one word.
    size('nodemask_t', 8),
    offset('page.flags', page.flags),
    offset('page._refcount', page.refcount),
    offset('page.mapping', page.mapping),
    offset('page.lru', page.lru),
    offset('page._mapcount', page.mapcount),
    offset('page.private', page.private),
    offset('page.compound_head', page.compoundHead),
    offset('pglist_data.node_zones', node.zones),
    offset('pglist_data.nr_zones', node.zoneCount),
    offset('pglist_data.node_start_pfn', node.startPfn),
    offset('pglist_data.node_spanned_pages', node.spannedPages),
    offset('pglist_data.node_id', node.id),
    offset('zone.free_area', zone.freeArea),
    offset('zone.vm_stat', zone.vmStat),
    offset('zone.spanned_pages', zone.spannedPages),
    offset('free_area.free_list', 0),
    offset('list_head.next', 0),
    offset('list_head.prev', 8),
    length('zone.free_area', maximumOrder + 1),
    length('free_area.free_list', freeListCount),
    number('NR_FREE_PAGES', 0),
    number('PG_lru', flags.lru),
    number('PG_private', flags.private),
    number('PG_swapcache', flags.swapcache),
    number('PG_swapbacked', flags.swapbacked),
    number('PG_hwpoison', flags.hwpoison),
    number('PG_head_mask', 2 ** flags.head),
    mapcount('BUDDY', pageTypes.buddy),
    mapcount('OFFLINE', pageTypes.offline),
    // Pairs whose keys are those of the table.
    ...Object.entries(table.vmcoreinfoNumbers).map(([key, value]): VmcoreinfoPair => [key, String(value)]),
  ];
}

const { ringbuffer, descRing, desc, blkLpos, info, devInfo, dataRing, latchedSeq } = printkLayout;

/** kernel/printk/printk.c:log_buf_vmcoreinfo_setup. */
const ringPairs: readonly VmcoreinfoPair[] = [
  size('printk_ringbuffer', ringbuffer.sizeBytes),
  offset('printk_ringbuffer.desc_ring', ringbuffer.descRing),
  offset('printk_ringbuffer.text_data_ring', ringbuffer.textDataRing),
  offset('printk_ringbuffer.fail', ringbuffer.fail),
  size('prb_desc_ring', descRing.sizeBytes),
  offset('prb_desc_ring.count_bits', descRing.countBits),
  offset('prb_desc_ring.descs', descRing.descs),
  offset('prb_desc_ring.infos', descRing.infos),
  offset('prb_desc_ring.head_id', descRing.headId),
  offset('prb_desc_ring.tail_id', descRing.tailId),
  size('prb_desc', desc.sizeBytes),
  offset('prb_desc.state_var', desc.stateVar),
  offset('prb_desc.text_blk_lpos', desc.textBlkLpos),
  size('prb_data_blk_lpos', blkLpos.sizeBytes),
  offset('prb_data_blk_lpos.begin', blkLpos.begin),
  offset('prb_data_blk_lpos.next', blkLpos.next),
  size('printk_info', info.sizeBytes),
  offset('printk_info.seq', info.seq),
  offset('printk_info.ts_nsec', info.tsNsec),
  offset('printk_info.text_len', info.textLen),
  offset('printk_info.caller_id', info.callerId),
  offset('printk_info.dev_info', info.devInfo),
  size('dev_printk_info', devInfo.sizeBytes),
  offset('dev_printk_info.subsystem', devInfo.subsystem),
  length('printk_info_subsystem', devInfo.subsystemBytes),
  offset('dev_printk_info.device', devInfo.device),
  length('printk_info_device', devInfo.deviceBytes),
  size('prb_data_ring', dataRing.sizeBytes),
  offset('prb_data_ring.size_bits', dataRing.sizeBits),
  offset('prb_data_ring.data', dataRing.data),
  offset('prb_data_ring.head_lpos', dataRing.headLpos),
  offset('prb_data_ring.tail_lpos', dataRing.tailLpos),
  // An atomic_long_t is a long and nothing else (include/linux/types.h: atomic64_t).
  size('atomic_long_t', 8),
  offset('atomic_long_t.counter', 0),
  size('latched_seq', latchedSeq.sizeBytes),
  offset('latched_seq.val', latchedSeq.val),
];
