import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Pfn, pfn, physical } from '../../image/pfn.ts';
import { firmwareMap, mapOfLinux, usableRanges } from '../../kernels/firmware-map.ts';
import { type IdentityNeeds, identityMappings, identityRanges } from '../../kernels/kexec/identity-map.ts';
import { writeFrameWord, writeWord } from '../../kernels/kexec/word.ts';
import {
  buildPageTables,
  type LeafLevel,
  leafSizeBytes,
  type Mapping,
  pageTableFrameCount,
  translate,
} from '../../kernels/linux/page-tables.ts';

const mebibyte = 2 ** 20;

const built = (mappings: readonly Mapping[]) => {
  let next = 0x700000;
  const tables = buildPageTables(mappings, () => pfn(next++));
  if (tables.type !== 'page-tables.built') throw new Error('no frames');
  const pages = new Map(tables.pages.map(({ frame, bytes }) => [frame, bytes]));
  return { ...tables, pages, readPage: (frame: Pfn) => pages.get(frame) };
};
const lookUp = (tables: ReturnType<typeof built>, address: bigint | number) =>
  translate(tables.root, BigInt(address), tables.readPage);
const mapping = (
  virtualAddress: bigint,
  physicalAddress: number,
  leafLevel: LeafLevel,
  count = 1,
): Mapping => {
  return {
    virtualAddress,
    physicalAddress: physical(physicalAddress),
    sizeBytes: count * leafSizeBytes[leafLevel],
    leafLevel,
  };
};

