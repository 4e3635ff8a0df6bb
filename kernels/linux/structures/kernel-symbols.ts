/**
 * Where the variables of A's kernel stand that tools start from: in pages of its data, behind the one that holds the saved registers.
 *
 *   data + 16 pages   init_uts_ns · node_online_map · mem_map · vmap_area_list · linux_banner
 *   data + 17         contig_page_data: the one node, and its zones, a little longer than a page
 *   data + 19         kallsyms: the table of these names itself, two pages
 *   data + 21         init_task: the idle task, where the list of all tasks begins
 *
 * The places are ours; those of a real kernel follow from its compiler and linker.
 */
import { type Pfn, pfn } from '../../../image/pfn.ts';
import type { Plan } from '../../plan.ts';
import { imageAddress } from '../kernel-address.ts';

/** Pages of `data` from its beginning, and bytes in them. */
export const kernelSymbols = {
  init_uts_ns: { page: 16, offset: 0 },
  node_online_map: { page: 16, offset: 0x400 },
  mem_map: { page: 16, offset: 0x440 },
  vmap_area_list: { page: 16, offset: 0x480 },
  linux_banner: { page: 16, offset: 0x800 },
  contig_page_data: { page: 17, offset: 0 },
  kallsyms_num_syms: { page: 19, offset: 0 },
  kallsyms_relative_base: { page: 19, offset: 8 },
  kallsyms_offsets: { page: 19, offset: 16 },
  kallsyms_token_index: { page: 19, offset: 0x400 },
  kallsyms_token_table: { page: 19, offset: 0x600 },
  kallsyms_names: { page: 20, offset: 0 },
  init_task: { page: 21, offset: 0 },
} as const;
export type KernelSymbol = keyof typeof kernelSymbols;

type PlanOfKernel = Pick<Plan, 'layout'>;

export const kernelSymbolFrame = ({ layout }: PlanOfKernel, symbol: KernelSymbol): Pfn =>
  pfn(layout.original.data.start + kernelSymbols[symbol].page);

export const kernelSymbolAddress = (plan: PlanOfKernel, symbol: KernelSymbol): bigint =>
  imageAddress(plan.layout, 'original', kernelSymbolFrame(plan, symbol)) +
  BigInt(kernelSymbols[symbol].offset);
