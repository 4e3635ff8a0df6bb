/**
 * Another image's memory as a snapshot: what there is to save, and its pages in the order in which a snapshot has them.
 *
 * Linux finds zero pages while it copies memory; here all pages are read once for that before the list can be written, and a second
 * time for the data. Pages that cannot be read are left out, and told: a frame list may not name what has no data.
 */
import { ImageError } from '../../image-error.ts';
import { isZero } from '../../is-zero.ts';
import type { MemoryImage, MemoryRun, PageBatch } from '../../memory-image.ts';
import { pageBatches } from '../../page-batches.ts';
import { addressOf, pageSizeBytes } from '../../pfn.ts';
import { storedRuns, totalOf } from '../../verify-image.ts';
import type { WriteOptions, WriteReport } from '../image-format.ts';
import { encodeFrameList, listPagesFor } from './frame-list.ts';
import { FrameTable } from './frame-table.ts';
import { encodeInfoPage, type NewInfo } from './info-page.ts';
import { infoOfMachine } from './machine-info.ts';

export type SnapshotSource = {
  readonly info: NewInfo;
  readonly infoPage: Uint8Array;
  /** Frame list and data: whole pages, in chunks of any size. */
  stream(): AsyncGenerator<Uint8Array>;
  readonly report: Pick<WriteReport, 'storedPages' | 'zeroPages' | 'notes'>;
};

type Survey = { readonly frames: FrameTable; readonly lostPages: number; readonly leftOutPages: number };

export async function snapshotSource(memory: MemoryImage, options: WriteOptions): Promise<SnapshotSource> {
  const { frames, lostPages, leftOutPages } = await survey(memory, options);
  const dataPages = frames.dataPages;
  const machine = infoOfMachine(memory, frames.frameCount + lostPages + leftOutPages, options.settings ?? {});
  const pages = 1 + listPagesFor(frames.frameCount) + dataPages;
  const info: NewInfo = { ...machine.info, dataPages, pages };
  const notes = [...machine.notes];
  if (lostPages > 0) notes.push(`pages that could not be read, and are not in the image: ${lostPages}`);
  if (leftOutPages > 0)
    notes.push(`frames without bytes in the source, which whoever resumes finds empty: ${leftOutPages}`);
  return {
    info,
    infoPage: encodeInfoPage(info),
    stream: () => streamOf(memory, frames, options),
    report: { storedPages: dataPages, zeroPages: frames.zeroPages, notes },
  };
}

async function survey(memory: MemoryImage, { packer, progress }: WriteOptions): Promise<Survey> {
  const frames = new FrameTable();
  const zeros = zeroRuns(memory);
  const total = totalOf(memory.runs());
  let lostPages = 0;
  let done = 0;
  let nextZeros = zeros.next();
  const addZerosBelow = (frame: number): void => {
    for (; nextZeros.done !== true && nextZeros.value.startPfn < frame; nextZeros = zeros.next())
      addFrames(frames, nextZeros.value);
  };
  for await (const batch of pageBatches(memory, storedRuns(memory.runs()), packer)) {
    lostPages += batch.lost.length;
    forEachPage(batch, (frame, page) => {
      addZerosBelow(frame);
      if (page !== undefined) frames.add(frame, isZero(page));
      done += 1;
    });
    progress?.({ what: 'looking for zero pages', done, total });
  }
  addZerosBelow(Infinity);
  return { frames, lostPages, leftOutPages: leftOutPagesOf(memory) };
}

function* zeroRuns(memory: MemoryImage): Generator<MemoryRun, undefined> {
  for (const run of memory.runs()) if (run.kind === 'zero') yield run;
  return undefined;
}

function addFrames(frames: FrameTable, { startPfn, count }: MemoryRun): void {
  for (let index = 0; index < count; index += 1) frames.add(startPfn + index, true);
}

/** Lost pages come as undefined. */
function forEachPage(
  { runs, bytes, lost }: PageBatch,
  visit: (frame: number, page: Uint8Array | undefined) => void,
): void {
  const lostFrames = new Set<number>(lost.map(({ frame }) => frame));
  let at = 0;
  for (const { startPfn, count } of runs) {
    for (let frame: number = startPfn; frame < startPfn + count; frame += 1) {
      visit(frame, lostFrames.has(frame) ? undefined : bytes.subarray(at, at + pageSizeBytes));
      at += pageSizeBytes;
    }
  }
}

function leftOutPagesOf(memory: MemoryImage): number {
  let leftOutPages = 0;
  for (const { kind, count } of memory.runs())
    if (kind !== 'stored' && kind !== 'zero') leftOutPages += count;
  return leftOutPages;
}

async function* streamOf(
  memory: MemoryImage,
  frames: FrameTable,
  { packer, progress }: WriteOptions,
): AsyncGenerator<Uint8Array> {
  yield* encodeFrameList(frames.runs());
  let done = 0;
  for await (const { bytes, lost } of pageBatches(memory, storedRuns(frames.runs()), packer)) {
    const [first] = lost;
    if (first !== undefined) throw changedMeanwhile(addressOf(first.frame), first.reason);
    yield bytes;
    done += bytes.length / pageSizeBytes;
    progress?.({ what: 'writing pages', done, total: frames.dataPages });
  }
}

/** It was read a moment ago, when zero pages were looked for. */
const changedMeanwhile = (address: number, reason: string): ImageError =>
  new ImageError('memory.not-in-image', {
    offset: address,
    expected: 'a page that can be read a second time',
    found: reason,
  });
