/**
 * A Zstandard frame as far as its bounds: that it is one frame, whole, with nothing behind it, and no longer when unpacked than it
 * says. What is in the blocks is left to the library, which gets nothing to read or to allocate that was not looked at here.
 * Facts: RFC 8878, 3.1.1 (frame header, block header) and 3.1.1.1.2 (window).
 */
import { damaged, endsEarly, tooLong, trailing, unsupported } from '../codec.ts';

const magic = 0xfd2fb528;
/** What the standard asks every decoder to support at least, and all that this one does: 8 MiB. */
const windowLimitBytes = 2 ** 23;
/** Of a block, and never more than the window. */
const mostBlockBytes = 2 ** 17;
const checksumBytes = 4;
const blockHeaderBytes = 3;
const dictionaryIdBytes = [0, 1, 2, 4];
const contentSizeBytes = [0, 2, 4, 8];
/** Of block types 0 to 3, these two differ: one byte stands for a whole block, and what no block has. */
const repeatedBlock = 1;
const reservedBlock = 3;

/** Throws unless the bytes are exactly one frame that unpacks, by what it says, to at most `limitBytes`. */
export function checkFrame(bytes: Uint8Array, limitBytes: number): void {
  const { blocksFrom, hasChecksum, windowBytes } = checkFrameHeader(bytes, limitBytes);
  const blockLimitBytes = Math.min(windowBytes, mostBlockBytes);
  let at = blocksFrom;
  for (let isLast = false; !isLast; ) {
    const header = numberAt(bytes, at, blockHeaderBytes);
    const type = (header >>> 1) & 3;
    if (type === reservedBlock) throw damaged(at, 'a block of type 0, 1 or 2', 'type 3');
    if (header >>> 3 > blockLimitBytes)
      throw damaged(at, `a block of at most ${blockLimitBytes} bytes`, `${header >>> 3}`);
    isLast = (header & 1) === 1;
    at += blockHeaderBytes + (type === repeatedBlock ? 1 : header >>> 3);
  }
  const end = at + (hasChecksum ? checksumBytes : 0);
  if (end > bytes.length) throw endsEarly(bytes.length, `a frame of ${end} bytes`);
  if (end < bytes.length) throw trailing(end, bytes.length - end);
}

type FrameHeader = {
  readonly blocksFrom: number;
  readonly hasChecksum: boolean;
  readonly windowBytes: number;
};

function checkFrameHeader(bytes: Uint8Array, limitBytes: number): FrameHeader {
  if (numberAt(bytes, 0, 4) !== magic) throw damaged(0, 'a Zstandard frame (28 b5 2f fd)', 'other bytes');
  const descriptor = numberAt(bytes, 4, 1);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  if ((descriptor & 0x08) !== 0) throw damaged(4, 'the reserved bit clear', 'set');
  const dictionaryAt = isSingleSegment ? 5 : 6;
  const idBytes = dictionaryIdBytes[descriptor & 3] ?? 0;
  if (numberAt(bytes, dictionaryAt, idBytes) !== 0)
    throw unsupported(dictionaryAt, 'a frame without a dictionary', 'the number of one');
  const sizeAt = dictionaryAt + idBytes;
  const sizeFlag = descriptor >>> 6;
  const sizeBytes = sizeFlag === 0 && isSingleSegment ? 1 : (contentSizeBytes[sizeFlag] ?? 0);
  // Two bytes count from 256 on.
  const contentBytes = numberAt(bytes, sizeAt, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  if (contentBytes > limitBytes) throw tooLong(sizeAt, limitBytes);
  const windowBytes = isSingleSegment ? contentBytes : windowOf(numberAt(bytes, 5, 1));
  return { blocksFrom: sizeAt + sizeBytes, hasChecksum: (descriptor & 0x04) !== 0, windowBytes };
}

/** Five bits of exponent, three of mantissa. */
function windowOf(descriptor: number): number {
  const baseBytes = 2 ** (10 + (descriptor >>> 3));
  const windowBytes = baseBytes + (baseBytes / 8) * (descriptor & 7);
  if (windowBytes <= windowLimitBytes) return windowBytes;
  throw unsupported(5, `a window of at most ${windowLimitBytes} bytes`, `${windowBytes} bytes`);
}

/** Lowest byte first; beyond 2^53 not exact, and then larger than any limit. */
function numberAt(bytes: Uint8Array, at: number, widthBytes: number): number {
  if (at + widthBytes > bytes.length) throw endsEarly(at, `${widthBytes} bytes of a Zstandard frame`);
  let value = 0;
  for (let index = widthBytes - 1; index >= 0; index -= 1) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}
