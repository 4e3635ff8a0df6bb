/** What units of all workloads do with a task's own memory. */
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import {
  freeTaskPages,
  heapPageLimit,
  readTaskPage,
  writeTaskBytes,
  writeTaskPages,
} from '../linux/task-memory.ts';
import type { ContentId } from '../memory/contents.ts';
import { mixed } from './mixed.ts';

/** Who works on what: seeds of all that a unit makes up. */
export type Work = { readonly task: number; readonly unit: number };

/** The first bytes of a page of pattern name it (memory/pattern.ts); behind them it looks like data. */
const dataOffset = 16;

/** Contents that follow from seed, task, unit and `about`, and cost no memory of ours. */
export const patternOf = (box: Box, { task, unit }: Work, about: number): ContentId =>
  box.contents.made({
    rule: 'pattern',
    seed: mixed(box.plan.seed, task),
    index: mixed(box.plan.seed, task, unit, about),
  });

/** Fills heap pages, wherever they are mapped by then. Page 0 is left alone: it is there from the beginning. */
export function fillHeap(box: Box, work: Work, { from, count }: { from: number; count: number }): void {
  const writes = heapPages(from, count).map((page) => ({ page, content: patternOf(box, work, page) }));
  writeTaskPages(box, work.task, writes);
}

export const freeHeap = (box: Box, { task }: Work, { from, count }: { from: number; count: number }): void =>
  freeTaskPages(box, task, heapPages(from, count));

/** Reads a number in a heap page, computes another one from it, and writes that back: damage done to the page is carried on. */
export function compute(box: Box, { task, unit }: Work, page: number): number {
  const offsetBytes = dataOffset + 8 * (mixed(task, unit) % ((pageSizeBytes - dataOffset) / 8));
  const content = readTaskPage(box, task, page);
  const before = content === undefined ? 0 : numberIn(box, content, offsetBytes);
  const after = mixed(box.plan.seed, task, unit, before);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(0, after, true);
  new DataView(bytes.buffer).setUint32(4, unit, true);
  writeTaskBytes(box, task, { page, offsetBytes }, bytes);
  return after;
}

export function numberIn(box: Box, content: ContentId, offsetBytes = dataOffset): number {
  const page = box.contents.bytes(content);
  return new DataView(page.buffer, page.byteOffset, page.length).getUint32(offsetBytes, true);
}

/** The heap goes round behind page 0: however long a task works, its pages stay within the table. */
const heapPages = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => 1 + ((from + index) % (heapPageLimit - 1)));
