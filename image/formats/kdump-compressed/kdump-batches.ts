/**
 * Pages of a kdump in batches: descriptors and data of a batch are read at once, its packed pages go to the packer together.
 */
import { BufferPool } from '../../buffer-pool.ts';
import { ImageError } from '../../image-error.ts';
import { mapInOrder } from '../../in-order.ts';
import type { LostPage, MemoryRun, PageBatch } from '../../memory-image.ts';
import type { Packer } from '../../packer.ts';
import { batchesOfRuns, framesOf, pageCountOf } from '../../page-batches.ts';
import { type Pfn, pageSizeBytes } from '../../pfn.ts';
import { readBounded, type Source } from '../../sink.ts';
import { checkDescriptor, type Descriptor, type KdumpCodec, kdumpCodecs } from './descriptors.ts';
import { descriptorsFrom, fileWith, type KdumpFile } from './kdump-file.ts';

type Page = {
  readonly frame: Pfn;
  /** Within the batch. */
  readonly index: number;
  readonly codec: KdumpCodec;
  readonly packed: Uint8Array;
};

type Gathered = {
  readonly runs: readonly MemoryRun[];
  readonly pages: readonly Page[];
  readonly lost: LostPage[];
};

/** Buffers that were given back, of batches and of what is unpacked for them. */
const keptBuffers = 16;

export async function* kdumpBatches(
  files: readonly KdumpFile[],
  wanted: Iterable<MemoryRun>,
  packer: Packer,
): AsyncGenerator<PageBatch> {
  const pool = new BufferPool(keptBuffers);
  const gathered = gather(files, wanted);
  yield* mapInOrder(gathered, packer.width, (batch) => unpackBatch(batch, packer, pool));
}

function* gather(files: readonly KdumpFile[], wanted: Iterable<MemoryRun>): Generator<Gathered> {
  for (const runs of batchesOfRuns(wanted)) {
    const lost: LostPage[] = [];
    const found = foundPages(files, runs, lost);
    const data = dataReader(found);
    const pages = found.flatMap((page) => {
      const packed = packedPage(page, data);
      if ('codec' in packed) return [packed];
      lost.push(packed);
      return [];
    });
    yield { runs, pages, lost };
  }
}

function foundPages(files: readonly KdumpFile[], runs: readonly MemoryRun[], lost: LostPage[]): Found[] {
  const found: Found[] = [];
  let index = 0;
  for (const { frame, file, descriptor } of runs.flatMap((run) => [...describedFrames(files, run)])) {
    if (file !== undefined && descriptor !== undefined) found.push({ frame, index, descriptor, file });
    else lost.push({ frame, reason: 'no part of the dump has it' });
    index += 1;
  }
  return found;
}

function packedPage({ frame, index, descriptor, file }: Found, data: DataReader): Page | LostPage {
  try {
    const codec = checkDescriptor(descriptor, frame);
    return { frame, index, codec, packed: data(file.source, descriptor) };
  } catch (error) {
    if (error instanceof ImageError) return { frame, reason: error.message };
    throw error;
  }
}

type DataReader = (source: Source, descriptor: Descriptor) => Uint8Array;

type Found = {
  readonly frame: Pfn;
  readonly index: number;
  readonly descriptor: Descriptor;
  readonly file: KdumpFile;
};

type Described = { frame: Pfn; file: KdumpFile | undefined; descriptor: Descriptor | undefined };

function* describedFrames(files: readonly KdumpFile[], run: MemoryRun): Generator<Described> {
  let file: KdumpFile | undefined;
  let descriptors: readonly Descriptor[] = [];
  let from = 0;
  for (const frame of framesOf([run])) {
    const here = fileWith(files, frame);
    if (here !== file || from === 0) {
      file = here;
      from = frame;
      const end = Math.min(run.startPfn + run.count, file?.headers.part?.endPfn ?? Number.POSITIVE_INFINITY);
      descriptors = file === undefined ? [] : descriptorsFrom(file, frame, end - frame);
    }
    yield { frame, file, descriptor: descriptors[frame - from] };
  }
}

/** One read for all data of the batch where it lies together, as it does but for the shared page of zeros. */
function dataReader(wanted: readonly Found[]): DataReader {
  const [first] = wanted;
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const { descriptor, file } of wanted) {
    if (file !== first?.file || descriptor.offset <= file.dataOffset) continue;
    start = Math.min(start, descriptor.offset);
    end = Math.max(end, descriptor.offset + descriptor.sizeBytes);
  }
  const source = first?.file.source;
  const isTogether =
    source !== undefined && end - start <= 2 * wanted.length * pageSizeBytes && end <= source.length;
  const together = isTogether && end > start ? readBounded(source, start, end - start) : undefined;
  return (from, { offset, sizeBytes }) => {
    const isInside =
      together !== undefined && from === source && offset >= start && offset + sizeBytes <= end;
    if (isInside) return together.subarray(offset - start, offset - start + sizeBytes);
    return readBounded(from, offset, sizeBytes);
  };
}

async function unpackBatch(
  { runs, pages, lost }: Gathered,
  packer: Packer,
  pool: BufferPool,
): Promise<PageBatch> {
  const bytes = pool.take(pageCountOf(runs) * pageSizeBytes);
  for (const page of pages) if (page.codec === 'none') bytes.set(page.packed, page.index * pageSizeBytes);
  for (const codec of kdumpCodecs) {
    const packed = pages.filter((page) => page.codec === codec);
    if (codec === 'none' || packed.length === 0) continue;
    const into = pool.take(packed.length * pageSizeBytes);
    const lengths = packed.map((page) => page.packed.length);
    const job = { codec, bytes: joined(packed), lengths, unitSizeBytes: pageSizeBytes, into };
    const unpacked = await packer.unpack(job);
    for (const [unit, page] of packed.entries())
      bytes.set(
        unpacked.bytes.subarray(unit * pageSizeBytes, (unit + 1) * pageSizeBytes),
        page.index * pageSizeBytes,
      );
    for (const { unitIndex, reason } of unpacked.failures) {
      const page = packed[unitIndex];
      if (page !== undefined) lost.push({ frame: page.frame, reason });
    }
    pool.give(into);
  }
  clearLost(bytes, runs, lost);
  lost.sort((one, other) => one.frame - other.frame);
  return { runs, bytes, lost, release: () => pool.give(bytes) };
}

/** Zeros stand for them, not what the buffer held before. */
function clearLost(bytes: Uint8Array, runs: readonly MemoryRun[], lost: readonly LostPage[]): void {
  if (lost.length === 0) return;
  const frames = new Set<number>(lost.map(({ frame }) => frame));
  let at = 0;
  for (const frame of framesOf(runs)) {
    if (frames.has(frame)) bytes.fill(0, at, at + pageSizeBytes);
    at += pageSizeBytes;
  }
}

/** Pages that lie together in the file are one piece already. */
function joined(pages: readonly Page[]): Uint8Array {
  const [first] = pages;
  const sizeBytes = pages.reduce((sum, { packed }) => sum + packed.length, 0);
  if (first === undefined) return new Uint8Array();
  let next = first.packed.byteOffset;
  const isTogether = pages.every(({ packed }) => {
    const follows = packed.buffer === first.packed.buffer && packed.byteOffset === next;
    next += packed.length;
    return follows;
  });
  if (isTogether) return new Uint8Array(first.packed.buffer, first.packed.byteOffset, sizeBytes);
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const { packed } of pages) {
    bytes.set(packed, at);
    at += packed.length;
  }
  return bytes;
}
