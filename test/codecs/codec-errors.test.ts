import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { CodecName } from '../../image/codecs/codec.ts';
import { codecs } from '../../image/codecs/index.ts';
import type { ImageErrorCode } from '../../image/image-error.ts';
import { imageErrorOf } from './image-error-of.ts';

/** Packed bytes in hex, what is refused about them, and where. Every one may unpack to 4,096 bytes. */
type Refusal = readonly [what: string, code: ImageErrorCode, offset: number, hex: string];

const refusals: Readonly<Record<CodecName, readonly Refusal[]>> = {
  none: [['more than a page', 'codec.too-long', 0, '00'.repeat(4097)]],
  zlib: [
    ['nothing at all', 'codec.ends-early', 0, ''],
    ['a stream without its sum', 'codec.ends-early', 7, '789c63000000ff'],
    ['another header', 'codec.damaged', 0, '0000000000'],
    ['a wrong sum', 'codec.damaged', 0, '789c630000000100ff'],
    ['bytes behind the sum', 'codec.trailing-bytes', 9, '789c63000000010001aabb'],
    ['a preset dictionary', 'codec.unsupported', 0, withDictionary()],
  ],
  lzo: [
    ['nothing at all', 'codec.ends-early', 0, ''],
    ['an end marker cut off', 'codec.ends-early', 1, '1100'],
    ['no end marker', 'codec.ends-early', 4, '14aabbcc'],
    ['literals cut off', 'codec.ends-early', 1, '14aabb'],
    ['a length that never ends', 'codec.ends-early', 6, '000000000000'],
    ['a match cut off', 'codec.ends-early', 6, '15aabbccdd40'],
    ['a long match cut off', 'codec.ends-early', 6, '15aabbccdd2100'],
    ['bytes behind the end marker', 'codec.trailing-bytes', 3, '11000000'],
    ['a match before any byte', 'codec.too-far-back', 0, '10010400110000'],
    ['a match from before the first byte', 'codec.too-far-back', 5, '15aabbccdd4c01110000'],
    ['two bytes from before the first byte', 'codec.too-far-back', 4, '14aabbcc0001110000'],
    ['three bytes from before the first byte', 'codec.too-far-back', 5, '15aabbccdd0000110000'],
    ['a far match from before the first byte', 'codec.too-far-back', 5, '15aabbccdd210010110000'],
    ['the farthest match from before the first byte', 'codec.too-far-back', 5, '15aabbccdd110400110000'],
    ['an end marker of another length', 'codec.damaged', 5, '15aabbccdd120000'],
    ['an end marker with literals', 'codec.damaged', 5, '15aabbccdd110100'],
    ['more than a page of repetition', 'codec.too-long', 5, `15aabbccdd20${'00'.repeat(17)}ff0000110000`],
    ['version 1, lzo-rle', 'codec.unsupported', 1, '110115aabbccdd110000'],
  ],
  lz4: [
    ['nothing at all', 'codec.ends-early', 0, ''],
    ['literals cut off', 'codec.ends-early', 1, '40aabb'],
    ['a length that never ends', 'codec.ends-early', 4, 'f0ffffff'],
    ['a distance cut off', 'codec.ends-early', 5, '40aabbccdd01'],
    ['nothing behind a match', 'codec.ends-early', 7, '40aabbccdd0100'],
    ['a match length cut off', 'codec.ends-early', 7, '4faabbccdd0100'],
    ['a distance of zero', 'codec.too-far-back', 0, '40aabbccdd000000'],
    ['a distance before the first byte', 'codec.too-far-back', 0, '40aabbccdd050000'],
    ['a last token with a match', 'codec.ends-early', 5, '41aabbccdd'],
    ['more than a page of repetition', 'codec.too-long', 0, `4faabbccdd0100${'ff'.repeat(17)}0000`],
  ],
  snappy: [
    ['nothing at all', 'codec.ends-early', 0, ''],
    ['a length cut off', 'codec.ends-early', 1, '80'],
    ['a length of six bytes', 'codec.damaged', 0, '808080808001'],
    ['a length of more than a page', 'codec.too-long', 0, '8120'],
    ['literals cut off', 'codec.ends-early', 2, '040caabb'],
    ['a literal length cut off', 'codec.ends-early', 3, '8001f4'],
    ['a copy cut off', 'codec.ends-early', 7, '080caabbccdd02'],
    ['less than the length says', 'codec.ends-early', 6, '080caabbccdd'],
    ['more than the length says', 'codec.too-long', 2, '030caabbccdd'],
    ['a copy longer than the length says', 'codec.too-long', 6, '050caabbccdd0101'],
    ['a copy with a distance of zero', 'codec.too-far-back', 6, '080caabbccdd0100'],
    ['a copy from before the first byte', 'codec.too-far-back', 6, '080caabbccdd0e0500'],
    ['a copy from 4 GiB back', 'codec.too-far-back', 6, '080caabbccdd0fffffffff'],
  ],
  zstd: [
    ['nothing at all', 'codec.ends-early', 0, ''],
    ['other bytes', 'codec.damaged', 0, '0011223344'],
    ['a header cut off', 'codec.ends-early', 5, '28b52ffd20'],
    ['a reserved bit', 'codec.damaged', 4, '28b52ffd2801090000aa'],
    ['a dictionary', 'codec.unsupported', 5, '28b52ffd210101090000aa'],
    ['a window of 2 TiB', 'codec.unsupported', 5, '28b52ffd00f8090000aa'],
    ['a size of more than a page', 'codec.too-long', 5, '28b52ffd60010f090000aa'],
    ['a size of 2^64 bytes', 'codec.too-long', 5, '28b52ffde0ffffffffffffffff090000aa'],
    ['no block', 'codec.ends-early', 6, '28b52ffd2001'],
    ['a block cut off', 'codec.ends-early', 9, '28b52ffd2001090000'],
    ['a block of type 3', 'codec.damaged', 6, '28b52ffd20010f0000aa'],
    ['a checksum cut off', 'codec.ends-early', 10, '28b52ffd2401090000aa'],
    ['a wrong checksum', 'codec.damaged', 0, '28b52ffd2401090000aa00000000'],
    ['bytes behind the last block', 'codec.trailing-bytes', 10, '28b52ffd2001090000aabb'],
    ['a block of nonsense', 'codec.damaged', 0, '28b52ffd20101d0000ffffff'],
    ['more than a page in a frame that names no size', 'codec.too-long', 0, '28b52ffd00180b8000aa'],
    ['a block larger than the window', 'codec.damaged', 6, '28b52ffd00100b8000aa'],
    ['a block larger than what the frame says', 'codec.damaged', 6, '28b52ffd2001130000aa'],
  ],
};

const cases = Object.values(codecs).flatMap((codec) =>
  refusals[codec.name].map(([what, code, offset, hex]) => ({ codec, what, code, offset, hex })),
);

describe('packed bytes that are wrong', () => {
  it.each(cases)('$codec.name refuses $what: $code', ({ codec, code, offset, hex }) => {
    const error = imageErrorOf(() => codec.decompress(Buffer.from(hex, 'hex'), 4096));
    expect({ code: error.code, offset: error.facts.offset }).toEqual({ code, offset });
  });
});

function withDictionary(): string {
  return deflateSync(Buffer.from('page'), { dictionary: Buffer.from('page frame') }).toString('hex');
}
