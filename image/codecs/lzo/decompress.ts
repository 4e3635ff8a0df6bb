/**
 * LZO1X, unpacking: bitstream version 0, as hibernation images and makedumpfile have it.
 *
 * What an instruction means depends on `state`, the literals that the one before it copied: 0, 1 to 3, or 4 for four and more.
 * Facts and names: Linux, Documentation/staging/lzo.rst, "Byte sequences".
 * Left out: version 1 (lzo-rle, which zram uses); it is refused by name.
 */
import { damaged, endsEarly, trailing, unsupported } from '../codec.ts';
import { UnpackedBytes } from '../unpacked-bytes.ts';

/** A match of the farthest kind, three bytes long, with the distance that no such match has. */
const endCode = 0b0001_0001;
const endDistance = 0x4000;

export function lzoDecompressInto(input: Uint8Array, output: Uint8Array): number {
  const unpacked = new UnpackedBytes(input, output);
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let at = copyFirstLiterals(view, unpacked);
  let state = Math.min(unpacked.length, 4);
  for (;;) {
    const code = byteAt(view, at);
    if (code < 16 && state === 0) {
      at = copyLiteralRun(view, unpacked, at);
      state = 4;
      continue;
    }
    if (code === endCode && wordAt(view, at + 1) === 0) return ended(view, unpacked, at + 3);
    if (code < 16) at = copyNear(view, unpacked, at, state);
    else if (code < 64) at = copyFar(view, unpacked, at);
    else {
      const distance = (byteAt(view, at + 1) << 3) + ((code >>> 2) & 7) + 1;
      unpacked.copyMatch(distance, (code >>> 5) + 1, at);
      at += 2;
    }
    // Every match has them in the last byte but one.
    state = view.getUint8(at - 2) & 3;
    at = unpacked.copyLiterals(at, state);
  }
}

/** Returns where the first instruction begins. */
function copyFirstLiterals(view: DataView, unpacked: UnpackedBytes): number {
  const first = byteAt(view, 0);
  if (first === 17 && view.byteLength >= 5 && view.getUint8(1) !== 0)
    throw unsupported(1, 'an LZO stream of version 0', `version ${view.getUint8(1)}`);
  return first > 17 ? unpacked.copyLiterals(1, first - 17) : 0;
}

function copyLiteralRun(view: DataView, unpacked: UnpackedBytes, at: number): number {
  const code = view.getUint8(at);
  if (code > 0) return unpacked.copyLiterals(at + 1, code + 3);
  const last = firstNonZero(view, at + 1);
  return unpacked.copyLiterals(last + 1, 3 + longLength(view, at + 1, last, 15));
}

/** Two bytes from within 1 KiB behind one to three literals; three bytes from the 2 KiB beyond the first two behind more. */
function copyNear(view: DataView, unpacked: UnpackedBytes, at: number, state: number): number {
  const back = (byteAt(view, at + 1) << 2) + (view.getUint8(at) >>> 2);
  if (state === 4) unpacked.copyMatch(back + 2049, 3, at);
  else unpacked.copyMatch(back + 1, 2, at);
  return at + 2;
}

/** From within 16 KiB, or from 16 to 48 KiB. */
function copyFar(view: DataView, unpacked: UnpackedBytes, at: number): number {
  const code = view.getUint8(at);
  const isFarthest = code < 32;
  const most = isFarthest ? 7 : 31;
  const short = code & most;
  const last = short === 0 ? firstNonZero(view, at + 1) : at;
  const length = 2 + (short === 0 ? longLength(view, at + 1, last, most) : short);
  const back = wordAt(view, last + 1) >>> 2;
  const distance = isFarthest ? endDistance + ((code & 8) << 11) + back : back + 1;
  if (isFarthest && distance === endDistance)
    throw damaged(at, 'the end marker 11 00 00', 'another of its kind');
  unpacked.copyMatch(distance, length, at);
  return last + 3;
}

/** A zero stands for 255, the byte behind the zeros for itself. */
const longLength = (view: DataView, zerosFrom: number, last: number, most: number): number =>
  most + (last - zerosFrom) * 255 + view.getUint8(last);

function firstNonZero(view: DataView, from: number): number {
  let at = from;
  while (byteAt(view, at) === 0) at += 1;
  return at;
}

function ended(view: DataView, unpacked: UnpackedBytes, at: number): number {
  if (at < view.byteLength) throw trailing(at, view.byteLength - at);
  return unpacked.length;
}

function byteAt(view: DataView, at: number): number {
  if (at >= view.byteLength) throw endsEarly(at, 'an instruction, or the end marker 11 00 00');
  return view.getUint8(at);
}

function wordAt(view: DataView, at: number): number {
  if (at + 2 > view.byteLength) throw endsEarly(at, 'two bytes of an instruction');
  return view.getUint16(at, true);
}
