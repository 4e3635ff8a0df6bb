/**
 * LZO1X, packing: a stream of version 0 with the instructions of LZO1X-1, which every LZO1X decoder reads.
 * Facts: Linux, Documentation/staging/lzo.rst, "Byte sequences".
 */
import { MatchFinder } from '../match-finder.ts';
import { PackedBytes } from '../packed-bytes.ts';

const finder = new MatchFinder({ maxDistance: 0xbfff, noStartBytes: 0, noMatchBytes: 0 });

/** Literals cost one byte more for 255 of them; a match takes at most as many bytes as it stands for. */
export const lzoWorstCaseBytes = (lengthBytes: number): number =>
  lengthBytes + Math.ceil(lengthBytes / 16) + 64;

export function lzoCompressInto(input: Uint8Array, output: Uint8Array): number {
  const packed = new PackedBytes(input, output);
  let at = 0;
  finder.begin(input);
  for (let count = finder.next(); count > 0; count = finder.next()) {
    for (let index = 0; index < count; index += 1) {
      const literals = finder.literalCounts[index] ?? 0;
      const length = finder.matchLengths[index] ?? 0;
      writeLiterals(packed, at, literals);
      writeMatch(packed, length, finder.distances[index] ?? 0);
      at += literals + length;
    }
  }
  writeLiterals(packed, at, input.length - at);
  // The end: a match of the farthest kind, with the distance that no match of this kind has.
  packed.write(0b0001_0001);
  packed.write16(0);
  return packed.length;
}

function writeLiterals(packed: PackedBytes, at: number, count: number): void {
  if (count === 0) return;
  if (packed.length === 0 && count <= 0xff - 17) packed.write(17 + count);
  // Up to three fit into two bits of the match before them, whose last two bytes but one has them lowest.
  else if (count <= 3) packed.amend(2, count);
  else if (count <= 18) packed.write(count - 3);
  else {
    packed.write(0);
    writeLength(packed, count - 18);
  }
  packed.copyLiterals(at, count);
}

function writeMatch(packed: PackedBytes, length: number, distance: number): void {
  if (length <= 8 && distance <= 0x800) {
    const back = distance - 1;
    packed.write(((length - 1) << 5) | ((back & 7) << 2));
    packed.write(back >>> 3);
  } else if (distance <= 0x4000) {
    writeFar(packed, 0b0010_0000, length - 2, 31);
    packed.write16((distance - 1) << 2);
  } else {
    const back = distance - 0x4000;
    writeFar(packed, 0b0001_0000 | ((back >>> 11) & 8), length - 2, 7);
    packed.write16((back & 0x3fff) << 2);
  }
}

/** The first byte, whose low bits hold lengths up to `most`; for longer ones they are zero. */
function writeFar(packed: PackedBytes, code: number, length: number, most: number): void {
  if (length <= most) packed.write(code | length);
  else {
    packed.write(code);
    writeLength(packed, length - most);
  }
}

/** A zero for every 255, and what is left, which is 1 to 255. */
function writeLength(packed: PackedBytes, length: number): void {
  let rest = length;
  for (; rest > 255; rest -= 255) packed.write(0);
  packed.write(rest);
}
