import { afterAll, describe, expect, it } from 'vitest';
import { filterMemory, pagesByKind } from '../../image/filter/filter-memory.ts';
import { FrameReasons } from '../../image/filter/frame-reasons.ts';
import { pageLayout } from '../../image/filter/page-layout.ts';
import { correctedRules, makedumpfile172Rules, pageTest } from '../../image/filter/page-reason.ts';
import { vmcoreElf } from '../../image/formats/elf/index.ts';
import { kdumpCompressed } from '../../image/formats/kdump-compressed/index.ts';
import { kernelFacts } from '../../image/linux/kernel-facts.ts';
import { memoryFile } from '../../image/memory-file.ts';
import { type MemoryImage, type MemoryRun, noUts } from '../../image/memory-image.ts';
import { packHere } from '../../image/packer.ts';
import { framesOf } from '../../image/page-batches.ts';
import { pfn } from '../../image/pfn.ts';
import { recordedImages } from './recorded-image.ts';
import { sampleDump } from './sample-dump.ts';

const recorded = recordedImages();
afterAll(recorded.close);

/** Keys of Linux 6.12 that tests of pages go by (linux.md C.3.4); 6.1 has fields for compound pages and a flag for slabs. */
const keys612 = {
  'SIZE(page)': 64,
  'OFFSET(page.flags)': 0,
  'OFFSET(page.compound_head)': 8,
  'OFFSET(page.mapping)': 24,
  'OFFSET(page.private)': 40,
  'OFFSET(page._mapcount)': 48,
  'NUMBER(PG_lru)': 5,
  'NUMBER(PG_private)': 14,
  'NUMBER(PG_swapcache)': 10,
  'NUMBER(PG_swapbacked)': 17,
  'NUMBER(PG_hwpoison)': 20,
  'NUMBER(PG_head_mask)': 64,
  'NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)': -268435456,
  'NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)': -251658240,
  'NUMBER(PAGE_HUGETLB_MAPCOUNT_VALUE)': -201326592,
  'NUMBER(PAGE_SLAB_MAPCOUNT_VALUE)': -184549376,
};
const layout = pageLayout(
  kernelFacts(
    Object.entries(keys612)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
  ),
);

type Fields = {
  flags?: number;
  head?: number;
  mapping?: number;
  private?: number;
  mapcount?: number;
  next?: number;
};

const bit = (index: number): number => 2 ** index;
const [lru, swapCache, privateBit, swapBacked, hwpoison, head] = [
  bit(5),
  bit(10),
  bit(14),
  bit(17),
  bit(20),
  bit(6),
];
const noType = 0xffffffff;

/** Two entries: the one that is tested, and the flags of the one behind it. */
function entry({
  flags = 0,
  head: headWord = 0,
  mapping = 0,
  private: order = 0,
  mapcount = noType,
  next = 0,
}: Fields): DataView {
  const view = new DataView(new ArrayBuffer(128));
  view.setUint32(0, flags, true);
  view.setUint32(8, headWord, true);
  view.setUint32(24, mapping, true);
  view.setUint32(40, order, true);
  view.setUint32(48, mapcount, true);
  view.setUint32(64, next, true);
  return view;
}

const verdict = (fields: Fields, level = 31, rules = correctedRules) =>
  pageTest(layout, level, rules)(entry(fields), 0, 512);