describe('page tables', () => {
  test('a 2 MiB leaf has the bits that Linux writes', () => {
    const { root, pages, pages: all } = built([mapping(0n, 0, 2, 2)]);
    const entryOf = (frame: Pfn, index: number) =>
      Buffer.from(all.get(frame) ?? new Uint8Array(4096)).readBigUInt64LE(index * 8);
    const [first, second, third] = [...pages.keys()];
    expect(first).toBe(root);
    expect(entryOf(root, 0)).toBe(BigInt((second ?? 0) * 4096) | 0x63n);
    expect(entryOf(second ?? pfn(0), 0)).toBe(BigInt((third ?? 0) * 4096) | 0x63n);
    expect([0, 1, 2].map((index) => entryOf(third ?? pfn(0), index))).toEqual([0x1e3n, 0x2001e3n, 0n]);
  });

  test('kernel text, direct map and a task each find their frame', () => {
    const tables = built([
      mapping(0xffffffff81000000n, 0x1000000, 2, 6),
      mapping(0xffff888000000000n, 0, 3, 1),
      { ...mapping(0x400000n, 0x123000, 1, 3), isUser: true },
    ]);
    expect(lookUp(tables, 0xffffffff813d2123n)).toEqual({
      type: 'page-tables.mapped',
      physical: 0x13d2123,
      level: 2,
    });
    expect(lookUp(tables, 0xffff88800ffdcfffn)).toMatchObject({ physical: 0xffdcfff, level: 3 });
    expect(lookUp(tables, 0x402010)).toMatchObject({ physical: 0x125010, level: 1 });
    expect(lookUp(tables, 0x403000)).toMatchObject({
      type: 'page-tables.fault',
      reason: 'not-present',
      level: 1,
    });
  });

  test('translating what was built gives what was mapped, and nothing else is mapped', () => {
    const leaf = fc.constantFrom<LeafLevel>(1, 2, 3);
    // One mapping in each slot of 8 GiB, so that none overlaps; slots in both halves of the address space.
    const slots = fc.uniqueArray(
      fc.record({ slot: fc.nat(2 ** 14 - 1), leaf, count: fc.integer({ min: 1, max: 7 }), to: fc.nat(1000) }),
      {
        selector: ({ slot }) => slot,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(slots, fc.nat(), (list, inside) => {
        const mappings = list.map(({ slot, leaf: level, count, to }) => {
          const low = BigInt(slot) * 2n ** 33n;
          const address = low < 2n ** 46n ? low : low + 2n ** 64n - 2n ** 47n;
          return mapping(address, to * leafSizeBytes[level], level, count);
        });
        const tables = built(mappings);
        for (const { virtualAddress, physicalAddress, sizeBytes, leafLevel } of mappings) {
          const offset = inside % sizeBytes;
          expect(lookUp(tables, virtualAddress + BigInt(offset))).toEqual({
            type: 'page-tables.mapped',
            physical: physicalAddress + offset,
            level: leafLevel,
          });
          expect(lookUp(tables, virtualAddress + BigInt(sizeBytes))).toMatchObject({ reason: 'not-present' });
        }
        expect(tables.pages.size).toBe(pageTableFrameCount(mappings));
      }),
    );
  });

  test('mapping the same again adds nothing', () => {
    const once = [mapping(0n, 0, 2, 4)];
    expect(pageTableFrameCount([...once, ...once])).toBe(3);
  });

  test('a terabyte of 2 MiB leaves takes 1,024 tables, their 2 parents and the root', () => {
    expect(pageTableFrameCount([mapping(0n, 0, 2, 2 ** 19)])).toBe(1024 + 2 + 1);
  });

  test('without frames there are no tables, and those taken are named', () => {
    const frames = [pfn(5), pfn(6)];
    expect(buildPageTables([mapping(0n, 0, 2)], () => frames.shift())).toEqual({
      type: 'page-tables.failed',
      errno: 'ENOMEM',
      frames: [5, 6],
    });
    expect(buildPageTables([], () => undefined)).toMatchObject({ type: 'page-tables.failed', frames: [] });
  });
});

describe('reading tables that nobody built', () => {
  test('an address that is not canonical is a fault', () => {
    const tables = built([]);
    for (const address of [2n ** 47n, 2n ** 63n, 2n ** 64n - 2n ** 47n - 1n, 0x44454e4f53494f50n]) {
      expect(lookUp(tables, address)).toMatchObject({ reason: 'not-canonical' });
    }
    expect(lookUp(tables, 2n ** 64n - 2n ** 47n)).toMatchObject({ reason: 'not-present', level: 4 });
  });

  test('a table where no memory is, is a fault', () => {
    expect(translate(pfn(7), 0n, () => undefined)).toMatchObject({ reason: 'table-missing', level: 4 });
  });

  test('a leaf at level 4 and a large leaf that is not aligned are faults: reserved bits', () => {
    const tables = built([mapping(0n, 0, 2)]);
    const root = tables.pages.get(tables.root) ?? new Uint8Array(0);
    const [, , third] = [...tables.pages.values()];
    writeFrameWord(third ?? root, 0, { frame: pfn(0x202), lowBits: 0x1e3 });
    expect(lookUp(tables, 0)).toMatchObject({ reason: 'reserved-bits', level: 2 });
    writeFrameWord(root, 0, { frame: pfn(0), lowBits: 0x81 });
    expect(lookUp(tables, 0)).toMatchObject({ reason: 'reserved-bits', level: 4 });
  });

  test('the bits above the address (no execute, protection keys) and PAT of a large leaf are passed over', () => {
    const tables = built([mapping(0n, 0x400000, 2)]);
    const [, , third] = [...tables.pages.values()];
    writeWord(third ?? new Uint8Array(8), 0, '80000000004011e3');
    expect(lookUp(tables, 0x123456)).toMatchObject({ physical: 0x523456, level: 2 });
  });

  test('any bytes end in an address or a fault', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4096, maxLength: 4096 }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (bytes, address) => {
          expect(['page-tables.mapped', 'page-tables.fault']).toContain(
            translate(pfn(0), address, () => bytes).type,
          );
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the identity map of B', () => {
  /** B of logs a0c and a1: 256 MiB machine, B kept to memMax, jump back with one empty segment at 0x1000. */
  const needsOfB = (memMax: number): IdentityNeeds => {
    const { map } = mapOfLinux(firmwareMap({ ramBytes: 256 * mebibyte }));
    const mappedRam = usableRanges(map)
      .filter(({ start }) => start <= memMax)
      .map(({ start, endExclusive }) => ({
        start,
        endExclusive: physical(Math.min(endExclusive, memMax + 1)),
      }));
    return {
      mappedRam,
      segments: [{ bufferSizeBytes: 0, memoryStart: physical(0x1000), memorySizeBytes: 0 }],
      firmwareTables: [{ start: physical(0xffe0000), endExclusive: physical(0xffe1ad8) }],
      controlFrame: pfn(0x3000),
    };
  };
  const entryBehind = (memMax: number) => memMax + 1 + 0xf2;
  const jump = (needs: IdentityNeeds, memMax: number) =>
    lookUp(built(identityMappings(needs)), entryBehind(memMax));

  test("reaches A's control page when mem-max is 0x50fffff [log a1]", () => {
    expect(jump(needsOfB(0x50fffff), 0x50fffff)).toEqual({
      type: 'page-tables.mapped',
      physical: 0x51000f2,
      level: 2,
    });
  });

  test("does not reach A's control page when mem-max is 0x4ffffff: the triple fault of log a0c", () => {
    expect(jump(needsOfB(0x4ffffff), 0x4ffffff)).toMatchObject({
      type: 'page-tables.fault',
      reason: 'not-present',
    });
  });

  test('1 GiB leaves change nothing of that', () => {
    const gigabyte = { ...needsOfB(0x4ffffff), hasGigabyteLeaves: true };
    expect(jump(gigabyte, 0x4ffffff)).toMatchObject({ type: 'page-tables.fault' });
  });

  test('one real page in the same step of 2 MiB makes the way back', () => {
    const segments = [{ bufferSizeBytes: 4096, memoryStart: physical(0x5001000), memorySizeBytes: 4096 }];
    expect(jump({ ...needsOfB(0x4ffffff), segments }, 0x4ffffff)).toMatchObject({ physical: 0x50000f2 });
  });

  test('has whole steps of 2 MiB, merged, with its own control page and the firmware tables', () => {
    expect(identityRanges({ ...needsOfB(0x4ffffff), controlFrame: pfn(0x8001) })).toEqual([
      { start: 0, endExclusive: 0x5000000 },
      { start: 0x8000000, endExclusive: 0x8200000 },
      { start: 0xfe00000, endExclusive: 0x10000000 },
    ]);
  });

  test('an empty segment adds no step, wherever it stands', () => {
    const empty = { bufferSizeBytes: 0, memoryStart: physical(0x5001000), memorySizeBytes: 0 };
    expect(jump({ ...needsOfB(0x4ffffff), segments: [empty] }, 0x4ffffff).type).toBe('page-tables.fault');
  });

  test('takes 1 GiB leaves for what covers them wholly', () => {
    const needs: IdentityNeeds = {
      mappedRam: [{ start: physical(0x3fe00000), endExclusive: physical(0xc0200000) }],
      segments: [],
      firmwareTables: [],
      controlFrame: pfn(0x40000),
      hasGigabyteLeaves: true,
    };
    expect(identityMappings(needs).map(({ leafLevel, sizeBytes }) => [leafLevel, sizeBytes])).toEqual([
      [2, 0x200000],
      [3, 0x80000000],
      [2, 0x200000],
    ]);
  });
});
