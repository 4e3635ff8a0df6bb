/** Bytes by physical address, out of an image that knows pages. */
import type { MemoryImage } from './memory-image.ts';
import { frameOf, offsetInPage, type PhysicalAddress, pageSizeBytes, physical } from './pfn.ts';
import { checkReadLength } from './sink.ts';

export const readPhysicalFrom =
  ({ readPage }: Pick<MemoryImage, 'readPage'>) =>
  (address: PhysicalAddress, lengthBytes: number): Uint8Array => {
    const from = offsetInPage(address);
    if (from + lengthBytes <= pageSizeBytes)
      return readPage(frameOf(address)).slice(from, from + lengthBytes);
    checkReadLength(address, lengthBytes);
    const bytes = new Uint8Array(lengthBytes);
    for (let at = 0; at < lengthBytes; ) {
      const within = offsetInPage(physical(address + at));
      const piece = readPage(frameOf(physical(address + at))).subarray(within, within + lengthBytes - at);
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  };
