import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../image/bytes.ts';
import { crc32 } from '../../image/codecs/crc32.ts';
import { readVmcore } from '../../image/formats/elf/vmcore.ts';
import { vmcoreRuns } from '../../image/formats/elf/write-vmcore.ts';
import { addRun, type BlockRun } from '../../image/formats/saved-partition/block-map.ts';
import { checksumOf } from '../../image/formats/saved-partition/checksum.ts';
import {
  type Commit,
  decodeCommit,
  encodeCommit,
  inspectCommit,
} from '../../image/formats/saved-partition/commit.ts';
import { openSaved, verifySaved } from '../../image/formats/saved-partition/open-saved.ts';
import { consumeSteps, type SaveStep, saveSteps } from '../../image/formats/saved-partition/save-steps.ts';
import { ImageError } from '../../image/image-error.ts';
import { type MemoryFile, memoryFile } from '../../image/memory-file.ts';
import { physical } from '../../image/pfn.ts';
import { type Run, readBounded, sourceOf } from '../../image/sink.ts';
import { pageFilledWith, pagesOf, sampleLayout, samplePages, samplePlan } from './sample-dump.ts';

const bytesText = (text: string): Uint8Array => new TextEncoder().encode(text);
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const commit: Commit = {
  kind: 'jump',
  state: 'committed',
  generation: 3,
  lengthBytes: 0x1fa4000,
  blockCount: 6,
  runCount: 4,
  checksum: 0xdeadbeef,
  jumpBackEntry: physical(0x51000f2),
  machineUuid: '00112233445566778899aabbccddeeff',
  rootChecksum: 0x1234,
};

const facts = {
  kind: 'jump',
  jumpBackEntry: physical(0x51000f2),
  machineUuid: '00112233445566778899aabbccddeeff',
  rootChecksum: 0x1234,
} as const;

/** Steps that save `runs` as the given generation. */
const stepsFor = (generation: number, lengthBytes: number, runs: readonly Run[]): SaveStep[] => [
  ...saveSteps({ ...facts, generation, lengthBytes, runs }),
];

const apply = (partition: MemoryFile, steps: readonly SaveStep[]): void => {
  for (const step of steps) if (step.type === 'write') partition.writeAt(step.offset, step.bytes);
};

const copyOf = (file: MemoryFile): MemoryFile => {
  const copy = memoryFile();
  for (const { offset, length } of file.dataStretches()) copy.writeAt(offset, file.readAt(offset, length));
  copy.setLength(file.length);
  return copy;
};

const blocks = (offset: number, ...values: number[]): Run => ({
  offset,
  bytes: Buffer.concat(values.map(pageFilledWith)),
});

const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'none';
  } catch (error) {
    if (error instanceof ImageError) return error.code;
    throw error;
  }
};

