import { describe, expect, it } from 'vitest';
import { filterMemory } from '../../image/filter/filter-memory.ts';
import { pageStory } from '../../image/filter/page-story.ts';
import { ImageError } from '../../image/image-error.ts';
import { kernelFacts } from '../../image/linux/kernel-facts.ts';
import { kernelMemory } from '../../image/linux/kernel-memory.ts';
import { knownMemory } from '../../image/linux/known-memory.ts';
import { logRecords } from '../../image/linux/log-records.ts';
import type { MemoryImage } from '../../image/memory-image.ts';
import { packHere } from '../../image/packer.ts';
import { pageSizeBytes, pfn, physical } from '../../image/pfn.ts';

/** All that filter and log ask for; the values fit a real kernel (linux.md C.3.4). */
const lines: Readonly<Record<string, string | number>> = {
  OSRELEASE: '6.12.0',
  'SYMBOL(init_uts_ns)': 'ffffffff81008000',
  'OFFSET(uts_namespace.name)': 0,
  'SYMBOL(_stext)': 'ffffffff81000000',
  'SYMBOL(mem_section)': 'ffffffff81006000',
  'LENGTH(mem_section)': 2048,
  'SIZE(mem_section)': 16,
  'OFFSET(mem_section.section_mem_map)': 0,
  'NUMBER(SECTION_SIZE_BITS)': 27,
  'SIZE(page)': 64,
  'OFFSET(page.flags)': 0,
  'OFFSET(page.mapping)': 24,
  'OFFSET(page._mapcount)': 48,
  'OFFSET(page.private)': 40,
  'OFFSET(page.compound_head)': 8,
  'NUMBER(PG_lru)': 5,
  'NUMBER(PG_head_mask)': 64,
  'NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)': -268435456,
  'SYMBOL(prb)': 'ffffffff81007000',
  'SIZE(printk_ringbuffer)': 88,
  'OFFSET(printk_ringbuffer.desc_ring)': 0,
  'OFFSET(printk_ringbuffer.text_data_ring)': 48,
  'OFFSET(prb_desc_ring.count_bits)': 0,
  'OFFSET(prb_desc_ring.descs)': 8,
  'OFFSET(prb_desc_ring.infos)': 16,
  'OFFSET(prb_desc_ring.head_id)': 24,
  'OFFSET(prb_desc_ring.tail_id)': 32,
  'SIZE(prb_desc)': 24,
  'OFFSET(prb_desc.state_var)': 0,
  'OFFSET(prb_desc.text_blk_lpos)': 8,
  'OFFSET(prb_data_blk_lpos.begin)': 0,
  'OFFSET(prb_data_blk_lpos.next)': 8,
  'SIZE(printk_info)': 88,
  'OFFSET(printk_info.ts_nsec)': 8,
  'OFFSET(printk_info.text_len)': 16,
  'OFFSET(prb_data_ring.size_bits)': 0,
  'OFFSET(prb_data_ring.data)': 8,
  'OFFSET(atomic_long_t.counter)': 0,
  'NUMBER(phys_base)': 0,
  'SYMBOL(init_top_pgt)': 'ffffffff81000000',
  'NUMBER(sme_mask)': 0,
};

/** Every page is the same: as page tables, sections, struct pages and rings they lead anywhere but out. */
const fills: readonly (readonly [name: string, word: bigint])[] = [
  ['zeros', 0n],
  ['tables that lead to themselves', 0x1000063n],
  ['large leaves', 0xe3n],
  ['ones', 0xffffffffffffffffn],
  ['kernel addresses', 0xffffffff81000063n],
];

const bad = [
  '-1',
  '0',
  '7',
  '63',
  '4095',
  '1099511627776',
  '-999999999999',
  'ffffffffffffffff',
  '0000000000000001',
  'x',
  '',
];

function memoryOf(word: bigint, changed: Readonly<Record<string, string>>): MemoryImage {
  const page = new Uint8Array(pageSizeBytes);
  for (let at = 0; at < page.length; at += 8) new DataView(page.buffer).setBigUint64(at, word, true);
  const text = Object.entries({ ...lines, ...changed }).map(([key, value]) => `${key}=${value}\n`);
  return {
    runs: () => [{ startPfn: pfn(0), count: 700, kind: 'stored' }],
    readPage: () => page,
    cpus: [],
    vmcoreinfo: text.join(''),
    machine: { reentry: { virtual: 'ffffffff81000000', physical: physical(0x1000000), cr3: physical(0) } },
  };
}

function onlyImageErrors(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
  }
}

describe('a kernel whose VMCOREINFO or memory is damaged', () => {
  it.each(fills)('ends in a typed error or in an answer, with memory full of %s', async (_name, word) => {
    for (const [key, value] of [
      ['OSRELEASE', '6.12.0'],
      ...Object.keys(lines).flatMap((name) => bad.map((text) => [name, text])),
    ]) {
      const memory = memoryOf(word, { [key ?? '']: value ?? '' });
      onlyImageErrors(() => filterMemory(memory, { level: 31 }));
      onlyImageErrors(() => {
        const kernel = kernelMemory(memory, kernelFacts(memory.vmcoreinfo ?? ''));
        onlyImageErrors(() => pageStory(kernel, 5));
        let records = 0;
        for (const _record of logRecords(kernel)) {
          records += 1;
          if (records > 1000) break;
        }
      });
    }
    expect((await knownMemory(memoryOf(word, {}), { packer: packHere })).memory.vmcoreinfo).toContain(
      'OSRELEASE',
    );
  });
});
