/**
 * A file with holes, in memory: a Sink and a Source in one. Costs what is written into it, whatever its length.
 */
import { hex, ImageError } from './image-error.ts';
import type { Sink, Source, Stretch } from './sink.ts';

export type MemoryFile = Sink & Source & { dataStretches(): Iterable<Stretch> };

const blockSizeBytes = 4096;

export function memoryFile(): MemoryFile {
  const blocks = new Map<number, Uint8Array>();
  let length = 0;

  return {
    get length() {
      return length;
    },
    writeAt(offset, bytes) {
      checkEnd(offset, bytes.length);
      forEachBlock(offset, bytes.length, (index, from, at, count) => {
        const block = blocks.get(index) ?? new Uint8Array(blockSizeBytes);
        block.set(bytes.subarray(at, at + count), from);
        blocks.set(index, block);
      });
      length = Math.max(length, offset + bytes.length);
    },
    setLength(bytes) {
      checkEnd(0, bytes);
      if (bytes < length) cutBlocks(blocks, bytes);
      length = bytes;
    },
    readAt(offset, lengthBytes) {
      const bytes = new Uint8Array(lengthBytes);
      forEachBlock(offset, lengthBytes, (index, from, at, count) => {
        const block = blocks.get(index);
        if (block !== undefined) bytes.set(block.subarray(from, from + count), at);
      });
      return bytes;
    },
    dataStretches: () => stretchesOf([...blocks.keys()], length),
  };
}

/** Calls `visit` once for each block that the stretch touches: block index, offset in the block, offset in the stretch, count. */
function forEachBlock(
  offset: number,
  lengthBytes: number,
  visit: (index: number, from: number, at: number, count: number) => void,
): void {
  for (let at = 0; at < lengthBytes; ) {
    const from = (offset + at) % blockSizeBytes;
    const count = Math.min(blockSizeBytes - from, lengthBytes - at);
    visit(Math.floor((offset + at) / blockSizeBytes), from, at, count);
    at += count;
  }
}

/** What is cut off is gone: it must read as zeros when the file grows again. */
function cutBlocks(blocks: Map<number, Uint8Array>, length: number): void {
  const lastIndex = Math.floor(length / blockSizeBytes);
  for (const index of [...blocks.keys()]) if (index > lastIndex) blocks.delete(index);
  blocks.get(lastIndex)?.fill(0, length % blockSizeBytes);
}

function stretchesOf(blockIndexes: number[], length: number): Stretch[] {
  const stretches: { offset: number; length: number }[] = [];
  for (const index of blockIndexes.sort((a, b) => a - b)) {
    const offset = index * blockSizeBytes;
    const last = stretches.at(-1);
    if (last !== undefined && last.offset + last.length === offset) last.length += blockSizeBytes;
    else stretches.push({ offset, length: blockSizeBytes });
  }
  const last = stretches.at(-1);
  if (last !== undefined) last.length = Math.min(last.length, length - last.offset);
  return stretches.filter((stretch) => stretch.length > 0);
}

function checkEnd(offset: number, lengthBytes: number): void {
  const isInside = Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(offset + lengthBytes);
  if (isInside && lengthBytes >= 0) return;
  throw new ImageError('bytes.out-of-range', {
    offset,
    expected: 'a place from 0 to 2^53 - 1',
    found: `${lengthBytes} bytes at ${hex(offset)}`,
  });
}
