/**
 * What a task can address: page tables of its own in emulated frames, and a heap behind them.
 *
 *   root → level 3 → level 2 → heap table of 512 entries → heap page 0 at 0x555555600000, page 1 at 0x555555601000, … 510
 *
 * One table covers the whole heap, because it begins at a border of 2 MiB: the first one behind 0x555555554000, where Linux loads a
 * position-independent program without randomisation (ELF_ET_DYN_BASE, two thirds of TASK_SIZE: arch/x86/include/asm/elf.h, 6.12).
 * A page gets its frame when it is first written, and gives it back when it is freed. All reading and writing goes through the
 * tables as they stand in memory: whoever damages them moves or takes away the task's memory.
 *
 * Not here: the kernel's half of the tables, text, stack, rights of pages beyond present, writable and user, swapping out.
 */
import { addressOf, type Pfn, pageSizeBytes } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { readFrameWord, writeFrameWord } from '../kexec/word.ts';
import { type ContentId, zeroContent } from '../memory/contents.ts';
import { allocateFrame, allocateFrames, freeFrames, isRam } from './frame-allocator.ts';
import { buildPageTables } from './page-tables.ts';
import { giveError, type MemoryView, readTask, recordOf } from './task.ts';

export type HeapWrite = { readonly page: number; readonly content: ContentId };

export const heapBase = 0x555555600000n;
/** One less than the table has: the record counts below 512. */
export const heapPageLimit = 511;

/** Present, writable, user, accessed, dirty: Intel SDM volume 3A, table 4-20. */
const userPageBits = 0x67;
const presentBit = 0x1;

/** Tables with heap page 0, which is zero; undefined: memory is short. */
export function makeAddressSpace(box: Box): Pfn | undefined {
  const firstPage = allocateFrame(box, 'original');
  if (firstPage === undefined) return undefined;
  const heap = {
    virtualAddress: heapBase,
    physicalAddress: addressOf(firstPage),
    sizeBytes: pageSizeBytes,
    leafLevel: 1,
    isUser: true,
  } as const;
  const tables = buildPageTables([heap], () => allocateFrame(box, 'original'));
  if (tables.type === 'page-tables.failed') {
    freeFrames(box, 'original', [firstPage, ...tables.frames]);
    return undefined;
  }
  box.memory.write(firstPage, zeroContent);
  for (const { frame, bytes } of tables.pages) box.memory.write(frame, box.contents.intern(bytes));
  return tables.root;
}

/** What a heap page holds; undefined: it is not mapped. */
export function readTaskPage(view: MemoryView, task: number, page: number): ContentId | undefined {
  const table = heapTableOf(view, task);
  const frame = table && frameIn(view, bytesOf(view, table), page);
  return frame && view.memory.read(frame);
}

/** The heap pages that are mapped, in order, with what they hold. */
export function taskPages(view: MemoryView, task: number): HeapWrite[] {
  const table = heapTableOf(view, task);
  if (table === undefined) return [];
  const bytes = bytesOf(view, table);
  return Array.from({ length: heapPageLimit }, (_, page) => page).flatMap((page) => {
    const frame = frameIn(view, bytes, page);
    return frame === undefined ? [] : [{ page, content: view.memory.read(frame) }];
  });
}

/** Frames of a task's own: its tables from the root down, and its heap with the number of each page in virtual memory. */
export function taskFrames(
  view: MemoryView,
  task: number,
): {
  readonly tables: readonly Pfn[];
  readonly pages: readonly { readonly frame: Pfn; readonly index: number }[];
} {
  const tables = tablesOf(view, task);
  const last = tables.length === tableShifts.length + 1 ? tables.at(-1) : undefined;
  const bytes = last === undefined ? undefined : bytesOf(view, last);
  const first = Number(heapBase / BigInt(pageSizeBytes));
  const pages = Array.from({ length: bytes === undefined ? 0 : heapPageLimit }, (_, page) => page).flatMap(
    (page) => {
      const frame = bytes && frameIn(view, bytes, page);
      return frame === undefined ? [] : [{ frame, index: first + page }];
    },
  );
  return { tables, pages };
}