describe('CRC-32', () => {
  it('is that of zlib, and can be summed in pieces', () => {
    expect(crc32(bytesText('123456789'))).toBe(0xcbf43926);
    expect(crc32(bytesText('6789'), crc32(bytesText('12345')))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });
});

describe('the commit sector', () => {
  it('has the bytes of the drawing', () => {
    const sector = encodeCommit(commit);
    expect(sector).toHaveLength(512);
    expect(hexOf(sector.subarray(0, 84))).toBe(
      [
        '4b4a554d50534156', // KJUMPSAV
        '01000000', // version
        '01000000', // jump
        '01000000', // committed
        'efbeadde', // checksum
        '0300000000000000', // generation
        '0040fa0100000000', // length
        '0600000000000000', // blocks
        '0400000000000000', // runs
        'f200100500000000', // jump-back entry
        '00112233445566778899aabbccddeeff', // UUID
        hexOf(Uint8Array.of(...[0, 8, 16, 24].map((shift) => (commit.rootChecksum >>> shift) & 0xff))),
      ].join(''),
    );
    expect(sector.subarray(84, 508).every((byte) => byte === 0)).toBe(true);
    const crc = crc32(sector.subarray(0, 508));
    expect(Buffer.from(sector.subarray(508)).readUInt32LE()).toBe(crc);
    expect(decodeCommit(sector)).toEqual(commit);
  });

  it('with any bit flipped is refused', () => {
    for (let bit = 0; bit < 512 * 8; bit++) {
      const sector = encodeCommit(commit);
      const offset = Math.floor(bit / 8);
      sector[offset] = (sector[offset] ?? 0) ^ (1 << (bit % 8));
      expect(['saved.no-commit', 'saved.damaged-commit']).toContain(codeOf(() => decodeCommit(sector)));
    }
  });

  it('cut anywhere is refused', () => {
    const sector = encodeCommit(commit);
    for (let length = 0; length < 512; length++) {
      expect(() => inspectCommit(sector.subarray(0, length))).toThrow(ImageError);
    }
  });

  it('of another version, kind or state is refused by name', () => {
    const changed = (offset: number, value: number): Uint8Array => {
      const sector = encodeCommit(commit);
      const writer = new ByteWriter(sector);
      writer.u32(offset, value);
      writer.u32(508, crc32(sector.subarray(0, 508)));
      return sector;
    };
    expect(() => decodeCommit(changed(8, 2))).toThrow('at offset 0x8 expected version 1, found 2');
    expect(() => decodeCommit(changed(12, 3))).toThrow(
      'at offset 0xc expected 1 (jump) or 2 (crash), found 3',
    );
    expect(() => decodeCommit(changed(16, 0))).toThrow('expected 1 (committed) or 2 (consumed), found 0');
  });

  it('once consumed is shown but not loaded', () => {
    const sector = encodeCommit({ ...commit, state: 'consumed' });
    expect(inspectCommit(sector).state).toBe('consumed');
    expect(() => decodeCommit(sector)).toThrow('already loaded and is not to be loaded again');
  });
});

describe('the checksum of saved blocks', () => {
  it('is the CRC over block numbers and block CRCs', () => {
    const entries = new Uint8Array(24);
    const writer = new ByteWriter(entries);
    writer.u64(0, 7);
    writer.u32(8, crc32(pageFilledWith(1)));
    writer.u64(12, 8);
    writer.u32(20, crc32(pageFilledWith(2)));
    const bytes = Buffer.concat([pageFilledWith(1), pageFilledWith(2)]);
    expect(checksumOf([{ firstBlock: 7, bytes }])).toBe(crc32(entries));
  });

  it('is the same however the blocks are grouped, and another one for another place', () => {
    const one = { firstBlock: 7, bytes: pageFilledWith(1) };
    const two = { firstBlock: 8, bytes: pageFilledWith(2) };
    const both = { firstBlock: 7, bytes: Buffer.concat([one.bytes, two.bytes]) };
    expect(checksumOf([one, two])).toBe(checksumOf([both]));
    expect(checksumOf([two], checksumOf([one]))).toBe(checksumOf([both]));
    expect(checksumOf([{ ...one, firstBlock: 6 }])).not.toBe(checksumOf([one]));
  });

  it('refuses half blocks and a wrong order', () => {
    expect(() => checksumOf([{ firstBlock: 0, bytes: new Uint8Array(100) }])).toThrow(
      'a run of blocks is not where',
    );
    const run = { firstBlock: 1, bytes: pageFilledWith(1) };
    expect(() => checksumOf([run, run])).toThrow('expected whole blocks from block 2 on');
  });
});

describe('the map of saved blocks', () => {
  it('joins runs that touch', () => {
    const runs: BlockRun[] = [];
    addRun(runs, { firstBlock: 0, blockCount: 2 });
    addRun(runs, { firstBlock: 2, blockCount: 1 });
    addRun(runs, { firstBlock: 5, blockCount: 1 });
    expect(runs).toEqual([
      { firstBlock: 0, blockCount: 3 },
      { firstBlock: 5, blockCount: 1 },
    ]);
    expect(() => addRun(runs, { firstBlock: 5, blockCount: 1 })).toThrow('expected blocks from 6 on');
    expect(() => addRun(runs, { firstBlock: 9, blockCount: 0 })).toThrow(
      'a run of blocks is not where it belongs',
    );
  });

  const saved = (): MemoryFile => {
    const partition = memoryFile();
    apply(partition, stepsFor(1, 0x8000, [blocks(0, 1, 2), blocks(0x4000, 3)]));
    return partition;
  };
  const mapAt = 0x9000;
  const withMap = (...numbers: number[]): MemoryFile => {
    const partition = saved();
    const bytes = new Uint8Array(numbers.length * 8);
    for (const [index, number] of numbers.entries()) new ByteWriter(bytes).u64(index * 8, number);
    partition.writeAt(mapAt, bytes);
    return partition;
  };

  it('lies behind the data', () => {
    expect(hexOf(readBounded(saved(), mapAt, 32))).toBe(
      '0000000000000000' + '0200000000000000' + '0400000000000000' + '0100000000000000',
    );
  });

  it('that is out of order, outside the data, empty or of another sum is refused', () => {
    expect(codeOf(() => openSaved(withMap(0, 2, 4, 1)))).toBe('none');
    for (const map of [
      [0, 2, 1, 1],
      [0, 2, 2, 1],
      [0, 0, 4, 3],
      [0, 2, 8, 1],
      [0, 2, 4, 2],
      [0, 1, 4, 1],
      [0, 2, 4, 2 ** 52],
    ]) {
      expect([map, codeOf(() => openSaved(withMap(...map)))]).toEqual([map, 'saved.damaged-map']);
    }
    expect(codeOf(() => verifySaved(withMap(0, 2, 5, 1)))).toBe('saved.damaged-data');
  });

  it('of absurd size is refused before it is read', () => {
    const partition = saved();
    partition.writeAt(0, encodeCommit({ ...openSaved(partition).commit, runCount: 2 ** 40 }));
    expect(() => openSaved(partition)).toThrow(
      'expected at most 16777216 runs (runLimit), found 1099511627776',
    );
    partition.writeAt(0, encodeCommit({ ...commit, lengthBytes: Number.MAX_SAFE_INTEGER, runCount: 1 }));
    expect(codeOf(() => openSaved(partition))).toBe('bytes.out-of-range');
  });
});

describe('a saved image', () => {
  const layout = sampleLayout();
  const runs = [...vmcoreRuns(layout, pagesOf(samplePages))];

  it('gives back the vmcore byte for byte, with its holes', () => {
    const partition = memoryFile();
    apply(partition, stepsFor(1, layout.lengthBytes, runs));
    const { commit: found, data } = verifySaved(partition);
    expect(found).toMatchObject({ ...facts, generation: 1, state: 'committed', blockCount: 6, runCount: 5 });
    const whole = memoryFile();
    for (const { offset, bytes } of runs) whole.writeAt(offset, bytes);
    whole.setLength(layout.lengthBytes);
    const length = layout.lengthBytes;
    expect(Buffer.from(readBounded(data, 0, length)).equals(readBounded(whole, 0, length))).toBe(true);
    expect([...(data.dataStretches?.() ?? [])]).toEqual([...whole.dataStretches()]);
    expect(readVmcore(data).cpus).toHaveLength(2);
  });

  it('does not show what an earlier image left in its holes', () => {
    const partition = memoryFile();
    apply(partition, stepsFor(1, 0x8000, [blocks(0, 9, 9, 9, 9, 9, 9, 9, 9)]));
    apply(partition, stepsFor(2, 0x8000, [blocks(0x2000, 5)]));
    const { data } = verifySaved(partition);
    expect(readBounded(data, 0x1000, 0x3000)).toEqual(
      new Uint8Array(Buffer.concat([pageFilledWith(0), pageFilledWith(5), pageFilledWith(0)])),
    );
  });

  it('reads right at any place', () => {
    const partition = memoryFile();
    apply(partition, stepsFor(1, 0x8000, [blocks(0x1000, 1, 2), blocks(0x5000, 3)]));
    const { data } = openSaved(partition);
    const plain = Buffer.concat([0, 1, 2, 0, 0, 3, 0, 0].map(pageFilledWith));
    fc.assert(
      fc.property(fc.nat(0x8000), fc.nat(0x8000), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expect(plain.subarray(from, to).equals(readBounded(data, from, to - from))).toBe(true);
      }),
    );
  });

  it('with a changed block is noticed, one with a changed hole is not affected', () => {
    const partition = memoryFile();
    apply(partition, stepsFor(1, 0x8000, [blocks(0x1000, 1)]));
    partition.writeAt(0x4000, Uint8Array.of(1));
    expect(codeOf(() => verifySaved(partition))).toBe('none');
    partition.writeAt(0x2fff, Uint8Array.of(0));
    expect(() => verifySaved(partition)).toThrow('the saved blocks are not those that were committed');
  });

  it('is consumed with one sector', () => {
    const partition = memoryFile();
    apply(partition, stepsFor(1, 0x8000, [blocks(0, 1)]));
    const steps = [...consumeSteps(verifySaved(partition).commit)];
    expect(
      steps.map((step) => (step.type === 'write' ? [step.offset, step.bytes.length] : step.type)),
    ).toEqual([[0, 512], 'flush']);
    apply(partition, steps);
    expect(codeOf(() => verifySaved(partition))).toBe('saved.consumed');
  });

  it('cut before the end of its map is an ImageError', () => {
    const partition = memoryFile();
    apply(partition, stepsFor(1, 0x8000, [blocks(0x1000, 1)]));
    const whole = readBounded(partition, 0, partition.length);
    const mapEnd = 0x9000 + 16;
    for (let length = 0; length < mapEnd; length += 13) {
      expect(() => verifySaved(sourceOf(whole.subarray(0, length)))).toThrow(ImageError);
    }
    expect(codeOf(() => verifySaved(sourceOf(whole.subarray(0, mapEnd))))).toBe('none');
  });

  it('of 1 TiB with three touched pages costs what was touched', () => {
    const ranges = [{ first: physical(0x100000), last: physical(2 ** 40 - 1) }];
    const large = sampleLayout({ ...samplePlan, ranges });
    const touched = new Map(
      [0x100, 0x8000001, 2 ** 28 - 1].map((frame) => [frame, pageFilledWith(frame % 251)]),
    );
    const partition = memoryFile();
    apply(partition, stepsFor(1, large.lengthBytes, [...vmcoreRuns(large, pagesOf(touched))]));
    const { commit: found, data } = verifySaved(partition);
    expect(found.blockCount).toBe(5);
    const { readPhysical } = readVmcore(data);
    for (const [frame, bytes] of touched) expect(readPhysical(physical(frame * 4096), 4096)).toEqual(bytes);
  });

  it('refuses runs that are no whole blocks within the data', () => {
    for (const run of [blocks(0x800, 1), blocks(0x8000, 1), { offset: 0, bytes: new Uint8Array(5) }]) {
      expect(() => stepsFor(1, 0x8000, [run])).toThrow('a run of blocks is not where it belongs');
    }
  });
});

