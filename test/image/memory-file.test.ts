import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFile } from '../../image/memory-file.ts';
import { readBounded, readLimitBytes } from '../../image/sink.ts';

describe('a memory file', () => {
  it('reads as a plain array of bytes would, whatever was written where', () => {
    const write = fc.tuple(fc.nat(20_000), fc.uint8Array({ maxLength: 9_000 }));
    fc.assert(
      fc.property(fc.array(write, { maxLength: 6 }), fc.nat(30_000), (writes, length) => {
        const file = memoryFile();
        const plain = new Uint8Array(40_000);
        for (const [offset, bytes] of writes) {
          file.writeAt(offset, bytes);
          plain.set(bytes, offset);
        }
        file.setLength(length);
        plain.fill(0, length);
        file.setLength(40_000);
        expect(Buffer.from(readBounded(file, 0, 40_000)).equals(plain)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('costs what is written, and knows where that is', () => {
    const file = memoryFile();
    file.setLength(2 ** 50);
    file.writeAt(2 ** 49 + 4095, Uint8Array.of(1, 2));
    file.writeAt(0, Uint8Array.of(3));
    expect(file.length).toBe(2 ** 50);
    expect([...file.dataStretches()]).toEqual([
      { offset: 0, length: 4096 },
      { offset: 2 ** 49, length: 8192 },
    ]);
  });

  it('names no data behind its end', () => {
    const file = memoryFile();
    file.writeAt(0, new Uint8Array(10_000).fill(1));
    file.setLength(5_000);
    expect([...file.dataStretches()]).toEqual([{ offset: 0, length: 5_000 }]);
    file.setLength(4_096);
    expect([...file.dataStretches()]).toEqual([{ offset: 0, length: 4_096 }]);
    file.setLength(0);
    expect([...file.dataStretches()]).toEqual([]);
  });

  it('a read outside, or of more than the limit, is refused before anything is allocated', () => {
    const file = memoryFile();
    file.setLength(2 ** 50);
    expect(() => readBounded(file, 2 ** 50 - 1, 2)).toThrow('the bytes end too early');
    expect(() => readBounded(file, -1, 1)).toThrow('the bytes end too early');
    expect(() => readBounded(file, 0, readLimitBytes + 1)).toThrow('one read asks for too much');
    expect(() => file.writeAt(2 ** 53 - 1, Uint8Array.of(1))).toThrow('expected a place from 0 to 2^53 - 1');
  });
});
