/**
 * The box's file system as a kernel uses it: make, mount, unmount, and files by name. The layout on disk is drawn in
 * file-system-format.ts, the journal in file-system-journal.ts, pages of files in file-system-pages.ts.
 *
 * A mounted file system lives in the kernel's memory: superblock, table of files and cached pages are pages there. So it sleeps and
 * wakes with its kernel, and what another kernel writes to the partition in between goes unnoticed: the classic way to
 * destroy it (linux.md E.2, A1.13).
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { diskLayout } from '../disk-layout.ts';
import type { KernelName } from '../machine.ts';
import { type ContentId, zeroContent } from '../memory/contents.ts';
import { partitionDevice, rootDevice } from './file-system-disk.ts';
import {
  blankBlock,
  encodeFile,
  encodeSuperblock,
  type FileFacts,
  fileBlockLimit,
  fileIn,
  fileLimit,
  homeOf,
  inodeBlockOf,
  metadataBlockCount,
  metadataFile,
  type Superblock,
  superblockDecoder,
  superblockPlace,
} from './file-system-format.ts';
import { type BlockDevice, committedTransactions, emptyJournal } from './file-system-journal.ts';
import {
  addPages,
  checkpoint,
  readPages,
  superblockInMemory,
  syncFileSystem,
  writePages,
} from './file-system-pages.ts';
import { freeFrames } from './frame-allocator.ts';
import { allPages, editCache, findPage } from './page-cache.ts';
import { swapHeader } from './swap-area.ts';

/** A file that is there from the beginning, as if an installer had put it there. */
export type InstalledFile = { readonly name: string; readonly pages: readonly ContentId[] };

/** What a program writes into a file: one block, of which `usedBytes` belong to the file if it ends there. */
export type FileWrite = { readonly block: number; readonly content: ContentId; readonly usedBytes: number };

/** Linux reads ahead up to 128 KiB (VM_READAHEAD_PAGES, include/linux/mm.h, 6.12); four pages are enough for small files. */
const readAheadBlocks = 4;

/** Whether nobody has made a file system yet. */
export const isDiskBlank = (box: Box, kernel: KernelName): boolean =>
  rootDevice(box, kernel)?.read(superblockPlace.block) === blankBlock;

/** mkfs and mkswap: an empty file system but for the installed files, and the signature of the swap area. */
export function makeFileSystem(box: Box, installed: readonly InstalledFile[]): void {
  const { root, swap } = diskLayout(box.plan.ramBytes);
  const disk = partitionDevice(box, root);
  installed.forEach(({ name, pages }, index) => {
    const file = index + 1;
    pages.forEach((content, block) => {
      disk.write(homeOf({ file, block }) ?? 0, content);
    });
    const home = homeOf(inodeBlockOf(file)) ?? 0;
    const { offsetBytes, bytes } = encodeFile(file, { name, sizeBytes: pages.length * pageSizeBytes });
    disk.write(home, box.contents.written(disk.read(home), offsetBytes, bytes));
  });
  partitionDevice(box, swap).write(0, box.contents.intern(swapHeader(swap.count)));
  disk.flush();
  const fresh = {
    isMounted: false,
    mountCount: 0,
    blockCount: root.count,
    tail: emptyJournal,
    head: emptyJournal,
  };
  disk.write(superblockPlace.block, box.contents.intern(encodeSuperblock(fresh)));
  disk.flush();
}

/** Whether the journal had anything to replay. Whether the mount succeeded stands in the kernel's record (`mounted`). */
export function mountFileSystem(box: Box, kernel: KernelName): boolean {
  const record = box.machine.kernels[kernel];
  record.mounted = false;
  box.memory.write(box.plan.layout[kernel].cacheIndex.start, zeroContent);
  const disk = rootDevice(box, kernel);
  const found = disk && box.contents.decode(superblockDecoder, disk.read(superblockPlace.block));
  if (disk === undefined || found === undefined) return false;
  const head = replay(box, disk, found);
  const mountCount = (found.mountCount + 1) >>> 0;
  checkpoint(box, disk, { ...found, isMounted: true, mountCount, head });
  const metadata = Array.from({ length: metadataBlockCount }, (_, block) => {
    return { file: metadataFile, block, content: disk.read(block) };
  });
  record.mounted = addPages(box, kernel, metadata);
  return head.sequence !== found.tail.sequence;
}

