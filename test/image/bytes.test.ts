import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, bytesOfText, textOf } from '../../image/bytes.ts';
import { ImageError } from '../../image/image-error.ts';

const written = (write: (writer: ByteWriter) => void): string => {
  const bytes = new Uint8Array(8);
  write(new ByteWriter(bytes));
  return Buffer.from(bytes).toString('hex');
};

describe('bytes', () => {
  it('are little-endian', () => {
    expect(written((writer) => writer.u16(0, 0x0102))).toBe('0201000000000000');
    expect(written((writer) => writer.u32(2, 0x01020304))).toBe('0000040302010000');
    expect(written((writer) => writer.u64(0, 0x1_0203_0405))).toBe('0504030201000000');
    expect(written((writer) => writer.hex64(0, 'ffffffff81000000'))).toBe('00000081ffffffff');
  });

  it('wrap a negative size as unsigned C arithmetic does', () => {
    expect(written((writer) => writer.u64Wrapping(0, -0x10000))).toBe('0000ffffffffffff');
  });

  it('keep every number below 2^53', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const bytes = new Uint8Array(8);
        new ByteWriter(bytes).u64(0, value);
        expect(new ByteReader(bytes).u64(0)).toBe(value);
      }),
    );
  });

  it('keep all 64 bits as hex digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        const digits = value.toString(16).padStart(16, '0');
        const bytes = new Uint8Array(8);
        new ByteWriter(bytes).hex64(0, digits);
        expect(new ByteReader(bytes).hex64(0)).toBe(digits);
      }),
    );
  });

  it('survive as text, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(bytesOfText(textOf(bytes))).toEqual(bytes);
      }),
    );
  });

  it('a field that begins or ends outside is an ImageError, and the message names the place in the file', () => {
    const reader = new ByteReader(new Uint8Array(8), 0x1000);
    for (const offset of [-1, 1, 8, 0.5, Number.NaN, 2 ** 53])
      expect(() => reader.u64(offset)).toThrow(ImageError);
    expect(() => reader.u64(4)).toThrow(
      'the bytes end too early: at offset 0x1004 expected 8 bytes, found the end at 0x1008; check that the file was copied whole',
    );
    expect(() => reader.bytes(0, -1)).toThrow(ImageError);
    expect(() => new ByteWriter(new Uint8Array(8)).u32(6, 0)).toThrow(ImageError);
  });

  it('a value beyond 2^53 is an ImageError that shows it', () => {
    const reader = new ByteReader(new Uint8Array([0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
    expect(() => reader.u64(0)).toThrow('expected a value below 2^53, found 0xffffffffffff0000');
  });

  it('a value outside its field is not cut off but refused', () => {
    const writer = new ByteWriter(new Uint8Array(8));
    for (const value of [-1, 256, 1.5, Number.NaN]) expect(() => writer.u8(0, value)).toThrow(ImageError);
    for (const digits of ['', '0', 'FFFFFFFF81000000', '0xffffffff810000']) {
      expect(() => writer.hex64(0, digits)).toThrow(ImageError);
    }
    expect(() => writer.text(0, '\u{1f4a5}')).toThrow(ImageError);
  });
});
