/**
 * Reading and writing blocks of files through the page cache, and writing back what the cache holds.
 *
 * A block that was read or written stays in memory. Writing makes a page dirty and asks nothing of the disk; a sync takes every dirty
 * page, of all files and of the metadata, to the disk in one transaction of the journal. So after a power cut the whole file
 * system is as one sync left it. fsync of one file is the same (ext3 and ext4 with data=journal likewise commit everything that is
 * running); sync() and fsync() differ in nothing here.
 *
 * What fails gives undefined or false, and leaves dirty pages dirty, to be tried again (Linux 6.12 marks them clean and remembers the
 * error in the file, mm/filemap.c:mapping_set_error: here the caller counts it).
 */
import type { Box } from '../box.ts';
import type { KernelName } from '../machine.ts';
import type { ContentId } from '../memory/contents.ts';
import { rootDevice } from './file-system-disk.ts';
import {
  encodeSuperblock,
  type FilePlace,
  homeOf,
  metadataFile,
  type Superblock,
  superblockDecoder,
  superblockPlace,
} from './file-system-format.ts';
import { type BlockDevice, journalRoom, transactionSize, writeTransaction } from './file-system-journal.ts';
import { allocateFrames, freeFrames } from './frame-allocator.ts';
import {
  allPages,
  type CachedPage,
  type CacheEntry,
  cacheSlotCount,
  editCache,
  findPage,
  usedSlotCount,
} from './page-cache.ts';

export type PageWrite = FilePlace & { readonly content: ContentId };

/** What a block holds, and the next ones read with it when it has to come from the disk. Undefined: refused, or memory is short. */
export function readPages(
  box: Box,
  kernel: KernelName,
  place: FilePlace,
  count: number,
): ContentId | undefined {
  const hit = findPage(box, kernel, place);
  if (hit !== undefined) return box.memory.read(hit.frame);
  const disk = rootDevice(box, kernel);
  if (disk === undefined) return undefined;
  const reads = Array.from({ length: count }, (_, ahead) => ({
    ...place,
    block: place.block + ahead,
  })).flatMap((next) => {
    const home = findPage(box, kernel, next) === undefined ? homeOf(next) : undefined;
    return home === undefined ? [] : [{ ...next, content: disk.read(home) }];
  });
  return addPages(box, kernel, reads) ? reads[0]?.content : undefined;
}

/** Whole blocks; false: memory is short, or the cache is full of pages that cannot be written back. */
export function writePages(box: Box, kernel: KernelName, writes: readonly PageWrite[]): boolean {
  const isMissing = (write: PageWrite): boolean => findPage(box, kernel, write) === undefined;
  const add = newPages(box, kernel, writes.filter(isMissing), writes);
  if (add === undefined) return false;
  const soil: CacheEntry[] = [];
  for (const write of writes) {
    const entry = findPage(box, kernel, write);
    if (entry === undefined) continue;
    box.memory.write(entry.frame, write.content);
    if (!entry.isDirty) soil.push(entry);
  }
  editCache(box, kernel, { add: add.map((page) => ({ ...page, isDirty: true })), soil });
  return true;
}

/** Takes all dirty pages to the disk; false: the disk refused, or the file system in memory is no longer one. */
export function syncFileSystem(box: Box, kernel: KernelName): boolean {
  const dirty = allPages(box, kernel).filter(({ isDirty }) => isDirty);
  if (dirty.length === 0) return true;
  const superblock = superblockInMemory(box, kernel);
  const disk = rootDevice(box, kernel);
  if (superblock === undefined || disk === undefined) return false;
  const writes = dirty.flatMap((page) => {
    const home = homeOf(page);
    return home === undefined ? [] : [{ block: home, content: box.memory.read(page.frame) }];
  });
  const isShort = journalRoom(superblock.tail, superblock.head) < transactionSize(writes.length);
  const { tail } = isShort ? checkpoint(box, disk, superblock) : superblock;
  const head = writeTransaction(disk, box.contents, superblock.head, writes);
  keepSuperblock(box, kernel, { ...superblock, tail, head });
  editCache(box, kernel, { clean: dirty });
  return true;
}

/** Everything committed is in its home for good, so the journal is empty from here on. */
export function checkpoint(box: Box, disk: BlockDevice, superblock: Superblock): Superblock {
  disk.flush();
  const emptied = { ...superblock, tail: superblock.head };
  disk.write(superblockPlace.block, box.contents.intern(encodeSuperblock(emptied)));
  disk.flush();
  return emptied;
}

export function superblockInMemory(box: Box, kernel: KernelName): Superblock | undefined {
  const page = box.machine.kernels[kernel].mounted ? findPage(box, kernel, superblockPlace) : undefined;
  return page && box.contents.decode(superblockDecoder, box.memory.read(page.frame));
}

/** The superblock in memory is never dirty: only a checkpoint writes one. */
function keepSuperblock(box: Box, kernel: KernelName, superblock: Superblock): void {
  const page = findPage(box, kernel, superblockPlace);
  if (page !== undefined) box.memory.write(page.frame, box.contents.intern(encodeSuperblock(superblock)));
}

/** Puts into the cache what was read from the disk and is not there yet. */
export function addPages(box: Box, kernel: KernelName, pages: readonly PageWrite[]): boolean {
  const add = newPages(box, kernel, pages, pages);
  if (add !== undefined) editCache(box, kernel, { add });
  return add !== undefined;
}

/** Frames with contents that are not in the table yet; undefined: no room. What is in `keep` stays in the cache. */
function newPages(
  box: Box,
  kernel: KernelName,
  pages: readonly PageWrite[],
  keep: readonly FilePlace[],
): CachedPage[] | undefined {
  if (pages.length === 0) return [];
  const frames = makeRoom(box, kernel, pages.length, keep)
    ? allocateFrames(box, kernel, pages.length)
    : undefined;
  return frames?.flatMap((frame, index) => {
    const page = pages[index];
    if (page === undefined) return [];
    box.memory.write(frame, page.content);
    return [{ file: page.file, block: page.block, frame, isDirty: false }];
  });
}

/** Gives up clean pages, the lowest entries first, and writes back when there are not enough of them. */
function makeRoom(box: Box, kernel: KernelName, count: number, keep: readonly FilePlace[]): boolean {
  const excess = usedSlotCount(box, kernel) + count - cacheSlotCount;
  if (excess <= 0) return true;
  let pages = allPages(box, kernel);
  const isVictim = ({ file, block, isDirty }: CacheEntry): boolean =>
    file !== metadataFile && !isDirty && !keep.some((place) => place.file === file && place.block === block);
  if (pages.filter(isVictim).length < excess) {
    if (!syncFileSystem(box, kernel)) return false;
    pages = allPages(box, kernel);
  }
  const drop = pages.filter(isVictim).slice(0, excess);
  if (drop.length < excess) return false;
  editCache(box, kernel, { drop });
  freeFrames(
    box,
    kernel,
    drop.map(({ frame }) => frame),
  );
  return true;
}
