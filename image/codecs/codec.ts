/**
 * What a registered codec is: one module that packs and unpacks bytes, one line in the registry (index.ts).
 *
 * Unpacking promises, whatever the bytes: a result no longer than asked for, or an ImageError with the offset in the packed bytes;
 * no read or write outside, time in proportion to input and output. Of these streams only
 * zlib's always has a checksum: in the others a flipped bit can unpack to other bytes, and callers that must know keep a sum.
 */
import { ImageError, type ImageErrorCode } from '../image-error.ts';

export type CodecName = 'none' | 'zlib' | 'lzo' | 'lz4' | 'snappy' | 'zstd';

export type Codec = Coder & {
  readonly name: CodecName;
  /** One line for `image --list`. */
  readonly describe: string;
  compress(bytes: Uint8Array): Uint8Array;
  /** Longer than `limitBytes` is an error; a buffer of that size may be taken, so the limit is the caller's bound on memory. */
  decompress(bytes: Uint8Array, limitBytes: number): Uint8Array;
};

/** For hot loops: into buffers that the caller reuses. Both return how many bytes of `output` they filled; nobody knows what lies behind. */
export type Coder = {
  /** `output` has at least `worstCaseBytes(input.length)` bytes. */
  compressInto(input: Uint8Array, output: Uint8Array): number;
  /** The length of `output` is the limit. */
  decompressInto(input: Uint8Array, output: Uint8Array): number;
  /** The most that so many bytes can become. */
  worstCaseBytes(lengthBytes: number): number;
};

export const codecOf = (name: CodecName, describe: string, coder: Coder): Codec => ({
  name,
  describe,
  worstCaseBytes: coder.worstCaseBytes,
  compressInto: (input, output) => {
    const neededBytes = coder.worstCaseBytes(input.length);
    if (output.length < neededBytes) throw noRoom(neededBytes, output.length);
    return coder.compressInto(input, output);
  },
  decompressInto: coder.decompressInto,
  compress: (bytes) => {
    const output = new Uint8Array(coder.worstCaseBytes(bytes.length));
    return output.slice(0, coder.compressInto(bytes, output));
  },
  decompress: (bytes, limitBytes) => {
    const output = new Uint8Array(limitBytes);
    const lengthBytes = coder.decompressInto(bytes, output);
    return lengthBytes === limitBytes ? output : output.slice(0, lengthBytes);
  },
});

const noRoom = (neededBytes: number, foundBytes: number): ImageError =>
  new ImageError('codec.no-room', {
    offset: 0,
    expected: `${neededBytes} bytes for what is packed`,
    found: `${foundBytes} bytes`,
  });

/** The packed bytes end where an instruction needs more; a stream without its end marker ends like this, too. */
export const endsEarly = (offset: number, expected: string): ImageError =>
  codecError('codec.ends-early', offset, expected, 'the end of the packed bytes');

export const tooLong = (offset: number, limitBytes: number): ImageError =>
  codecError('codec.too-long', offset, `at most ${limitBytes} bytes when unpacked`, 'more');

export const tooFarBack = (offset: number, distance: number, unpackedBytes: number): ImageError =>
  codecError(
    'codec.too-far-back',
    offset,
    `a distance from 1 to ${unpackedBytes}, as far as was unpacked`,
    String(distance),
  );

export const trailing = (offset: number, extraBytes: number): ImageError =>
  codecError('codec.trailing-bytes', offset, 'the end of the packed bytes', `${extraBytes} more`);

/** Not what the format allows at this place. */
export const damaged = (offset: number, expected: string, found: string): ImageError =>
  codecError('codec.damaged', offset, expected, found);

export const unsupported = (offset: number, expected: string, found: string): ImageError =>
  codecError('codec.unsupported', offset, expected, found);

const codecError = (code: ImageErrorCode, offset: number, expected: string, found: string): ImageError =>
  new ImageError(code, { offset, expected, found });
