/**
 * The checksum of the saved blocks: the CRC-32 over, for each saved block in ascending order, its number (u64) and the CRC-32 of
 * its 4096 bytes (u32), both little-endian.
 *
 * It costs what was saved and not what the image is long, it notices a block in the wrong place, and so it covers the map too.
 */
import { ByteWriter } from '../../bytes.ts';
import { crc32 } from '../../codecs/crc32.ts';
import { ImageError } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';

/** Blocks of data: whole ones, ascending; block 0 is the first of the ELF file. */
export type SavedRun = { readonly firstBlock: number; readonly bytes: Uint8Array };

/** `before` is the checksum of the runs that came earlier, so a save can sum as it goes. */
export function checksumOf(runs: Iterable<SavedRun>, before = 0): number {
  let checksum = before;
  let nextBlock = 0;
  for (const { firstBlock, bytes } of runs) {
    checkRun(firstBlock, bytes, nextBlock);
    nextBlock = firstBlock + bytes.length / pageSizeBytes;
    checksum = crc32(entriesOf(firstBlock, bytes), checksum);
  }
  return checksum;
}

function entriesOf(firstBlock: number, bytes: Uint8Array): Uint8Array {
  const count = bytes.length / pageSizeBytes;
  const entries = new Uint8Array(count * entrySizeBytes);
  const writer = new ByteWriter(entries);
  for (let index = 0; index < count; index++) {
    const block = bytes.subarray(index * pageSizeBytes, (index + 1) * pageSizeBytes);
    writer.u64(index * entrySizeBytes, firstBlock + index);
    writer.u32(index * entrySizeBytes + 8, crc32(block));
  }
  return entries;
}

const entrySizeBytes = 12;

function checkRun(firstBlock: number, bytes: Uint8Array, nextBlock: number): void {
  if (firstBlock >= nextBlock && bytes.length % pageSizeBytes === 0) return;
  throw new ImageError('run.misplaced', {
    offset: firstBlock,
    expected: `whole blocks from block ${nextBlock} on`,
    found: `${bytes.length} bytes at block ${firstBlock}`,
  });
}