describe('a power cut while saving', () => {
  const old = memoryFile();
  apply(old, stepsFor(1, 0x8000, [blocks(0, 1, 1, 1), blocks(0x6000, 1)]));
  const steps = stepsFor(2, 0x8000, [blocks(0x1000, 2, 2), blocks(0x4000, 2)]);

  const outcomeOf = (partition: MemoryFile): string => {
    const code = codeOf(() => verifySaved(partition));
    return code === 'none' ? `image ${verifySaved(partition).commit.generation}` : code;
  };

  it('at any write, with any part of the unflushed writes lost, leaves the old image, none, or the new one', () => {
    const seen = new Set<string>();
    for (let done = 0; done <= steps.length; done++) {
      const flushed = steps.slice(0, done).findLastIndex((step) => step.type === 'flush') + 1;
      const unflushed = steps.slice(flushed, done);
      for (let kept = 0; kept < 2 ** unflushed.length; kept++) {
        const partition = copyOf(old);
        apply(partition, steps.slice(0, flushed));
        apply(
          partition,
          unflushed.filter((_step, index) => (kept >> index) & 1),
        );
        seen.add(outcomeOf(partition));
      }
    }
    expect([...seen].sort()).toEqual(['image 1', 'image 2', 'saved.no-commit']);
  });

  it('would be able to do harm without the first flush', () => {
    const [, , ...withoutClear] = steps;
    const partition = copyOf(old);
    apply(partition, withoutClear.slice(0, 1));
    expect(outcomeOf(partition)).toBe('saved.damaged-data');
  });
});
