import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Pfn, pfn, physical } from '../../image/pfn.ts';
import {
  commandLineWithEntry,
  decodePurgatoryData,
  decodePurgatoryState,
  digestOf,
  digestRegions,
  encodePurgatoryData,
  encodePurgatoryState,
  type PurgatoryState,
  verify,
} from '../../kernels/kexec/purgatory.ts';
import type { KexecSegment } from '../../kernels/kexec/segments.ts';

const segment = (memoryStart: number, pages: number): KexecSegment => {
  return { bufferSizeBytes: 0, memoryStart: physical(memoryStart), memorySizeBytes: pages * 4096 };
};
const purgatoryStart = physical(0x8000);
const segments = [segment(0x1000, 2), segment(0x8000, 1), segment(0x6000, 1)];
const regions = digestRegions(segments, [purgatoryStart]);

const memoryWith = (changes: Readonly<Record<number, number>> = {}) => {
  const pages = new Map<Pfn, Uint8Array>();
  for (let frame = 0; frame < 16; frame += 1)
    pages.set(pfn(frame), new Uint8Array(4096).fill(changes[frame] ?? frame));
  return (frame: Pfn) => pages.get(frame);
};
const state = (changes: Partial<PurgatoryState> = {}) =>
  encodePurgatoryState({
    jumpBackEntry: '0000000000000000',
    isPanicKernel: false,
    hasSerialConsole: true,
    ...changes,
  });
const loaded = () => {
  const digest = digestOf(regions, memoryWith());
  if (digest === undefined) throw new Error('all regions are in memory');
  return encodePurgatoryData({ digest, regions });
};

describe('the checksum', () => {
  test('is SHA-256 over all segments but purgatory, in their order', () => {
    const hash = createHash('sha256');
    for (const frame of [1, 2, 6]) hash.update(new Uint8Array(4096).fill(frame));
    expect(Buffer.from(digestOf(regions, memoryWith()) ?? []).toString('hex')).toBe(hash.digest('hex'));
  });

  test('holds when nothing changed, and says so only with a console', () => {
    expect(verify(loaded(), state(), memoryWith())).toEqual({
      type: 'purgatory.matched',
      lines: ["I'm in purgatory"],
    });
    expect(verify(loaded(), state({ hasSerialConsole: false }), memoryWith()).lines).toEqual([]);
  });

  test('holds when only purgatory or what belongs to nobody changed', () => {
    expect(verify(loaded(), state(), memoryWith({ 8: 0xff, 3: 0xff })).type).toBe('purgatory.matched');
  });

  test('a changed page hangs the machine, with both digests as in log b3', () => {
    const { type, lines } = verify(loaded(), state(), memoryWith({ 2: 0xff }));
    expect(type).toBe('purgatory.mismatched');
    expect(lines.slice(0, 2)).toEqual(["I'm in purgatory", 'sha256 digests do not match :(']);
    expect(lines[2]).toMatch(/^ {7}digest: ([0-9a-f]{2} ){32}$/);
    expect(lines[3]).toMatch(/^sha256_digest: ([0-9a-f]{2} ){32}$/);
    expect(lines[2]?.slice(15)).not.toBe(lines[3]?.slice(15));
  });

  test('the same hang is silent without a console', () => {
    const silent = state({ hasSerialConsole: false });
    expect(verify(loaded(), silent, memoryWith({ 1: 0 }))).toEqual({
      type: 'purgatory.mismatched',
      lines: [],
    });
  });

  test('a list of regions that leads out of memory is no mismatch', () => {
    const digest = new Uint8Array(32);
    const far = encodePurgatoryData({ digest, regions: [{ start: physical(0xe000), sizeBytes: 2 ** 40 }] });
    expect(verify(far, state(), memoryWith()).type).toBe('purgatory.unreadable');
  });

  test('a region may start and end anywhere', () => {
    const hash = createHash('sha256').update(Uint8Array.of(1, 1, 2, 2, 2));
    const digest = digestOf([{ start: physical(0x1ffe), sizeBytes: 5 }], memoryWith());
    expect(Buffer.from(digest ?? []).toString('hex')).toBe(hash.digest('hex'));
  });
});

describe('the pages of purgatory', () => {
  test('have digest and regions where logs a1 and b3 have them', () => {
    const digest = new Uint8Array(32).fill(0xab);
    const bytes = encodePurgatoryData({
      digest,
      regions: [{ start: physical(0x5000000), sizeBytes: 0x1000 }],
    });
    expect(Buffer.from(bytes.subarray(0x20, 0x50)).toString('hex')).toBe(
      `${'ab'.repeat(32)}00000005000000000010000000000000`,
    );
  });

  test('decoding gives back what was encoded', () => {
    const region = fc.record({
      start: fc.nat(2 ** 52).map(physical),
      sizeBytes: fc.integer({ min: 1, max: 2 ** 40 }),
    });
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.array(region, { maxLength: 16 }),
        (digest, list) => {
          const data = { digest, regions: list };
          expect(decodePurgatoryData(encodePurgatoryData(data))).toEqual(data);
        },
      ),
    );
    const full = { jumpBackEntry: '00000000051000f2', isPanicKernel: true, hasSerialConsole: false };
    expect(decodePurgatoryState(encodePurgatoryState(full))).toEqual(full);
    expect(encodePurgatoryState(full)[0x08]).toBe(0xf2);
  });
});

describe('the jump-back entry', () => {
  test('is added to the command line as in log a1', () => {
    expect(commandLineWithEntry('elfcorehdr=82928K', '00000000051000f2')).toBe(
      'elfcorehdr=82928K kexec_jump_back_entry=0x00000000051000f2',
    );
  });

  test('0 on the stack adds nothing, as after a crash', () => {
    expect(commandLineWithEntry('irqpoll', '0000000000000000')).toBe('irqpoll');
  });
});
