/**
 * VMCOREINFO of a kernel of the box: what it tells tools about itself (linux.md C.3.4, in the order of 6.12).
 *
 * Only what can be found in the box's memory is in it: release and page size, where the image begins, its
 * page tables, the whole printk ring, and the shape of the address map. With these a reader of the dump finds
 * the log.
 * Left out until the box has them: init_uts_ns and BUILD-ID, everything about struct page, zones and nodes
 * (mem_section, page, pglist_data, zone, free_area, PG_* and map counts), list_head, kallsyms. So
 * makedumpfile refuses to filter such a dump (C.3.5).
 * Sources: linux.md C.3.4, D.4; texts as in kernel/vmcore_info.c and arch/x86/kernel/vmcore_info_64.c (6.12):
 * addresses in hex without prefix, numbers in decimal but for VMALLOC_START.
 */
import type { VmcoreinfoPair } from '../../image/formats/elf/vmcoreinfo.ts';
import { addressOf, pageSizeBytes } from '../../image/pfn.ts';
import type { KernelName } from '../machine.ts';
import { imageAddress } from './kernel-address.ts';
import { kernelRelease } from './kernel-banner.ts';
import type { MemoryLayout } from './memory-layout.ts';
import { logRegion } from './printk.ts';
import { hex64, printkLayout } from './printk-layout.ts';

export function vmcoreinfoPairs(layout: MemoryLayout, kernel: KernelName): readonly VmcoreinfoPair[] {
  const { text, pageTables } = layout[kernel];
  const stext = imageAddress(text.start, text.start);
  const pageTable = hex64(imageAddress(text.start, pageTables.start));
  return [
    ['OSRELEASE', kernelRelease],
    ['PAGESIZE', String(pageSizeBytes)],
    ['SYMBOL(swapper_pg_dir)', pageTable],
    ['SYMBOL(_stext)', hex64(stext)],
    ['NUMBER(VMALLOC_START)', vmallocStart],
    ...symbolPairs(layout, kernel),
    ...ringPairs,
    ['NUMBER(phys_base)', String(addressOf(text.start) - Number(stext - kernelMapStart))],
    ['SYMBOL(init_top_pgt)', pageTable],
    ['NUMBER(pgtable_l5_enabled)', '0'],
    ['KERNELOFFSET', '0'],
    // CONFIG_RANDOMIZE_BASE, as distributions build it, even when KASLR is off (linux.md C.3.4).
    ['NUMBER(KERNEL_IMAGE_SIZE)', '1073741824'],
    ['NUMBER(sme_mask)', '0'],
  ];
}

/** __START_KERNEL_map: symbol to physical is the address, less this, plus phys_base (linux.md D.4). */
const kernelMapStart = 0xffffffff80000000n;
/** With four levels and without KASLR (linux.md D.4); the box maps nothing there. */
const vmallocStart = '0xffffc90000000000';

function symbolPairs(layout: MemoryLayout, kernel: KernelName): readonly VmcoreinfoPair[] {
  const { prb, printk_rb_static, clear_seq } = logRegion(layout, kernel).symbols;
  return [
    ['SYMBOL(prb)', prb],
    ['SYMBOL(printk_rb_static)', printk_rb_static],
    ['SYMBOL(clear_seq)', clear_seq],
  ];
}

const size = (name: string, bytes: number): VmcoreinfoPair => [`SIZE(${name})`, String(bytes)];
const length = (name: string, count: number): VmcoreinfoPair => [`LENGTH(${name})`, String(count)];
const offset = (name: string, bytes: number): VmcoreinfoPair => [`OFFSET(${name})`, String(bytes)];

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