describe('the reason for a page', () => {
  it.each<[string, Fields, string | undefined, number]>([
    ['a page of the kernel', {}, undefined, 1],
    ['a free page', { mapcount: 0xf0000000 }, 'free', 1],
    ['a free block of order 3', { mapcount: 0xf0000000, private: 3 }, 'free', 8],
    ['a free page that once was cache', { mapcount: 0xf0000000, flags: lru }, 'free', 1],
    ['page cache', { flags: lru }, 'cache', 1],
    ['page cache with buffers', { flags: lru + privateBit }, 'cachePrivate', 1],
    ['swap cache', { flags: swapCache + swapBacked }, 'cache', 1],
    ['a bit of the owner that is no swap cache', { flags: swapCache }, undefined, 1],
    ['memory of a process', { flags: lru + swapBacked, mapping: 0x1001 }, 'user', 1],
    ['a huge page of a process', { flags: lru + head, mapping: 0x1001, next: 9 }, 'user', 512],
    ['a page of hugetlbfs', { flags: head, mapcount: 0xf4000000, next: 9 }, 'user', 512],
    ['a tail page', { head: 0x1001, flags: lru }, undefined, 1],
    ['broken memory', { flags: hwpoison }, 'hwpoison', 1],
    ['broken memory of a process', { flags: hwpoison + lru, mapping: 1 }, 'user', 1],
    ['offline memory', { mapcount: 0xf1000000 }, 'offline', 1],
    ['a slab whose list looks like a mapping', { mapcount: 0xf5000003, mapping: 0x1001 }, undefined, 1],
  ])('of %s', (_name, fields, reason, pageCount) => {
    expect(verdict(fields)?.reason).toBe(reason);
    if (reason !== undefined) expect(verdict(fields)?.pageCount).toBe(pageCount);
  });

  it('depends on the bits of the level', () => {
    const shown = (level: number) => [
      verdict({ flags: lru }, level)?.reason,
      verdict({ flags: lru + privateBit }, level)?.reason,
      verdict({ mapping: 1 }, level)?.reason,
      verdict({ mapcount: 0xf0000000 }, level)?.reason,
      verdict({ flags: hwpoison }, level)?.reason,
    ];
    expect(shown(0)).toEqual([undefined, undefined, undefined, undefined, 'hwpoison']);
    expect(shown(2)).toEqual(['cache', undefined, undefined, undefined, 'hwpoison']);
    expect(shown(4)).toEqual(['cache', 'cachePrivate', undefined, undefined, 'hwpoison']);
    expect(shown(8)).toEqual([undefined, undefined, 'user', undefined, 'hwpoison']);
    expect(shown(16)).toEqual([undefined, undefined, undefined, 'free', 'hwpoison']);
  });

  it('is as makedumpfile 1.7.2 has it on request: heads of huge pages alone, slabs as pages', () => {
    const asThere = (fields: Fields) => verdict(fields, 31, makedumpfile172Rules);
    expect(asThere({ flags: lru + head, mapping: 0x1001, next: 9 })).toEqual({
      reason: 'user',
      pageCount: 1,
    });
    expect(asThere({ flags: head, mapcount: 0xf4000000, next: 9 })).toBeUndefined();
    expect(asThere({ mapcount: 0xf5000003, mapping: 0x1001 })?.reason).toBe('user');
  });

  it('is decided by the fields for compound pages that kernels before 6.6 have', () => {
    const old = pageLayout(
      kernelFacts(
        [
          ...Object.entries(keys612).filter(([key]) => !/HUGETLB|SLAB/.test(key)),
          ['NUMBER(PG_slab)', 9],
          ['OFFSET(page.compound_dtor)', 16],
          ['OFFSET(page.compound_order)', 17],
          ['NUMBER(HUGETLB_PAGE_DTOR)', 2],
        ]
          .map(([key, value]) => `${key}=${value}`)
          .join('\n'),
      ),
    );
    const view = entry({ flags: head });
    view.setUint8(64 + 16, 2);
    view.setUint8(64 + 17, 9);
    for (const rules of [correctedRules, makedumpfile172Rules])
      expect(pageTest(old, 8, rules)(view, 0, 512)).toEqual({ reason: 'user', pageCount: 512 });
    expect(pageTest(old, 8, correctedRules)(entry({ flags: bit(9), mapping: 1 }), 0, 512)).toBeUndefined();
  });
});

describe('reasons of frames', () => {
  it('stay the first, and cut runs where they begin and end', () => {
    const reasons = new FrameReasons();
    expect(reasons.set(32_767, 'free')).toBe(true);
    expect(reasons.set(32_768, 'free')).toBe(true);
    expect(reasons.set(32_768, 'cache')).toBe(false);
    const run: MemoryRun = { startPfn: pfn(32_760), count: 20, kind: 'stored' };
    expect([...reasons.applied(run)]).toEqual([
      { startPfn: 32_760, count: 7, kind: 'stored' },
      { startPfn: 32_767, count: 2, kind: 'free' },
      { startPfn: 32_769, count: 11, kind: 'stored' },
    ]);
  });
});

describe('a filtered memory', () => {
  const memory = vmcoreElf.read(sampleDump()).memory;

  it('needs no struct pages at levels 0 and 1, and says what is missing above', () => {
    expect(filterMemory(memory, { level: 1 }).counts).toEqual(pagesByKind(memory.runs()));
    expect(() => filterMemory(memory, { level: 16 })).toThrow('VMCOREINFO does not say');
  });

  it('of the recorded dump has the pages that makedumpfile kept, with their bytes, by our writer and reader', async (context) => {
    const whole = vmcoreElf.read(recorded.open(context, 'b2-vmcore.elf')).memory;
    const theirs = kdumpCompressed.read(recorded.open(context, 'b2-d31-zlib.kdump')).memory;
    const stored = ({ kind }: MemoryRun): boolean => kind === 'stored';
    const kept = [...framesOf([...theirs.runs()].filter(stored))];
    for (const rules of [correctedRules, makedumpfile172Rules]) {
      const { memory: filtered, counts, undecided } = filterMemory(whole, { level: 31, rules });
      expect(counts).toEqual({ stored: 13_418, partial: 1, free: 13_540, cache: 2056, user: 546 });
      expect(undecided).toBe(0);
      expect([...framesOf([...filtered.runs()].filter(stored))]).toEqual(kept);
    }
    const ours = await writtenAndRead(filterMemory(whole, { level: 31 }).memory);
    let different = 0;
    for (const frame of kept) {
      if (Buffer.compare(ours.readPage(frame), theirs.readPage(frame)) !== 0) different += 1;
    }
    expect(different).toBe(0);
    expect(ours.machine).toEqual({ ...theirs.machine, uts: noUts });
    expect(ours.notes).toEqual(theirs.notes);
  });
});

async function writtenAndRead(memory: MemoryImage): Promise<MemoryImage> {
  const file = memoryFile();
  await kdumpCompressed.write?.(memory, file, { codec: 'zlib', packer: packHere });
  return kdumpCompressed.read(file).memory;
}
