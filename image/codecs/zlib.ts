/**
 * zlib, through node:zlib: makedumpfile -c, which packs each page by itself at level 1 (compress2 with Z_BEST_SPEED).
 * The stream ends with an Adler-32 of what was packed, so that damage is noticed.
 *
 * Of the time for a 4 KiB page, a fifth is what node:zlib costs for each call (measured). Its asynchronous calls are slower than
 * these even over two cores: who has many pages gives batches of them to threads.
 */
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { codecOf, damaged, endsEarly, tooLong, trailing, unsupported } from './codec.ts';
import { errorCodeOf } from './error-code-of.ts';

/** zlib's own smallest, and what node:zlib takes by default. */
const leastChunkBytes = 64;
const mostChunkBytes = 16_384;

export const zlib = codecOf('zlib', 'zlib at level 1: makedumpfile -c', {
  compressInto,
  decompressInto,
  worstCaseBytes,
});

/** Stored blocks of at least 4 KiB cost five bytes each (RFC 1951, 3.2.4), header and sum six (RFC 1950). */
function worstCaseBytes(lengthBytes: number): number {
  return lengthBytes + 5 * Math.ceil((lengthBytes + 1) / 4096) + leastChunkBytes;
}

function compressInto(input: Uint8Array, output: Uint8Array): number {
  const packed = deflateSync(input, {
    level: constants.Z_BEST_SPEED,
    chunkSize: chunkBytes(worstCaseBytes(input.length)),
  });
  output.set(packed);
  return packed.length;
}

function decompressInto(input: Uint8Array, output: Uint8Array): number {
  const { buffer, engine } = inflated(input, output.length);
  const extraBytes = input.length - engine.bytesWritten;
  if (extraBytes > 0) throw trailing(engine.bytesWritten, extraBytes);
  if (buffer.length > output.length) throw tooLong(0, output.length);
  output.set(buffer);
  return buffer.length;
}

type Inflated = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };

function inflated(input: Uint8Array, limitBytes: number): Inflated {
  try {
    const options = {
      maxOutputLength: Math.max(limitBytes, 1),
      chunkSize: chunkBytes(limitBytes),
      info: true,
    };
    // Node's types do not know what the documented option `info` changes about the result.
    return inflateSync(input, options) as unknown as Inflated;
  } catch (error) {
    switch (errorCodeOf(error)) {
      case 'ERR_BUFFER_TOO_LARGE':
        throw tooLong(0, limitBytes);
      case 'Z_BUF_ERROR':
        throw endsEarly(input.length, 'more of the zlib stream');
      case 'Z_NEED_DICT':
        throw unsupported(0, 'a zlib stream without a preset dictionary', 'one that needs it');
      case 'Z_DATA_ERROR':
        throw damaged(
          0,
          'a zlib stream',
          `what zlib refuses with "${error instanceof Error ? error.message : ''}"`,
        );
      default:
        throw error;
    }
  }
}

const chunkBytes = (lengthBytes: number): number =>
  Math.min(Math.max(lengthBytes, leastChunkBytes), mostChunkBytes);
