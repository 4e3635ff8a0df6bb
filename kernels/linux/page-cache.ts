/**
 * Pages of files that stand in memory: a table in one page of the kernel's own memory (layout.cacheIndex), 512 entries of 8 bytes.
 *
 *   bit 63   62      61 … 54   53 … 40   39 … 0         an entry that is not used is zero
 *   | used | dirty | file    | block   | frame |
 *
 * The table says which frame holds which block of which file, and whether the disk still has something older. File 0 is the metadata
 * of the file system. An entry whose frame is no RAM is not believed: another kernel may have written over the table.
 * Linux keeps an xarray for each file and finds pages to give up by age (mm/filemap.c, mm/vmscan.c, 6.12); here the lowest entries
 * go first, and metadata stays.
 */
import { type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import type { KernelName } from '../machine.ts';
import type { Plan } from '../plan.ts';
import type { FilePlace } from './file-system-format.ts';
import { isRam } from './frame-allocator.ts';

export type CachedPage = FilePlace & { readonly frame: Pfn; readonly isDirty: boolean };
/** An entry of the table: `slot` is its place there. */
export type CacheEntry = CachedPage & { readonly slot: number };

export const cacheSlotCount = pageSizeBytes / 8;

const usedBit = 2 ** 31;
const dirtyBit = 2 ** 30;
const fileShift = 22;
const blockShift = 8;
/** Of the upper 32 bits, all but used, dirty and the top of the frame number. */
const placeMask = 0x3fffff00;

export function findPage(box: Box, kernel: KernelName, place: FilePlace): CacheEntry | undefined {
  const view = tableOf(box, kernel);
  const wanted = placeWord(place);
  for (let slot = 0; slot < cacheSlotCount; slot++) {
    const word = view.getUint32(8 * slot + 4, true);
    if (word >= usedBit && (word & placeMask) === wanted) return entryAt(box.plan, view, slot);
  }
  return undefined;
}

/** All entries in the order of the table, read from the page that holds it. */
export function cacheEntries(plan: Plan, table: Uint8Array): CacheEntry[] {
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  return Array.from({ length: cacheSlotCount }, (_, slot) => entryAt(plan, view, slot)).filter(
    (entry) => entry !== undefined,
  );
}

export function allPages(box: Box, kernel: KernelName): CacheEntry[] {
  return cacheEntries(
    box.plan,
    box.contents.bytes(box.memory.read(box.plan.layout[kernel].cacheIndex.start)),
  );
}

export function usedSlotCount(box: Box, kernel: KernelName): number {
  const view = tableOf(box, kernel);
  let count = 0;
  for (let slot = 0; slot < cacheSlotCount; slot++)
    count += view.getUint32(8 * slot + 4, true) >= usedBit ? 1 : 0;
  return count;
}

export type CacheEdit = {
  readonly add?: readonly CachedPage[];
  readonly drop?: readonly CacheEntry[];
  readonly soil?: readonly CacheEntry[];
  readonly clean?: readonly CacheEntry[];
};

/** Many changes in one write of the table. The caller has seen that there is room for what is added. */
export function editCache(
  box: Box,
  kernel: KernelName,
  { add = [], drop = [], soil = [], clean = [] }: CacheEdit,
): void {
  if (add.length + drop.length + soil.length + clean.length === 0) return;
  const table = box.plan.layout[kernel].cacheIndex.start;
  const bytes = box.contents.bytes(box.memory.read(table)).slice();
  const view = new DataView(bytes.buffer);
  for (const { slot } of drop) view.setBigUint64(8 * slot, 0n, true);
  for (const entry of soil) setEntry(view, entry.slot, { ...entry, isDirty: true });
  for (const entry of clean) setEntry(view, entry.slot, { ...entry, isDirty: false });
  let slot = 0;
  for (const page of add) {
    while (slot < cacheSlotCount && view.getUint32(8 * slot + 4, true) >= usedBit) slot++;
    if (slot < cacheSlotCount) setEntry(view, slot, page);
  }
  box.memory.write(table, box.contents.intern(bytes));
}

function tableOf(box: Box, kernel: KernelName): DataView {
  const bytes = box.contents.bytes(box.memory.read(box.plan.layout[kernel].cacheIndex.start));
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

const placeWord = ({ file, block }: FilePlace): number => (file << fileShift) | (block << blockShift);

function entryAt(plan: Plan, view: DataView, slot: number): CacheEntry | undefined {
  const word = view.getUint32(8 * slot + 4, true);
  if (word < usedBit) return undefined;
  const frame = pfn((word & 0xff) * 2 ** 32 + view.getUint32(8 * slot, true));
  if (!isRam(plan, frame)) return undefined;
  const file = (word & placeMask) >>> fileShift;
  const block = (word >>> blockShift) & 0x3fff;
  return { file, block, frame, isDirty: (word & dirtyBit) !== 0, slot };
}

function setEntry(view: DataView, slot: number, { frame, isDirty, ...place }: CachedPage): void {
  const frameTop = Math.floor(frame / 2 ** 32);
  view.setUint32(8 * slot, frame % 2 ** 32, true);
  view.setUint32(8 * slot + 4, usedBit + (isDirty ? dirtyBit : 0) + placeWord(place) + frameTop, true);
}
