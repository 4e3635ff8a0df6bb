/**
 * What a task asks of its kernel about files: the system calls open, read, write and fsync, in whole blocks or lines of text. A call
 * that fails is an error that the task is given (`errors` in its record), and it goes on with its work as if nothing were
 * wrong: so a disk that refused a request shows in the end.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { type ContentId, zeroContent } from '../memory/contents.ts';
import { createFile, type FileWrite, fileFacts, findFile, readFile, writeFile } from './file-system.ts';
import { syncFileSystem } from './file-system-pages.ts';
import { giveError } from './task.ts';

/** O_CREAT: an empty file if there is none. */
export function openFile(box: Box, task: number, name: string): number | undefined {
  const file = findFile(box, 'original', name) ?? createFile(box, 'original', name);
  if (file === undefined) giveError(box, task);
  return file;
}

export function readBlock(box: Box, task: number, name: string, block: number): ContentId | undefined {
  const file = openFile(box, task, name);
  if (file === undefined) return undefined;
  const content = readFile(box, 'original', file, block);
  if (content === undefined) giveError(box, task);
  return content;
}

export function writeBlocks(box: Box, task: number, name: string, writes: readonly FileWrite[]): void {
  const file = openFile(box, task, name);
  if (file !== undefined && !writeFile(box, 'original', file, writes)) giveError(box, task);
}

/** A line at the end of a file, in UTF-8. */
export function appendLine(box: Box, task: number, name: string, line: string): void {
  const file = openFile(box, task, name);
  const facts = file === undefined ? undefined : fileFacts(box, 'original', file);
  if (file === undefined || facts === undefined) return;
  let rest: Uint8Array = new TextEncoder().encode(`${line}\n`);
  const writes: FileWrite[] = [];
  for (let at = facts.sizeBytes; rest.length > 0; ) {
    const block = Math.floor(at / pageSizeBytes);
    const offsetBytes = at % pageSizeBytes;
    const before = offsetBytes === 0 ? zeroContent : readFile(box, 'original', file, block);
    if (before === undefined) {
      giveError(box, task);
      return;
    }
    const piece = rest.subarray(0, pageSizeBytes - offsetBytes);
    const content = box.contents.written(before, offsetBytes, piece);
    writes.push({ block, content, usedBytes: offsetBytes + piece.length });
    rest = rest.subarray(piece.length);
    at += piece.length;
  }
  if (!writeFile(box, 'original', file, writes)) giveError(box, task);
}

export function syncFiles(box: Box, task: number): void {
  if (!syncFileSystem(box, 'original')) giveError(box, task);
}
