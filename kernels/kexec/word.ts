/**
 * 64-bit words in the bytes of a page, little endian, as a processor reads and writes them. Any value can stand
 * in memory, so nothing here fails on a value. Words are kept as 16 hex digits and are BigInt only inside these
 * functions.
 */
import type { Hex64 } from '../../image/bytes.ts';
import { type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';

export const wordSizeBytes = 8;
export const zeroWord: Hex64 = '0'.repeat(16);

/** Physical addresses end at 2^52 (Intel SDM volume 3A, 4.1.4), so frame numbers at 2^40. */
const frameLimit = 2 ** 40;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const readWord = (bytes: Uint8Array, offset: number): Hex64 =>
  hexWord(viewOf(bytes).getBigUint64(offset, true));

export function writeWord(bytes: Uint8Array, offset: number, word: Hex64): void {
  viewOf(bytes).setBigUint64(offset, BigInt(`0x${word}`), true);
}

/** Of a number up to 2^64 that a double holds exactly, or a BigInt. */
export const hexWord = (value: number | bigint): Hex64 =>
  BigInt.asUintN(64, BigInt(value)).toString(16).padStart(16, '0');

/** A word made of a frame's address and bits below it: entries of kexec lists and page tables. */
export type FrameWord = { readonly frame: Pfn; readonly lowBits: number };

export function writeFrameWord(bytes: Uint8Array, offset: number, { frame, lowBits }: FrameWord): void {
  const view = viewOf(bytes);
  view.setUint32(offset, ((frame % 2 ** 20) * pageSizeBytes + lowBits) >>> 0, true);
  view.setUint32(offset + 4, Math.floor(frame / 2 ** 20), true);
}

/** Without BigInt, because lists have millions of entries. Undefined when the word has bits beyond 2^52. */
export function readFrameWord(bytes: Uint8Array, offset: number): FrameWord | undefined {
  const low = (bytes[offset + 1] ?? 0) * 256 + (bytes[offset] ?? 0);
  const middle = (bytes[offset + 3] ?? 0) * 256 + (bytes[offset + 2] ?? 0);
  const high = viewOf(bytes).getUint32(offset + 4, true);
  if (high >= frameLimit / 2 ** 20) return undefined;
  return {
    frame: pfn(high * 2 ** 20 + middle * 16 + Math.floor(low / pageSizeBytes)),
    lowBits: low % pageSizeBytes,
  };
}