/** Another system mounts the file system and leaves it again: the least that this changes on the disk is the superblock. */
export function mountElsewhere({ plan, contents, medium }: Pick<Box, 'plan' | 'contents' | 'medium'>): void {
  const block = diskLayout(plan.ramBytes).root.start + superblockPlace.block;
  const found = contents.decode(superblockDecoder, medium.read(block));
  if (found === undefined) return;
  const mountCount = (found.mountCount + 1) >>> 0;
  medium.write(block, contents.intern(encodeSuperblock({ ...found, mountCount })));
}

function replay(box: Box, disk: BlockDevice, { tail }: Superblock): Superblock['head'] {
  let head = tail;
  for (const { writes, next } of committedTransactions(disk.read, box.contents, tail)) {
    for (const { block, content } of writes) disk.write(block, content);
    head = next;
  }
  return head;
}

/** False: the disk refused, and the file system stays mounted. */
export function unmountFileSystem(box: Box, kernel: KernelName): boolean {
  if (!syncFileSystem(box, kernel)) return false;
  const superblock = superblockInMemory(box, kernel);
  const disk = rootDevice(box, kernel);
  if (superblock === undefined || disk === undefined) return false;
  checkpoint(box, disk, { ...superblock, isMounted: false });
  const drop = allPages(box, kernel);
  editCache(box, kernel, { drop });
  freeFrames(
    box,
    kernel,
    drop.map(({ frame }) => frame),
  );
  box.machine.kernels[kernel].mounted = false;
  return true;
}

/** The number of a file; undefined: there is none of that name. */
export function findFile(box: Box, kernel: KernelName, name: string): number | undefined {
  for (let file = 1; file < fileLimit; file++) {
    if (fileFacts(box, kernel, file)?.name === name) return file;
  }
  return undefined;
}

/** An empty file; undefined: the table is full, or there is no file system. */
export function createFile(box: Box, kernel: KernelName, name: string): number | undefined {
  if (!box.machine.kernels[kernel].mounted) return undefined;
  for (let file = 1; file < fileLimit; file++) {
    if (fileFacts(box, kernel, file) !== undefined) continue;
    const write = tableWrite(box, kernel, file, { name, sizeBytes: 0 });
    return write !== undefined && writePages(box, kernel, [write]) ? file : undefined;
  }
  return undefined;
}

export function fileFacts(box: Box, kernel: KernelName, file: number): FileFacts | undefined {
  const page = findPage(box, kernel, inodeBlockOf(file));
  return page && fileIn(box.contents.bytes(box.memory.read(page.frame)), file);
}

/** What a block of a file holds; undefined: refused, or beyond the end of the file. */
export function readFile(box: Box, kernel: KernelName, file: number, block: number): ContentId | undefined {
  const facts = fileFacts(box, kernel, file);
  if (facts === undefined || block * pageSizeBytes >= facts.sizeBytes) return undefined;
  const blockCount = Math.ceil(facts.sizeBytes / pageSizeBytes);
  return readPages(box, kernel, { file, block }, Math.min(readAheadBlocks, blockCount - block));
}

/** Into memory, all or nothing; a file grows without holes. False: no such file, too long, or no memory. */
export function writeFile(box: Box, kernel: KernelName, file: number, writes: readonly FileWrite[]): boolean {
  const facts = fileFacts(box, kernel, file);
  if (facts === undefined) return false;
  let { sizeBytes } = facts;
  for (const { block, usedBytes } of writes) {
    if (block >= fileBlockLimit || block * pageSizeBytes > sizeBytes) return false;
    sizeBytes = Math.max(sizeBytes, block * pageSizeBytes + usedBytes);
  }
  const pages = writes.map(({ block, content }) => ({ file, block, content }));
  const table =
    sizeBytes > facts.sizeBytes ? tableWrite(box, kernel, file, { ...facts, sizeBytes }) : undefined;
  return writePages(box, kernel, table === undefined ? pages : [...pages, table]);
}

/** The block of the table of files with one file changed. */
function tableWrite(box: Box, kernel: KernelName, file: number, facts: FileFacts) {
  const place = inodeBlockOf(file);
  const page = findPage(box, kernel, place);
  if (page === undefined) return undefined;
  const { offsetBytes, bytes } = encodeFile(file, facts);
  return { ...place, content: box.contents.written(box.memory.read(page.frame), offsetBytes, bytes) };
}
