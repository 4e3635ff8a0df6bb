/**
 * Files by name as they are at one moment, without touching anything: from the pages that the kernel has cached, else from the disk.
 * A file system that is not mounted is read as a mount would find it, with the committed part of its journal.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import type { BlockPort } from '../box.ts';
import { diskLayout } from '../disk-layout.ts';
import type { Machine } from '../machine.ts';
import type { ContentId } from '../memory/contents.ts';
import {
  type FileFacts,
  type FilePlace,
  fileIn,
  fileLimit,
  homeOf,
  inodeBlockOf,
  superblockDecoder,
  superblockPlace,
} from './file-system-format.ts';
import { committedTransactions } from './file-system-journal.ts';
import { cacheEntries } from './page-cache.ts';
import type { MemoryView } from './task.ts';

/** Enough of a box to read its files; any kept world can give it. */
export type StorageView = MemoryView & {
  readonly machine: Machine;
  readonly medium: Pick<BlockPort, 'read'>;
};

export type StoredFile = FileFacts & { readonly blocks: readonly ContentId[] };

type ReadPlace = (place: FilePlace) => ContentId;

export function filesOf(view: StorageView): StoredFile[] {
  const read = view.machine.kernels.original.mounted ? throughCache(view) : afterReplay(view);
  return Array.from({ length: fileLimit - 1 }, (_, index) => index + 1).flatMap((file) => {
    const facts = fileIn(view.contents.bytes(read(inodeBlockOf(file))), file);
    if (facts === undefined) return [];
    const blockCount = Math.ceil(facts.sizeBytes / pageSizeBytes);
    return [{ ...facts, blocks: Array.from({ length: blockCount }, (_, block) => read({ file, block })) }];
  });
}

function throughCache(view: StorageView): ReadPlace {
  const table = view.memory.read(view.plan.layout.original.cacheIndex.start);
  const cached = new Map(
    cacheEntries(view.plan, view.contents.bytes(table)).map(({ file, block, frame }) => [
      `${file} ${block}`,
      frame,
    ]),
  );
  return (place) => {
    const frame = cached.get(`${place.file} ${place.block}`);
    return frame === undefined ? readRoot(view, homeOf(place) ?? 0) : view.memory.read(frame);
  };
}

function afterReplay(view: StorageView): ReadPlace {
  const read = (block: number): ContentId => readRoot(view, block);
  const replayed = new Map<number, ContentId>();
  const superblock = view.contents.decode(superblockDecoder, read(superblockPlace.block));
  const transactions = superblock ? committedTransactions(read, view.contents, superblock.tail) : [];
  for (const { writes } of transactions)
    for (const { block, content } of writes) replayed.set(block, content);
  return (place) => {
    const home = homeOf(place) ?? 0;
    return replayed.get(home) ?? read(home);
  };
}

/** A block of the partition as the disk would give it: from its own cache, else from the medium. */
function readRoot({ machine, medium, plan }: StorageView, block: number): ContentId {
  const place = diskLayout(plan.ramBytes).root.start + block;
  const cached = machine.disk.cache.find((slot) => slot.used && slot.block === place);
  // A slot's plain number is the id of a content: records hold numbers, so that they can be packed.
  return cached === undefined ? medium.read(place) : (cached.holds as ContentId);
}
