/** The pages of an image in batches: by its own faster way where it has one, else page by page. */
import { ImageError } from './image-error.ts';
import {
  batchPages,
  type LostPage,
  type MemoryImage,
  type MemoryRun,
  type PageBatch,
} from './memory-image.ts';
import type { Packer } from './packer.ts';
import { addressOf, type Pfn, pageSizeBytes, pfn } from './pfn.ts';

/** `wanted`: runs of kind `stored`, ascending. All pages come, in that order; damaged ones as zeros that are told as lost. */
export function pageBatches(
  memory: MemoryImage,
  wanted: Iterable<MemoryRun>,
  packer: Packer,
): AsyncIterable<PageBatch> {
  return memory.batches?.(wanted, packer) ?? batchesOfPages(memory, wanted);
}

/** For writers, which cannot go on without a page: the first one that is damaged is an error. */
export async function* wholeBatches(
  memory: MemoryImage,
  wanted: Iterable<MemoryRun>,
  packer: Packer,
): AsyncGenerator<PageBatch> {
  for await (const batch of pageBatches(memory, wanted, packer)) {
    const [lost] = batch.lost;
    if (lost !== undefined) {
      throw new ImageError('memory.lost-page', {
        offset: addressOf(lost.frame),
        expected: 'a whole page',
        found: lost.reason,
      });
    }
    yield batch;
  }
}

export async function* batchesOfPages(
  { readPage }: Pick<MemoryImage, 'readPage'>,
  wanted: Iterable<MemoryRun>,
): AsyncGenerator<PageBatch> {
  for (const runs of batchesOfRuns(wanted)) {
    const bytes = new Uint8Array(pageCountOf(runs) * pageSizeBytes);
    const lost: LostPage[] = [];
    let at = 0;
    for (const frame of framesOf(runs)) {
      try {
        bytes.set(readPage(frame), at);
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        lost.push({ frame, reason: error.message });
      }
      at += pageSizeBytes;
    }
    yield { runs, bytes, lost };
  }
}

/** Runs cut and gathered so that each batch has at most `batchPages` pages. */
export function* batchesOfRuns(runs: Iterable<MemoryRun>, mostPages = batchPages): Generator<MemoryRun[]> {
  let batch: MemoryRun[] = [];
  let pageCount = 0;
  for (const { startPfn, count, kind } of runs) {
    for (let done = 0; done < count; ) {
      const taken = Math.min(count - done, mostPages - pageCount);
      batch.push({ startPfn: pfn(startPfn + done), count: taken, kind });
      done += taken;
      pageCount += taken;
      if (pageCount < mostPages) continue;
      yield batch;
      batch = [];
      pageCount = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

export function* framesOf(runs: Iterable<MemoryRun>): Generator<Pfn> {
  for (const { startPfn, count } of runs)
    for (let index = 0; index < count; index += 1) yield pfn(startPfn + index);
}

export const pageCountOf = (runs: readonly MemoryRun[]): number =>
  runs.reduce((sum, { count }) => sum + count, 0);
