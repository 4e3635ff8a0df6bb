/** Writes the pages of an image each to a place of its own: for formats that keep pages as they are. Pages of zeros become holes. */
import type { WriteOptions } from './formats/image-format.ts';
import { isZero } from './is-zero.ts';
import type { MemoryImage, MemoryRun } from './memory-image.ts';
import { framesOf, wholeBatches } from './page-batches.ts';
import { type Pfn, pageSizeBytes, pfn } from './pfn.ts';
import type { Sink } from './sink.ts';
import { storedRuns, totalOf } from './verify-image.ts';

export type PlacedPages = { readonly storedPages: number; readonly zeroPages: number };

/** Within a run of the image, frames that follow each other have places that follow each other. */
export async function writePages(
  memory: MemoryImage,
  sink: Sink,
  placeOf: (frame: Pfn) => number,
  { packer, progress }: Pick<WriteOptions, 'packer' | 'progress'>,
): Promise<PlacedPages> {
  const total = totalOf(memory.runs());
  let storedPages = 0;
  let zeroPages = 0;
  for await (const { runs, bytes, release } of wholeBatches(memory, storedRuns(memory.runs()), packer)) {
    let at = 0;
    for (const run of runs) {
      const end = at + run.count * pageSizeBytes;
      const zeros = writeRun(sink, placeOf(run.startPfn), bytes.subarray(at, end));
      zeroPages += zeros;
      storedPages += run.count - zeros;
      at = end;
    }
    release?.();
    progress?.({ what: 'Copying data', done: storedPages + zeroPages, total });
  }
  for (const run of memory.runs()) {
    if (run.kind === 'zero') zeroPages += run.count;
    if (run.kind === 'partial') storedPages += writePartial(memory, sink, placeOf, run);
  }
  return { storedPages, zeroPages };
}

function writePartial(
  memory: MemoryImage,
  sink: Sink,
  placeOf: (frame: Pfn) => number,
  run: MemoryRun,
): number {
  for (const frame of framesOf([run])) sink.writeAt(placeOf(frame), memory.readPage(frame));
  return run.count;
}

/** Writes what lies between pages of zeros; returns how many of these there were. */
function writeRun(sink: Sink, place: number, bytes: Uint8Array): number {
  let zeroPages = 0;
  let from = 0;
  for (let at = 0; at < bytes.length; at += pageSizeBytes) {
    if (!isZero(bytes.subarray(at, at + pageSizeBytes))) continue;
    if (at > from) sink.writeAt(place + from, bytes.subarray(from, at));
    zeroPages += 1;
    from = at + pageSizeBytes;
  }
  if (from < bytes.length) sink.writeAt(place + from, bytes.subarray(from));
  return zeroPages;
}

/** The end of the last frame that the image tells anything of. */
export function frameEnd(memory: Pick<MemoryImage, 'runs'>): Pfn {
  let end = 0;
  for (const { startPfn, count } of memory.runs()) end = Math.max(end, startPfn + count);
  return pfn(end);
}
