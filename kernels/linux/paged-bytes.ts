/**
 * Bytes and 64-bit words over pages, for structures that do not mind page borders.
 *
 * A stored page is never written again: the first write to a page takes a copy, and `flush` hands each changed page back once.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import { assert } from '../assert.ts';

/** Pages by their index within a region. */
export type PagePort = {
  readPage(index: number): Uint8Array;
  writePage(index: number, bytes: Uint8Array): void;
};

export type PagedBytes = {
  read(offset: number, length: number): Uint8Array;
  write(offset: number, bytes: Uint8Array): void;
  /** Words are aligned, so none crosses a page border. */
  word(offset: number): bigint;
  setWord(offset: number, value: bigint): void;
  flush(): void;
};

export function pagedBytes(port: PagePort): PagedBytes {
  const changed = new Map<number, Uint8Array>();
  const pageAt = (index: number): Uint8Array => changed.get(index) ?? port.readPage(index);
  const writable = (index: number): Uint8Array => {
    const page = changed.get(index) ?? port.readPage(index).slice();
    changed.set(index, page);
    return page;
  };
  const read = (offset: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    for (const { index, from, to, at } of piecesOf(offset, length))
      bytes.set(pageAt(index).subarray(from, to), at);
    return bytes;
  };
  const write = (offset: number, bytes: Uint8Array): void => {
    for (const { index, from, to, at } of piecesOf(offset, bytes.length)) {
      writable(index).set(bytes.subarray(at, at + to - from), from);
    }
  };
  return {
    read,
    write,
    word: (offset) => viewOf(pageAt(pageOf(offset))).getBigUint64(offset % pageSizeBytes, true),
    setWord: (offset, value) =>
      viewOf(writable(pageOf(offset))).setBigUint64(offset % pageSizeBytes, value, true),
    flush: () => {
      for (const [index, page] of changed) port.writePage(index, page);
      changed.clear();
    },
  };
}

function pageOf(wordOffset: number): number {
  assert(wordOffset % 8 === 0, `bytes.word: ${wordOffset} is not aligned`);
  return Math.floor(wordOffset / pageSizeBytes);
}

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The pages that a range touches: which part of each, and where that part stands in the range. */
function piecesOf(offset: number, length: number): { index: number; from: number; to: number; at: number }[] {
  assert(offset >= 0 && Number.isSafeInteger(offset + length), `bytes.range: ${length} bytes at ${offset}`);
  const pieces = [];
  for (let at = 0; at < length; ) {
    const index = Math.floor((offset + at) / pageSizeBytes);
    const from = (offset + at) % pageSizeBytes;
    const to = Math.min(pageSizeBytes, from + length - at);
    pieces.push({ index, from, to, at });
    at += to - from;
  }
  return pieces;
}
