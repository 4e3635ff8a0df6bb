/**
 * A file or a disk as a Source. Small reads go through a few blocks that are kept, because headers, page tables and the like are read
 * in pieces; large ones go straight to their buffer.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ImageError } from '../../image/image-error.ts';
import type { OpenSource } from './files.ts';

const blockSizeBytes = 65_536;
/** 16 MiB of blocks. */
const keptBlocks = 256;

export function diskSource(path: string): OpenSource {
  const file = openSync(path, 'r');
  const length = lengthOf(file);
  const blocks = new Map<number, Uint8Array>();
  const blockAt = (index: number): Uint8Array => {
    const known = blocks.get(index);
    if (known !== undefined) return known;
    const start = index * blockSizeBytes;
    const block = readFully(file, start, Math.min(blockSizeBytes, length - start));
    const oldest = blocks.size >= keptBlocks ? blocks.keys().next() : undefined;
    if (oldest?.done === false) blocks.delete(oldest.value);
    blocks.set(index, block);
    return block;
  };
  return {
    length,
    readAt: (offset, lengthBytes) => {
      const index = Math.floor(offset / blockSizeBytes);
      const within = offset - index * blockSizeBytes;
      if (within + lengthBytes > blockSizeBytes) return readFully(file, offset, lengthBytes);
      return blockAt(index).subarray(within, within + lengthBytes);
    },
    readInto: (offset, target) => fill(file, offset, target),
    close: () => closeSync(file),
  };
}

function readFully(file: number, offset: number, lengthBytes: number): Uint8Array {
  // Not zeroed, and not out of the pool: all of it is written below, or nobody sees it.
  const bytes = Buffer.allocUnsafeSlow(lengthBytes);
  fill(file, offset, bytes);
  return bytes;
}

function fill(file: number, offset: number, bytes: Uint8Array): void {
  const lengthBytes = bytes.length;
  for (let done = 0; done < lengthBytes; ) {
    const count = readSync(file, bytes, done, lengthBytes - done, offset + done);
    if (count === 0) {
      const facts = {
        offset: offset + done,
        expected: `${lengthBytes - done} bytes`,
        found: 'the end of the file',
      };
      throw new ImageError('bytes.out-of-range', facts);
    }
    done += count;
  }
}

/** A disk has no size of its own in the file system: it is found by trying where a byte can be read. */
function lengthOf(file: number): number {
  const stats = fstatSync(file);
  if (!stats.isBlockDevice()) return stats.size;
  const isReadable = (offset: number): boolean => readSync(file, Buffer.alloc(1), 0, 1, offset) === 1;
  let low = 0;
  let high = 2 ** 52;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (isReadable(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
