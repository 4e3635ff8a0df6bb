import { describe, expect, test } from 'vitest';
import { physical } from '../../image/pfn.ts';
import { backupSegments, placeSegments, type SegmentWish } from '../../kernels/kexec/place-segments.ts';

const wish = (memorySizeBytes: number, changes: Partial<SegmentWish> = {}): SegmentWish => {
  return { purpose: 'kernel', bufferSizeBytes: 0, memorySizeBytes, lowestStart: physical(0), ...changes };
};
const span = (start: number, endExclusive: number) => {
  return { start: physical(start), endExclusive: physical(endExclusive) };
};
const startsOf = (wishes: readonly SegmentWish[], ...usable: readonly ReturnType<typeof span>[]) => {
  const placement = placeSegments(wishes, usable);
  return placement.type === 'segments.placed'
    ? placement.segments.map(({ memoryStart }) => memoryStart)
    : placement.memorySizeBytes;
};

describe('placing segments', () => {
  test('each goes as high as it fits, below those before it', () => {
    expect(startsOf([wish(0x1000), wish(0x2000), wish(0x1000)], span(0x1000, 0x9000))).toEqual([
      0x8000, 0x6000, 0x5000,
    ]);
  });

  test('what fits exactly fits', () => {
    expect(startsOf([wish(0x2000)], span(0x3000, 0x5000))).toEqual([0x3000]);
    expect(startsOf([wish(0x2001)], span(0x3000, 0x5000))).toBe(0x3000);
  });

  test('the highest range with room is taken, and alignment may leave a gap', () => {
    const aligned = wish(0x3000, { alignmentBytes: 0x10000 });
    expect(startsOf([aligned], span(0x1000, 0x25000), span(0x31000, 0x42000))).toEqual([0x20000]);
    expect(startsOf([aligned], span(0x1000, 0x25000), span(0x31000, 0x43000))).toEqual([0x40000]);
  });

  test('nothing is placed below its lowest start', () => {
    expect(startsOf([wish(0x1000, { lowestStart: physical(0x4000) })], span(0x1000, 0x4000))).toBe(0x1000);
  });

  test('from below, the lowest range with room is taken', () => {
    const low = wish(0x1000, { fromBelow: true, lowestStart: physical(0x1800) });
    expect(startsOf([low], span(0x1000, 0x4000), span(0x8000, 0x9000))).toEqual([0x2000]);
  });
});

describe('backup segments', () => {
  test('cover what the others leave, in whole pages', () => {
    const kernel = {
      purpose: 'kernel',
      bufferSizeBytes: 0,
      memoryStart: physical(0x4000),
      memorySizeBytes: 0x2000,
    } as const;
    expect(backupSegments([kernel], [span(0x1800, 0x9c00), span(0x10400, 0x10c00)])).toEqual([
      { purpose: 'backup', bufferSizeBytes: 0, memoryStart: 0x2000, memorySizeBytes: 0x2000 },
      { purpose: 'backup', bufferSizeBytes: 0, memoryStart: 0x6000, memorySizeBytes: 0x3000 },
    ]);
  });
});