/** Whole pages, in one go; pages that are not there yet get frames. False, and an error for the task: a fault, or no memory. */
export function writeTaskPages(box: Box, task: number, writes: readonly HeapWrite[]): boolean {
  const table = heapTableOf(box, task);
  const before = table && bytesOf(box, table);
  const missing = writes.filter(({ page }) => before && frameIn(box, before, page) === undefined);
  const frames = before && allocateFrames(box, 'original', missing.length);
  if (table === undefined || before === undefined || frames === undefined) {
    giveError(box, task);
    return false;
  }
  const after = before.slice();
  missing.forEach(({ page }, index) => {
    const frame = frames[index];
    if (frame !== undefined) writeFrameWord(after, 8 * page, { frame, lowBits: userPageBits });
  });
  if (missing.length > 0) keepTable(box, task, table, after);
  for (const { page, content } of writes) {
    const frame = frameIn(box, after, page);
    if (frame !== undefined) box.memory.write(frame, content);
  }
  return true;
}

/** A store of a few bytes into a page that is mapped: the page is copied, changed and interned. */
export function writeTaskBytes(
  box: Box,
  task: number,
  at: { readonly page: number; readonly offsetBytes: number },
  bytes: Uint8Array,
): boolean {
  const before = readTaskPage(box, task, at.page);
  if (before === undefined) {
    giveError(box, task);
    return false;
  }
  const content = box.contents.written(before, at.offsetBytes, bytes);
  return writeTaskPages(box, task, [{ page: at.page, content }]);
}

export function freeTaskPages(box: Box, task: number, pages: readonly number[]): void {
  const table = heapTableOf(box, task);
  if (table === undefined) {
    giveError(box, task);
    return;
  }
  const before = bytesOf(box, table);
  const after = before.slice();
  const frames = pages.map((page) => frameIn(box, before, page)).filter((frame) => frame !== undefined);
  for (const page of pages) after.fill(0, 8 * page, 8 * page + 8);
  keepTable(box, task, table, after);
  freeFrames(box, 'original', frames);
}

/** Where an address has the index into the table of each level but the last. */
const tableShifts = [39n, 30n, 21n] as const;

/** The table of level 1 behind which the heap lies, found as a processor finds it; undefined: a fault on the way. */
function heapTableOf(view: MemoryView, task: number): Pfn | undefined {
  const tables = tablesOf(view, task);
  return tables.length === tableShifts.length + 1 ? tables.at(-1) : undefined;
}

/** From the root down to where the way ends. */
function tablesOf(view: MemoryView, task: number): readonly Pfn[] {
  const tables: Pfn[] = [];
  let table = readTask(view, task)?.root;
  for (const shift of tableShifts) {
    if (table === undefined || !isRam(view.plan, table)) return tables;
    tables.push(table);
    table = presentFrame(bytesOf(view, table), Number((heapBase >> shift) & 0x1ffn));
  }
  return table !== undefined && isRam(view.plan, table) ? [...tables, table] : tables;
}

function frameIn(view: MemoryView, table: Uint8Array, page: number): Pfn | undefined {
  const frame = presentFrame(table, page);
  return frame !== undefined && isRam(view.plan, frame) ? frame : undefined;
}

function presentFrame(table: Uint8Array, index: number): Pfn | undefined {
  const entry = readFrameWord(table, 8 * index);
  return entry !== undefined && (entry.lowBits & presentBit) !== 0 ? entry.frame : undefined;
}

const bytesOf = (view: MemoryView, frame: Pfn): Uint8Array => view.contents.bytes(view.memory.read(frame));

function keepTable(box: Box, task: number, table: Pfn, bytes: Uint8Array): void {
  box.memory.write(table, box.contents.intern(bytes));
  let heapPages = 0;
  for (let page = 0; page < heapPageLimit; page++)
    heapPages += presentFrame(bytes, page) === undefined ? 0 : 1;
  recordOf(box, task).heapPages = heapPages;
}
