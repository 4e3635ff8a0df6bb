/**
 * Parts of VMCOREINFO that are the same in 6.1 and 6.12, as lists of keys in the kernel's order (linux.md C.3.4; log b2).
 * Sources: Linux 6.12 kernel/printk/printk.c:log_buf_vmcoreinfo_setup, kernel/vmcore_info.c, arch/x86/kernel/vmcore_info_64.c.
 */

/** Where structures of memory stand, from the shape of pages to the free areas. */
export const structureSizeKeys = [
  'SIZE(page)',
  'SIZE(pglist_data)',
  'SIZE(zone)',
  'SIZE(free_area)',
  'SIZE(list_head)',
  'SIZE(nodemask_t)',
] as const;

export const sectionKeys = [
  'SYMBOL(mem_section)',
  'LENGTH(mem_section)',
  'SIZE(mem_section)',
  'OFFSET(mem_section.section_mem_map)',
  'NUMBER(SECTION_SIZE_BITS)',
  'NUMBER(MAX_PHYSMEM_BITS)',
] as const;

export const nodeKeys = [
  'OFFSET(pglist_data.node_zones)',
  'OFFSET(pglist_data.nr_zones)',
  'OFFSET(pglist_data.node_start_pfn)',
  'OFFSET(pglist_data.node_spanned_pages)',
  'OFFSET(pglist_data.node_id)',
  'OFFSET(zone.free_area)',
  'OFFSET(zone.vm_stat)',
  'OFFSET(zone.spanned_pages)',
  'OFFSET(free_area.free_list)',
  'OFFSET(list_head.next)',
  'OFFSET(list_head.prev)',
] as const;

export const printkKeys = [
  'SYMBOL(prb)',
  'SYMBOL(printk_rb_static)',
  'SYMBOL(clear_seq)',
  'SIZE(printk_ringbuffer)',
  'OFFSET(printk_ringbuffer.desc_ring)',
  'OFFSET(printk_ringbuffer.text_data_ring)',
  'OFFSET(printk_ringbuffer.fail)',
  'SIZE(prb_desc_ring)',
  'OFFSET(prb_desc_ring.count_bits)',
  'OFFSET(prb_desc_ring.descs)',
  'OFFSET(prb_desc_ring.infos)',
  'OFFSET(prb_desc_ring.head_id)',
  'OFFSET(prb_desc_ring.tail_id)',
  'SIZE(prb_desc)',
  'OFFSET(prb_desc.state_var)',
  'OFFSET(prb_desc.text_blk_lpos)',
  'SIZE(prb_data_blk_lpos)',
  'OFFSET(prb_data_blk_lpos.begin)',
  'OFFSET(prb_data_blk_lpos.next)',
  'SIZE(printk_info)',
  'OFFSET(printk_info.seq)',
  'OFFSET(printk_info.ts_nsec)',
  'OFFSET(printk_info.text_len)',
  'OFFSET(printk_info.caller_id)',
  'OFFSET(printk_info.dev_info)',
  'SIZE(dev_printk_info)',
  'OFFSET(dev_printk_info.subsystem)',
  'LENGTH(printk_info_subsystem)',
  'OFFSET(dev_printk_info.device)',
  'LENGTH(printk_info_device)',
  'SIZE(prb_data_ring)',
  'OFFSET(prb_data_ring.size_bits)',
  'OFFSET(prb_data_ring.data)',
  'OFFSET(prb_data_ring.head_lpos)',
  'OFFSET(prb_data_ring.tail_lpos)',
  'SIZE(atomic_long_t)',
  'OFFSET(atomic_long_t.counter)',
  'SIZE(latched_seq)',
  'OFFSET(latched_seq.val)',
] as const;

export const pageFlagKeys = [
  'LENGTH(free_area.free_list)',
  'NUMBER(NR_FREE_PAGES)',
  'NUMBER(PG_lru)',
  'NUMBER(PG_private)',
  'NUMBER(PG_swapcache)',
  'NUMBER(PG_swapbacked)',
] as const;

export const kallsymsKeys = [
  'SYMBOL(kallsyms_names)',
  'SYMBOL(kallsyms_num_syms)',
  'SYMBOL(kallsyms_token_table)',
  'SYMBOL(kallsyms_token_index)',
  'SYMBOL(kallsyms_offsets)',
  'SYMBOL(kallsyms_relative_base)',
] as const;

export const architectureKeys = [
  'NUMBER(phys_base)',
  'SYMBOL(init_top_pgt)',
  'NUMBER(pgtable_l5_enabled)',
  'KERNELOFFSET',
  'NUMBER(KERNEL_IMAGE_SIZE)',
  'NUMBER(sme_mask)',
] as const;
