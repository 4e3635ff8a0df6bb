/**
 * How the box's file system lies on its partition: a small journaling file system of our own, in blocks of 4096 bytes.
 *
 *   block 0      1            2             3        64        2112         2304         2496         …        14208      16384
 *   | superblock | files 0-31 | files 32-63 | unused | journal | of file 1  | of file 2  | of file 3  | … of 63 | unused  |
 *
 *   superblock   0 "kjumpfs1" · 8 state · 12 mount count · 16 blocks · 20 tail index · 24 tail sequence · 28 head index ·
 *                32 head sequence · 4092 CRC-32 of all before it
 *   file         0 name, 64 bytes, padded with NUL · 64 size in bytes (u64) · 72 zero, up to 128 bytes
 *
 * Numbers are little-endian, 32 bits where nothing else is said. File 0 is no file: under its number the page cache keeps the
 * metadata, blocks 0 to 2. Each file owns its extent of 192 blocks for good, so there are no block pointers and no block bitmap,
 * no directories, no times, no rights. The superblock is written only by mkfs, mount, checkpoint and unmount; its head is
 * trustworthy in memory only (journal: file-system-journal.ts).
 *
 * ext4, which real machines would have here, shares the parts that hibernation cares about: state and count of mounts, a journal
 * that a mount replays, a cached view that must stay true while the machine sleeps.
 */
import { crc32 } from '../../image/codecs/crc32.ts';
import { pageSizeBytes } from '../../image/pfn.ts';
import { type Decoder, zeroContent } from '../memory/contents.ts';
import type { JournalPlace } from './file-system-journal.ts';

export type FilePlace = { readonly file: number; readonly block: number };

export type Superblock = {
  readonly isMounted: boolean;
  readonly mountCount: number;
  readonly blockCount: number;
  /** The first transaction whose blocks may not be in their homes yet. */
  readonly tail: JournalPlace;
  /** Where the next transaction goes. */
  readonly head: JournalPlace;
};

export type FileFacts = { readonly name: string; readonly sizeBytes: number };

export const metadataFile = 0;
export const superblockPlace: FilePlace = { file: metadataFile, block: 0 };
export const metadataBlockCount = 3;
export const fileLimit = 64;
export const fileBlockLimit = 192;
export const blankBlock = zeroContent;

const inodeTableBlock = 1;
const inodeSizeBytes = 128;
const inodesPerBlock = pageSizeBytes / inodeSizeBytes;
const nameLimitBytes = 64;
const dataStartBlock = 2112;

const magic = 'kjumpfs1';
const stateClean = 1;
const stateMounted = 2;
export const checksumOffset = pageSizeBytes - 4;

/** Where a block of a file stands on the partition; undefined when there is no such block. */
export function homeOf({ file, block }: FilePlace): number | undefined {
  if (file === metadataFile) return block < metadataBlockCount ? block : undefined;
  const isFile = file > 0 && file < fileLimit && block >= 0 && block < fileBlockLimit;
  return isFile ? dataStartBlock + (file - 1) * fileBlockLimit + block : undefined;
}

/** The block of the table in which a file's name and size stand. */
export const inodeBlockOf = (file: number): FilePlace => ({
  file: metadataFile,
  block: inodeTableBlock + Math.floor(file / inodesPerBlock),
});

export function encodeSuperblock(superblock: Superblock): Uint8Array {
  const page = new Uint8Array(pageSizeBytes);
  const view = new DataView(page.buffer);
  const { isMounted, mountCount, blockCount, tail, head } = superblock;
  const words = [isMounted ? stateMounted : stateClean, mountCount, blockCount];
  page.set(new TextEncoder().encode(magic));
  [...words, tail.index, tail.sequence, head.index, head.sequence].forEach((word, index) => {
    view.setUint32(magic.length + 4 * index, word, true);
  });
  view.setUint32(checksumOffset, crc32(page.subarray(0, checksumOffset)), true);
  return page;
}

/** Undefined: this is no superblock, or a damaged one. */
export const superblockDecoder: Decoder<Superblock | undefined> = {
  name: 'superblock',
  decode(page) {
    const view = new DataView(page.buffer, page.byteOffset, page.length);
    if (new TextDecoder('latin1').decode(page.subarray(0, magic.length)) !== magic) return undefined;
    if (view.getUint32(checksumOffset, true) !== crc32(page.subarray(0, checksumOffset))) return undefined;
    const word = (index: number): number => view.getUint32(magic.length + 4 * index, true);
    return {
      isMounted: word(0) === stateMounted,
      mountCount: word(1),
      blockCount: word(2),
      tail: { index: word(3), sequence: word(4) },
      head: { index: word(5), sequence: word(6) },
    };
  },
};

/** `page` is the block of the table that `inodeBlockOf` names. A file without a name does not exist. */
export function fileIn(page: Uint8Array, file: number): FileFacts | undefined {
  const start = (file % inodesPerBlock) * inodeSizeBytes;
  const end = page.indexOf(0, start);
  if (end <= start || end >= start + nameLimitBytes) return undefined;
  const view = new DataView(page.buffer, page.byteOffset, page.length);
  const sizeBytes = Number(view.getBigUint64(start + nameLimitBytes, true));
  const limitBytes = fileBlockLimit * pageSizeBytes;
  return {
    name: new TextDecoder().decode(page.subarray(start, end)),
    sizeBytes: Math.min(sizeBytes, limitBytes),
  };
}

/** The bytes of one file in its block of the table, and where they go. */
export function encodeFile(
  file: number,
  { name, sizeBytes }: FileFacts,
): { offsetBytes: number; bytes: Uint8Array } {
  const bytes = new Uint8Array(inodeSizeBytes);
  bytes.set(new TextEncoder().encode(name).subarray(0, nameLimitBytes - 1));
  new DataView(bytes.buffer).setBigUint64(nameLimitBytes, BigInt(sizeBytes), true);
  return { offsetBytes: (file % inodesPerBlock) * inodeSizeBytes, bytes };
}
