/**
 * LZ4, the bare block without frame or length: what hibernation images have with hibernate.compressor=lz4.
 *
 * A sequence is a token (4 bits for the literals, 4 for the match), more length bytes where 15 is not enough, literals, a distance
 * of 16 bits and more length bytes for the match, which has four bytes at least. The last sequence is literals only.
 * Facts: lz4/doc/lz4_Block_format.md, with its conditions at the end of a block; our own, since no package is bounded and typed.
 */
import { codecOf, endsEarly } from './codec.ts';
import { MatchFinder } from './match-finder.ts';
import { PackedBytes } from './packed-bytes.ts';
import { UnpackedBytes } from './unpacked-bytes.ts';

const minMatchBytes = 4;
/** What the four bits of a token hold at most, when bytes with more of the length follow. */
const more = 15;
const finder = new MatchFinder({ maxDistance: 0xffff, noStartBytes: 12, noMatchBytes: 5 });

export const lz4 = codecOf('lz4', 'LZ4 block: hibernation images with hibernate.compressor=lz4', {
  compressInto,
  decompressInto,
  worstCaseBytes: (lengthBytes) => lengthBytes + Math.ceil(lengthBytes / 255) + 16,
});

function compressInto(input: Uint8Array, output: Uint8Array): number {
  const packed = new PackedBytes(input, output);
  let at = 0;
  finder.begin(input);
  for (let count = finder.next(); count > 0; count = finder.next()) {
    for (let index = 0; index < count; index += 1) {
      const literals = finder.literalCounts[index] ?? 0;
      const length = finder.matchLengths[index] ?? 0;
      writeLiterals(packed, at, literals, length - minMatchBytes);
      packed.write16(finder.distances[index] ?? 0);
      writeRest(packed, length - minMatchBytes);
      at += literals + length;
    }
  }
  writeLiterals(packed, at, input.length - at, 0);
  return packed.length;
}

function writeLiterals(packed: PackedBytes, at: number, count: number, matchPart: number): void {
  packed.write((Math.min(count, more) << 4) | Math.min(matchPart, more));
  writeRest(packed, count);
  packed.copyLiterals(at, count);
}

/** What did not fit into the token: a 255 for every 255, and the rest, which is 0 to 254. */
function writeRest(packed: PackedBytes, length: number): void {
  let rest = length - more;
  if (rest < 0) return;
  for (; rest >= 255; rest -= 255) packed.write(255);
  packed.write(rest);
}

function decompressInto(input: Uint8Array, output: Uint8Array): number {
  const unpacked = new UnpackedBytes(input, output);
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let at = 0;
  for (;;) {
    const token = byteAt(view, at);
    const tokenAt = at;
    at += 1;
    let literals = token >>> 4;
    if (literals === more) {
      const last = firstNotFull(view, at);
      literals += (last - at) * 255 + view.getUint8(last);
      at = last + 1;
    }
    at = unpacked.copyLiterals(at, literals);
    // A block ends behind literals, with a token that has no match.
    if (at === view.byteLength && (token & more) === 0) return unpacked.length;
    const distance = wordAt(view, at);
    at += 2;
    let length = (token & more) + minMatchBytes;
    if ((token & more) === more) {
      const last = firstNotFull(view, at);
      length += (last - at) * 255 + view.getUint8(last);
      at = last + 1;
    }
    unpacked.copyMatch(distance, length, tokenAt);
  }
}

function firstNotFull(view: DataView, from: number): number {
  let at = from;
  while (byteAt(view, at) === 255) at += 1;
  return at;
}

function byteAt(view: DataView, at: number): number {
  if (at >= view.byteLength) throw endsEarly(at, 'a token or a length');
  return view.getUint8(at);
}

function wordAt(view: DataView, at: number): number {
  if (at + 2 > view.byteLength) throw endsEarly(at, 'a distance of two bytes');
  return view.getUint16(at, true);
}
