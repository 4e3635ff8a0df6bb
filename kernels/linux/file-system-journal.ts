/**
 * The journal of the box's file system: what is to be written together is written here first, so that a power cut leaves all of it
 * or nothing.
 *
 *   index …          n                n+1 … n+count                       n+count+1        (the journal is a ring of 2048 blocks)
 *   | older … |      | descriptor     | copies of count blocks |          | commit         |
 *                    0 "kjumpjrn"                                         0 "kjumpjrn"
 *                    8 kind 1                                             8 kind 2
 *                    12 sequence                                          12 sequence
 *                    16 count                                             16 checksum
 *                    20 homes of the copies, count times 4 bytes
 *
 * Order of a transaction: descriptor and copies, flush, commit block, flush, and only then the blocks in their homes. Those stay in
 * the disk's cache for as long as it likes; the journal keeps them until a checkpoint (flush, then a superblock with a newer tail).
 * The checksum is the CRC-32 over the CRC-32s of descriptor and copies, so that a commit block which a disk let overtake its
 * copies does not count. Taken for granted: a block reaches the medium whole or not at all.
 *
 * jbd2 of Linux 6.12 works in this order (fs/jbd2/commit.c), with data=journal for the contents of files as well. Its escaped
 * blocks, revoke records, tags with checksums of their own and asynchronous commits are left out.
 */
import { crc32 } from '../../image/codecs/crc32.ts';
import { pageSizeBytes } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { ContentId, Contents, Decoder } from '../memory/contents.ts';

/** A disk or a partition, in blocks from its own beginning. What is written counts once it is flushed. */
export type BlockDevice = {
  read(block: number): ContentId;
  write(block: number, content: ContentId): void;
  flush(): void;
};

export type JournalPlace = { readonly index: number; readonly sequence: number };
export type BlockWrite = { readonly block: number; readonly content: ContentId };
export type Transaction = { readonly writes: readonly BlockWrite[]; readonly next: JournalPlace };

export const journalStartBlock = 64;
export const journalBlockCount = 2048;

const magic = 'kjumpjrn';
const kindDescriptor = 1;
const kindCommit = 2;
const homesOffset = 20;
const transactionBlockLimit = (pageSizeBytes - homesOffset) / 4;

export const emptyJournal: JournalPlace = { index: 0, sequence: 1 };

/** Blocks of the ring that a transaction needs, and blocks that are left between head and tail. */
export const transactionSize = (writeCount: number): number => writeCount + 2;
export const journalRoom = (tail: JournalPlace, head: JournalPlace): number =>
  journalBlockCount - 1 - ((head.index - tail.index + journalBlockCount) % journalBlockCount);

/** Gives back where the next transaction goes. The caller has made room. */
export function writeTransaction(
  disk: BlockDevice,
  contents: Contents,
  at: JournalPlace,
  writes: readonly BlockWrite[],
): JournalPlace {
  assert(writes.length <= transactionBlockLimit, 'journal: more blocks than transactionBlockLimit');
  const descriptor = contents.intern(encodeDescriptor(at.sequence, writes));
  disk.write(ringBlock(at.index), descriptor);
  writes.forEach(({ content }, index) => {
    disk.write(ringBlock(at.index + 1 + index), content);
  });
  disk.flush();
  const checksum = checksumOf(contents, [descriptor, ...writes.map(({ content }) => content)]);
  disk.write(
    ringBlock(at.index + 1 + writes.length),
    contents.intern(encodeBlock(kindCommit, at.sequence, checksum)),
  );
  disk.flush();
  for (const { block, content } of writes) disk.write(block, content);
  return placeAfter(at, writes.length);
}

/** The transactions from `tail` on that were committed, oldest first: what a mount has to write home. */
export function* committedTransactions(
  read: BlockDevice['read'],
  contents: Contents,
  tail: JournalPlace,
): Generator<Transaction> {
  let at = tail;
  // Every transaction takes two blocks or more, so a ring full of them ends here; the bound is for a damaged one.
  for (let count = 0; count < journalBlockCount; count++) {
    const descriptorContent = read(ringBlock(at.index));
    const descriptor = contents.decode(journalDecoder, descriptorContent);
    if (descriptor?.kind !== kindDescriptor || descriptor.sequence !== at.sequence) return;
    const copies = descriptor.homes.map((_, index) => read(ringBlock(at.index + 1 + index)));
    const commit = contents.decode(journalDecoder, read(ringBlock(at.index + 1 + copies.length)));
    if (commit?.kind !== kindCommit || commit.sequence !== at.sequence) return;
    if (commit.word !== checksumOf(contents, [descriptorContent, ...copies])) return;
    at = placeAfter(at, copies.length);
    const writes = copies.map((content, index) => ({ block: descriptor.homes[index] ?? 0, content }));
    yield { writes, next: at };
  }
}

const ringBlock = (index: number): number => journalStartBlock + (index % journalBlockCount);

const placeAfter = (at: JournalPlace, writeCount: number): JournalPlace => ({
  index: (at.index + transactionSize(writeCount)) % journalBlockCount,
  sequence: (at.sequence + 1) >>> 0,
});

function encodeBlock(kind: number, sequence: number, word: number): Uint8Array {
  const page = new Uint8Array(pageSizeBytes);
  const view = new DataView(page.buffer);
  page.set(new TextEncoder().encode(magic));
  [kind, sequence, word].forEach((value, index) => {
    view.setUint32(magic.length + 4 * index, value, true);
  });
  return page;
}

function encodeDescriptor(sequence: number, writes: readonly BlockWrite[]): Uint8Array {
  const page = encodeBlock(kindDescriptor, sequence, writes.length);
  const view = new DataView(page.buffer);
  writes.forEach(({ block }, index) => {
    view.setUint32(homesOffset + 4 * index, block, true);
  });
  return page;
}

type JournalBlock = {
  readonly kind: number;
  readonly sequence: number;
  readonly word: number;
  readonly homes: readonly number[];
};

const journalDecoder: Decoder<JournalBlock | undefined> = {
  name: 'journal block',
  decode(page) {
    const view = new DataView(page.buffer, page.byteOffset, page.length);
    if (new TextDecoder('latin1').decode(page.subarray(0, magic.length)) !== magic) return undefined;
    const [kind, sequence, word] = [
      view.getUint32(8, true),
      view.getUint32(12, true),
      view.getUint32(16, true),
    ];
    const count = kind === kindDescriptor ? Math.min(word, transactionBlockLimit) : 0;
    const homes = Array.from({ length: count }, (_, index) => view.getUint32(homesOffset + 4 * index, true));
    return { kind, sequence, word, homes };
  },
};

const pageChecksum: Decoder<number> = { name: 'CRC-32', decode: (page) => crc32(page) };

function checksumOf(contents: Contents, ids: readonly ContentId[]): number {
  const sums = Uint32Array.from(ids, (id) => contents.decode(pageChecksum, id));
  const bytes = new Uint8Array(4 * sums.length);
  const view = new DataView(bytes.buffer);
  sums.forEach((sum, index) => {
    view.setUint32(4 * index, sum, true);
  });
  return crc32(bytes);
}
