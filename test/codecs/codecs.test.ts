import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codecs } from '../../image/codecs/index.ts';
import { noiseOf } from './golden-input.ts';
import { imageErrorOf } from './image-error-of.ts';

const pageBytes = 4096;
const unitBytes = 32 * pageBytes;

const page = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .nat(255)
    .chain((byte) => fc.integer({ min: 0, max: 9000 }).map((size) => new Uint8Array(size).fill(byte))),
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 9000 })).map(repeated),
  fc.string({ maxLength: 2000, unit: 'binary-ascii' }).map((text) => Uint8Array.from(Buffer.from(text))),
  fc.tuple(fc.integer(), fc.integer({ min: 0, max: 9000 })).map(([seed, size]) => noiseOf(size, seed)),
);
/** Stretches of different kinds one after the other, and again what was there before. */
const mixed = fc
  .array(page, { maxLength: 6 })
  .map((parts) => Uint8Array.from([...parts, ...parts].flatMap((part) => [...part])));

/** Shapes that have ends and limits of their own. */
const shapes: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(),
  'one byte': Uint8Array.of(7),
  ...Object.fromEntries(
    [2, 3, 4, 5, 11, 12, 13, 17, 18, 19, 20].map((size) => [
      `${size} equal bytes`,
      new Uint8Array(size).fill(9),
    ]),
  ),
  ...Object.fromEntries(
    [1, 3, 4, 18, 19, 238, 239, 273, 274, 1000].map((size) => [
      `${size} bytes like chance`,
      noiseOf(size, 3),
    ]),
  ),
  'a page of zeros': new Uint8Array(pageBytes),
  'a page like chance': noiseOf(pageBytes, 4),
  '128 KiB of zeros': new Uint8Array(unitBytes),
  '128 KiB like chance': noiseOf(unitBytes, 5),
  '3 MiB of text': repeated([Uint8Array.from(Buffer.from('free_area_init: ')), 3 * 2 ** 20]),
  ...Object.fromEntries(
    [
      2047, 2048, 2049, 3072, 16_383, 16_384, 16_385, 32_768, 49_150, 49_151, 49_152, 65_535, 65_536, 65_537,
    ].map((distance) => [`a repetition ${distance} bytes back`, repeatedAt(distance)]),
  ),
};

describe.each(Object.values(codecs))('$name', (codec) => {
  it.each(Object.entries(shapes))('gives %s back', (_shape, bytes) => {
    expect(Buffer.compare(codec.decompress(codec.compress(bytes), bytes.length), bytes)).toBe(0);
  });

  it('gives any bytes back, and never takes more room than it says', () => {
    fc.assert(
      fc.property(fc.oneof(page, mixed), (bytes) => {
        const packed = codec.compress(bytes);
        expect(packed.length).toBeLessThanOrEqual(codec.worstCaseBytes(bytes.length));
        expect(Buffer.compare(codec.decompress(packed, bytes.length), bytes)).toBe(0);
      }),
    );
  });

  it('packs the same bytes alike, whatever it packed before', () => {
    fc.assert(
      fc.property(page, page, (one, other) => {
        const packed = codec.compress(one);
        codec.compress(other);
        expect(codec.compress(one)).toEqual(packed);
      }),
    );
  });

  it('looks at nothing before or behind what it is given, and says how much it filled', () => {
    fc.assert(
      fc.property(page, fc.integer({ min: 0, max: 9 }), (bytes, margin) => {
        const around = new Uint8Array(bytes.length + 2 * margin).fill(0xee);
        around.set(bytes, margin);
        const output = new Uint8Array(codec.worstCaseBytes(bytes.length) + margin);
        const length = codec.compressInto(around.subarray(margin, margin + bytes.length), output);
        expect(output.slice(0, length)).toEqual(codec.compress(bytes));
        const room = new Uint8Array(bytes.length + margin);
        expect(codec.decompressInto(output.subarray(0, length), room)).toBe(bytes.length);
        expect(room.subarray(0, bytes.length)).toEqual(bytes);
      }),
    );
  });

  it('refuses what would unpack to more than the limit', () => {
    const packed = codec.compress(noiseOf(pageBytes, 6));
    expect(imageErrorOf(() => codec.decompress(packed, pageBytes - 1)).code).toBe('codec.too-long');
    const zeros = codec.compress(new Uint8Array(unitBytes));
    expect(imageErrorOf(() => codec.decompress(zeros, pageBytes)).code).toBe('codec.too-long');
  });

  it('refuses to pack where the worst case would not fit', () => {
    const small = new Uint8Array(codec.worstCaseBytes(pageBytes) - 1);
    expect(imageErrorOf(() => codec.compressInto(new Uint8Array(pageBytes), small)).code).toBe(
      'codec.no-room',
    );
  });

  it('leaves what it is given as it was', () => {
    const bytes = noiseOf(pageBytes, 7);
    const packed = codec.compress(bytes);
    const before = packed.slice();
    codec.decompress(packed, pageBytes);
    expect(bytes).toEqual(noiseOf(pageBytes, 7));
    expect(packed).toEqual(before);
  });
});

describe('what packs', () => {
  it.each([codecs.lzo, codecs.lz4, codecs.snappy])(
    '$name packs a page alike after half a gigabyte of others, when its positions begin anew',
    (codec) => {
      const page = Uint8Array.from([...noiseOf(500, 1), ...new Uint8Array(1500), ...noiseOf(500, 1)]);
      const packed = codec.compress(page);
      const zeros = new Uint8Array(64 * unitBytes);
      const room = new Uint8Array(codec.worstCaseBytes(zeros.length));
      for (let round = 0; round < 66; round += 1) {
        codec.compressInto(zeros, room);
        expect(codec.compress(page)).toEqual(packed);
      }
    },
  );

  it.each(Object.values(codecs).filter(({ name }) => name !== 'none'))(
    '$name makes a page of zeros small',
    (codec) => {
      expect(codec.compress(new Uint8Array(pageBytes)).length).toBeLessThan(250);
    },
  );

  it('is refused when it is cut off anywhere', () => {
    const bytes = Uint8Array.from([...noiseOf(40, 8), ...new Uint8Array(600), ...noiseOf(40, 8)]);
    for (const codec of Object.values(codecs).filter(({ name }) => name !== 'none')) {
      const packed = codec.compress(bytes);
      for (let length = 0; length < packed.length; length += 1) {
        const cut = packed.subarray(0, length);
        // A block of LZ4 has no end mark: one that is cut behind literals is a shorter block.
        if (codec.name === 'lz4' && isWhole(() => codec.decompress(cut, bytes.length))) continue;
        expect(imageErrorOf(() => codec.decompress(cut, bytes.length)).code).toBe('codec.ends-early');
      }
    }
  });
});

function isWhole(unpack: () => Uint8Array): boolean {
  try {
    unpack();
    return true;
  } catch {
    return false;
  }
}

function repeated([pattern, size]: readonly [Uint8Array, number]): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => pattern[index % pattern.length] ?? 0);
}

function repeatedAt(distance: number): Uint8Array {
  const bytes = new Uint8Array(distance + 200);
  bytes.set(noiseOf(200, 9));
  bytes.set(noiseOf(200, 9), distance);
  return bytes;
}
