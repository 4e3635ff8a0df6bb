/**
 * Snappy, the raw format without framing: makedumpfile -p.
 *
 * The unpacked length comes first, seven bits in a byte; then elements: literals (tag 00) or copies with a distance of 11 bits
 * (tag 01, 4 to 11 bytes), 16 bits (tag 10) or 32 bits (tag 11, both 1 to 64 bytes).
 * Facts: google/snappy, format_description.txt. Our own: as fast as the packages, bounded, and checked as the others here are.
 */
import { codecOf, damaged, endsEarly, tooLong } from './codec.ts';
import { MatchFinder } from './match-finder.ts';
import { PackedBytes } from './packed-bytes.ts';
import { UnpackedBytes } from './unpacked-bytes.ts';

const finder = new MatchFinder({ maxDistance: 0xffff, noStartBytes: 0, noMatchBytes: 0 });
/** Literals up to this length stand in the tag; 60 and up name the number of length bytes, less one. */
const mostInTag = 60;
const lengthBytesMost = 5;

export const snappy = codecOf('snappy', 'Snappy, raw: makedumpfile -p', {
  compressInto,
  decompressInto,
  // As in Snappy's own MaxCompressedLength.
  worstCaseBytes: (lengthBytes) => 32 + lengthBytes + Math.ceil(lengthBytes / 6),
});

function compressInto(input: Uint8Array, output: Uint8Array): number {
  const packed = new PackedBytes(input, output);
  let at = 0;
  writeLength(packed, input.length);
  finder.begin(input);
  for (let count = finder.next(); count > 0; count = finder.next()) {
    for (let index = 0; index < count; index += 1) {
      const literals = finder.literalCounts[index] ?? 0;
      const length = finder.matchLengths[index] ?? 0;
      writeLiterals(packed, at, literals);
      writeCopies(packed, length, finder.distances[index] ?? 0);
      at += literals + length;
    }
  }
  writeLiterals(packed, at, input.length - at);
  return packed.length;
}

function writeLength(packed: PackedBytes, length: number): void {
  let rest = length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) packed.write((rest % 0x80) | 0x80);
  packed.write(rest);
}

function writeLiterals(packed: PackedBytes, at: number, count: number): void {
  if (count === 0) return;
  if (count <= mostInTag) packed.write((count - 1) << 2);
  else if (count <= 2 ** 8) {
    packed.write(mostInTag << 2);
    packed.write(count - 1);
  } else if (count <= 2 ** 16) {
    packed.write((mostInTag + 1) << 2);
    packed.write16(count - 1);
  } else {
    packed.write((mostInTag + 3) << 2);
    packed.write16(count - 1);
    packed.write16((count - 1) >>> 16);
  }
  packed.copyLiterals(at, count);
}

/** Pieces of 64 bytes; the last two are so long that both have four bytes at least, which the shortest copy takes. */
function writeCopies(packed: PackedBytes, length: number, distance: number): void {
  let rest = length;
  for (; rest >= 68; rest -= 64) writeCopy(packed, 64, distance);
  if (rest > 64) {
    writeCopy(packed, 60, distance);
    rest -= 60;
  }
  writeCopy(packed, rest, distance);
}

function writeCopy(packed: PackedBytes, length: number, distance: number): void {
  if (length < 12 && distance < 2048) {
    packed.write(0b01 | ((length - 4) << 2) | ((distance >>> 8) << 5));
    packed.write(distance);
  } else {
    packed.write(0b10 | ((length - 1) << 2));
    packed.write16(distance);
  }
}

function decompressInto(input: Uint8Array, output: Uint8Array): number {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const { length, at: start } = unpackedLength(view);
  if (length > output.length) throw tooLong(0, output.length);
  const unpacked = new UnpackedBytes(input, output.subarray(0, length));
  let at = start;
  while (at < view.byteLength) {
    const tag = view.getUint8(at);
    if ((tag & 3) === 0b01) {
      const distance = ((tag >>> 5) << 8) | field(view, at + 1, 1);
      unpacked.copyMatch(distance, ((tag >>> 2) & 7) + 4, at);
      at += 2;
    } else if ((tag & 3) === 0b10) {
      unpacked.copyMatch(field(view, at + 1, 2), (tag >>> 2) + 1, at);
      at += 3;
    } else if ((tag & 3) === 0b11) {
      unpacked.copyMatch(field(view, at + 1, 4), (tag >>> 2) + 1, at);
      at += 5;
    } else at = copyLiterals(view, unpacked, at);
  }
  if (unpacked.length < length) throw endsEarly(at, `${length} unpacked bytes, as the first bytes say`);
  return length;
}

function copyLiterals(view: DataView, unpacked: UnpackedBytes, at: number): number {
  const short = view.getUint8(at) >>> 2;
  if (short < mostInTag) return unpacked.copyLiterals(at + 1, short + 1);
  const widthBytes = short - mostInTag + 1;
  return unpacked.copyLiterals(at + 1 + widthBytes, field(view, at + 1, widthBytes) + 1);
}

/** Seven bits in a byte, lowest first; the highest bit says that more follow. */
function unpackedLength(view: DataView): { readonly length: number; readonly at: number } {
  let length = 0;
  for (let at = 0; at < lengthBytesMost; at += 1) {
    const byte = field(view, at, 1);
    length += (byte & 0x7f) * 0x80 ** at;
    if (byte < 0x80) return { length, at: at + 1 };
  }
  throw damaged(0, `a length of at most ${lengthBytesMost} bytes`, 'a longer one');
}

/** Up to four bytes, lowest first. */
function field(view: DataView, at: number, widthBytes: number): number {
  if (at + widthBytes > view.byteLength) throw endsEarly(at, `${widthBytes} bytes of an element`);
  if (widthBytes === 1) return view.getUint8(at);
  if (widthBytes === 2) return view.getUint16(at, true);
  const low = view.getUint16(at, true);
  return widthBytes === 3 ? low + view.getUint8(at + 2) * 2 ** 16 : view.getUint32(at, true);
}
