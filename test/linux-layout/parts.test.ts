/** The parts that A's structures are made of, each by itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageSizeBytes, pfn } from '../../image/pfn.ts';
import { firmwareMap, mapOfLinux, usableRanges } from '../../kernels/firmware-map.ts';
import type { FrameRange } from '../../kernels/linux/frame-range.ts';
import { plainAddresses, randomAddresses } from '../../kernels/linux/kernel-address.ts';
import { viewOf } from '../../kernels/linux/paged-bytes.ts';
import { freeBlocks } from '../../kernels/linux/structures/free-blocks.ts';
import { structuresOf, structureTables } from '../../kernels/linux/structures/index.ts';
import { kallsymsBytes } from '../../kernels/linux/structures/kallsyms.ts';
import {
  blockOfSection,
  framesPerBlock,
  framesPerSection,
  memoryMapLayout,
} from '../../kernels/linux/structures/memory-map-layout.ts';
import { countKinds } from '../../kernels/linux/structures/page-kinds.ts';
import { writeReservedPages } from '../../kernels/linux/structures/reserved-pages.ts';
import { type StructPage, writeStructPage } from '../../kernels/linux/structures/struct-page.ts';
import { Contents } from '../../kernels/memory/contents.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { tell, withoutStamp } from '../kit/story.ts';

const gibibyte = 2 ** 30;

const ramOf = (ramBytes: number): readonly FrameRange[] =>
  usableRanges(mapOfLinux(firmwareMap({ ramBytes })).map).map(({ start, endExclusive }) => {
    const first = Math.ceil(start / pageSizeBytes);
    return { start: pfn(first), count: Math.floor(endExclusive / pageSizeBytes) - first };
  });

describe('free blocks', () => {
  const bitmaps = fc.uint8Array({ minLength: 256, maxLength: 256 });
  const sparse = bitmaps.map((bytes) => bytes.map((byte) => (byte > 12 ? 0 : byte)));

  it('cover the free frames and no others, each as large as it can be', () => {
    fc.assert(
      fc.property(fc.oneof(bitmaps, sparse), (bitmap) => {
        const isFree = (bit: number): boolean => (((bitmap[bit >> 3] ?? 0xff) >> (bit & 7)) & 1) === 0;
        const covered = new Uint8Array(bitmap.length * 8);
        const blocks = freeBlocks(bitmap);
        for (const { start, order } of blocks) covered.fill(1, start, start + 2 ** order);
        for (const bit of covered.keys()) expect(covered[bit] === 1).toBe(isFree(bit));
        const known = new Map(blocks.map(({ start, order }) => [start, order]));
        // Of two buddies of one order that are both free, none would have been left by itself.
        for (const { start, order } of blocks.filter((block) => block.order < 10))
          expect(
            known.get(start % 2 ** (order + 1) === 0 ? start + 2 ** order : start - 2 ** order),
          ).not.toBe(order);
      }),
    );
  });

  it('are of order 10 where nothing is used', () => {
    const blocks = freeBlocks(new Uint8Array(pageSizeBytes));
    expect(blocks).toEqual(Array.from({ length: 32 }, (_, place) => ({ start: 1024 * place, order: 10 })));
  });
});

describe('the place of struct pages', () => {
  const sizes = [256 / 1024, 512 / 1024, 1, 3, 4, 8, 16, 64, 1024, 4096];

  it.each(sizes)('is RAM that nothing else has, in whole blocks (%d GiB)', (gibibytes) => {
    const ram = ramOf(gibibytes * gibibyte);
    const end = Math.max(...ram.map(({ start, count }) => start + count));
    const taken = [{ start: pfn(end - 64), count: 64 }];
    const { memoryMap, sections, runs } = memoryMapLayout(ram, taken, 16);
    for (const range of [memoryMap, sections]) {
      expect(
        ram.some(({ start, count }) => range.start >= start && range.start + range.count <= start + count),
      ).toBe(true);
      for (const other of [...taken, memoryMap, sections].filter((each) => each !== range))
        expect(range.start + range.count <= other.start || other.start + other.count <= range.start).toBe(
          true,
        );
    }
    expect([memoryMap.start % framesPerBlock, memoryMap.count % framesPerBlock]).toEqual([0, 0]);
    const sectionCount = runs.reduce((sum, { count }) => sum + count, 0);
    expect(sectionCount).toBeGreaterThanOrEqual(gibibytes * 8);
    // The first GiB, the ends of RAM, and one for each zone, whatever the size.
    expect(memoryMap.count / framesPerBlock).toBeLessThanOrEqual(gibibytes <= 8 ? 64 : 16);
    for (const { start, count } of ram) {
      const ends = [start, start + count - 1].map((frame) => Math.floor(frame / framesPerSection));
      for (const section of ends)
        expect(blockOfSection(runs, section)).toBeLessThan(memoryMap.count / framesPerBlock);
    }
  });

  it('is shared only by sections that are all RAM and nobody took, one for each zone', () => {
    const region = { start: pfn(16 * framesPerSection + 100), count: framesPerSection };
    const shared = memoryMapLayout(ramOf(64 * gibibyte), [region], 16).runs.filter(
      ({ isShared }) => isShared,
    );
    const [low, ...more] = [
      { first: 8, count: 8 },
      { first: 18, count: 5 },
    ];
    expect(shared.map(({ first, count }) => ({ first, count }))).toEqual([
      low,
      ...more,
      { first: 32, count: 484 },
    ]);
    expect(new Set(shared.map(({ block }) => block)).size).toBe(2);
    expect(memoryMapLayout(ramOf(8 * gibibyte), [], 16).runs.some(({ isShared }) => isShared)).toBe(false);
  });

  it('is nowhere for a section without memory', () => {
    expect(blockOfSection(memoryMapLayout(ramOf(gibibyte), [], 16).runs, 100)).toBeUndefined();
  });
});

describe('random addresses', () => {
  it('are borders as Linux has them, in order, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 5 * 1024 }), (seed, gibibytes) => {
        const map = randomAddresses(seed, gibibytes * gibibyte, 16 * 2 ** 20);
        expect(randomAddresses(seed, gibibytes * gibibyte, 16 * 2 ** 20)).toEqual(map);
        const bases = [map.directMap, map.vmalloc, map.vmemmap].map((base) => BigInt(`0x${base}`));
        expect(bases.every((base) => base % 2n ** 30n === 0n)).toBe(true);
        const [direct = 0n, vmalloc = 0n, vmemmap = 0n] = bases;
        expect(direct >= 0xffff888000000000n && direct + BigInt(gibibytes) * 2n ** 30n < vmalloc).toBe(true);
        expect(vmalloc + 32n * 2n ** 40n < vmemmap && vmemmap + 2n ** 40n <= 0xfffffe0000000000n).toBe(true);
        expect([map.kernelOffsetBytes % 2 ** 21, map.kernelOffsetBytes <= 2 ** 30 - 32 * 2 ** 20]).toEqual([
          0,
          true,
        ]);
      }),
    );
  });

  it('are those of a box with KASLR, and of no other', () => {
    expect(planOf({}).layout.addresses).toEqual(plainAddresses);
    const seeds = [1, 2, 3].map((seed) => planOf({ seed, kaslr: true }).layout.addresses);
    expect(new Set(seeds.map(({ vmemmap }) => vmemmap)).size).toBe(3);
  });
});

describe('what a kernel prints of itself', () => {
  const told = tell({ kaslr: true, kernelLayout: '6.1' }, 'panic@syscore.suspend').console.map(withoutStamp);

  it('is the release of its structures', () => {
    expect(told.filter((line) => line.startsWith('Linux version '))[0]).toContain(' 6.1.0-box ');
    expect(told.find((line) => line.startsWith('CPU: '))).toContain(' 6.1.0-box #1');
  });

  it('is how far KASLR moved it, when it panics without a crash kernel', () => {
    expect(told.filter((line) => line.startsWith('Kernel Offset'))).toEqual([
      `Kernel Offset: 0x${planOf({ kaslr: true }).layout.addresses.kernelOffsetBytes.toString(16)} from 0xffffffff81000000 (relocation range: 0xffffffff80000000-0xffffffffbfffffff)`,
    ]);
  });
});

describe.each(structureTables.map((table) => [table.version, table] as const))(
  'struct pages of %s',
  (version, table) => {
    const { page, flags } = table;
    const inUse = (fields: Partial<StructPage>): StructPage => ({
      zone: 0,
      lru: { next: 0n, prev: 0n },
      referenceCount: 1,
      ...fields,
    });

    /** Of a plan with one memory map, whose first struct pages are these and whose others are reserved. */
    function kindsOf(first: (bytes: Uint8Array) => void, count: number) {
      const contents = new Contents();
      const plan = planOf({ kernelLayout: version });
      const bytes = new Uint8Array(pageSizeBytes);
      writeReservedPages(
        { rule: 'reserved pages', kernelLayout: version, vmemmap: plainAddresses.vmemmap, zone: 0, index: 0 },
        bytes,
      );
      const others = contents.intern(bytes);
      first(bytes);
      const content = contents.intern(bytes);
      const start = plan.layout.original.memoryMap.start;
      const memory = { read: (frame: number) => (frame === start ? content : others) };
      const range = { start: pfn(0), count };
      return countKinds({ plan, contents, memory }, [range], [range]);
    }

    it('are told by the first test of makedumpfile that holds', () => {
      const pages: readonly StructPage[] = [
        inUse({}),
        inUse({ flags: ['lru', 'uptodate'] }),
        inUse({ flags: ['swapbacked', 'swapcache'] }),
        inUse({ flags: ['swapcache'] }),
        inUse({ flags: ['lru', 'private'] }),
        inUse({ flags: ['lru', 'swapbacked'], mapping: 0xffff888000000001n }),
        inUse({ flags: ['hwpoison'] }),
        inUse({ flags: ['hwpoison', 'lru'] }),
        inUse({ type: 'offline' }),
        inUse({ type: 'table' }),
        inUse({ flags: ['reserved'] }),
      ];
      const counts = kindsOf((bytes) => {
        for (const [place, each] of pages.entries())
          writeStructPage(table, viewOf(bytes), place * page.sizeBytes, each);
      }, pages.length);
      expect(counts).toEqual({
        kept: 4,
        free: 0,
        cache: 3,
        cachePrivate: 1,
        user: 1,
        hugetlb: 0,
        hwpoison: 1,
        offline: 1,
        zero: 11,
        zeroKept: 4,
      });
    });

    it('of a free block count as many frames as its order says', () => {
      const counts = kindsOf(
        (bytes) => writeStructPage(table, viewOf(bytes), 0, inUse({ type: 'buddy', private: 5n })),
        40,
      );
      expect([counts.free, counts.kept, counts.zeroKept]).toEqual([32, 8, 8]);
    });

    it('of a huge page are one kind, head and tails; tails of anything else are kept', () => {
      const { hugetlb } = table;
      const counts = kindsOf((bytes) => {
        const view = new DataView(bytes.buffer);
        const compound = (head: number, count: number): void => {
          writeStructPage(table, view, head * page.sizeBytes, inUse({ flags: ['head'] }));
          for (let tail = head + 1; tail < head + count; tail += 1) {
            writeStructPage(
              table,
              view,
              tail * page.sizeBytes,
              inUse({ lru: { next: 0xffffea0000000001n, prev: 0n } }),
            );
          }
        };
        compound(0, 16);
        compound(16, 4);
        if (hugetlb.by === 'type') view.setUint32(page.mapcount, hugetlb.type, true);
        else view.setUint8(page.sizeBytes + hugetlb.offset, hugetlb.number);
      }, 20);
      expect([counts.hugetlb, counts.kept]).toEqual([16, 4]);
      expect(flags.head).toBe(version === '6.1' ? 16 : 6);
    });
  },
);

describe('a kernel layout', () => {
  it('that nobody registered is refused by name', () => {
    try {
      planOf({ kernelLayout: '2.6' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(OptionError);
      expect(error).toMatchObject({
        code: 'option.unknown',
        message: '--kernel-layout: expected one of 6.12, 6.1, found 2.6.',
      });
    }
    expect(() => structuresOf({ kernelLayout: '2.6' })).toThrow('2.6 is no registered kernel layout');
  });

  it('has symbols above the beginning of the kernel only', () => {
    expect(() => kallsymsBytes([{ name: 'low', address: 1n }], 2n)).toThrow('low lies below the kernel');
  });
});
