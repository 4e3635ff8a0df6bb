/**
 * The frames of an ELF dump: which it has, where in the file, and their pages.
 *
 * Low memory ends within a page: its rest reads as zeros. What a segment has in memory and not in the file was left out
 * (makedumpfile -E). Frames that two segments show (the kernel text) are read from the first of them, as makedumpfile reads them.
 */
import { BufferPool } from '../../buffer-pool.ts';
import { framesInStretches } from '../../frames-in-stretches.ts';
import { hex, ImageError } from '../../image-error.ts';
import type { MemoryRun, PageBatch } from '../../memory-image.ts';
import { overlay } from '../../overlay.ts';
import { batchesOfRuns, pageCountOf } from '../../page-batches.ts';
import { addressOf, type Pfn, pageSizeBytes, pfn } from '../../pfn.ts';
import { readBounded, readBoundedInto, type Source } from '../../sink.ts';
import type { Segment } from './headers.ts';

/** Frames that are told alike; stored ones from one segment. */
type Span = {
  readonly startPfn: Pfn;
  readonly count: number;
  readonly kind: 'stored' | 'partial' | 'leftOut';
  /** Where the file has the first byte of the first frame; undefined where pages have to be put together. */
  readonly fileOffset: number | undefined;
};

export type ElfMemory = {
  runs(): Iterable<MemoryRun>;
  readPage(frame: Pfn): Uint8Array;
  batches(wanted: Iterable<MemoryRun>): AsyncIterable<PageBatch>;
};

export function elfMemory(source: Source, loads: readonly Segment[]): ElfMemory {
  const edges = loadsByEdge(loads);
  const spans = spansOf(loads, edges);
  const readPage = (frame: Pfn): Uint8Array => {
    const span = spanAt(spans, frame);
    if (span === undefined || span.kind === 'leftOut') throw notHere(frame, spans);
    if (span.fileOffset === undefined) return composedPage(source, edges.get(frame) ?? [], frame);
    return readBounded(source, span.fileOffset + (frame - span.startPfn) * pageSizeBytes, pageSizeBytes);
  };
  return {
    runs: () => runsOf(source, spans),
    readPage,
    batches: (wanted) => batches({ source, spans, readPage }, wanted),
  };
}

/** The segments that begin or end within a page, by its frame: only these have a part of a page. */
type LoadsByEdge = ReadonlyMap<number, readonly Segment[]>;

function loadsByEdge(loads: readonly Segment[]): LoadsByEdge {
  const edges = new Map<number, Segment[]>();
  for (const load of [...loads].sort((one, other) => one.physical - other.physical)) {
    const end = load.physical + load.fileSizeBytes;
    const frames = new Set<number>();
    if (load.physical % pageSizeBytes !== 0) frames.add(Math.floor(load.physical / pageSizeBytes));
    if (end % pageSizeBytes !== 0) frames.add(Math.floor(end / pageSizeBytes));
    for (const frame of frames) {
      const known = edges.get(frame);
      if (known === undefined) edges.set(frame, [load]);
      else known.push(load);
    }
  }
  return edges;
}

/** What is better in one segment than in another counts as it is there, and of equals the first: it lies on top. */
function spansOf(loads: readonly Segment[], edges: LoadsByEdge): Span[] {
  const spans = loads.flatMap(spansOfLoad).map((span) => wholeIfCovered(span, edges));
  const layers = (['leftOut', 'partial', 'stored'] as const).flatMap((kind) =>
    spans.filter((span) => span.kind === kind).reverse(),
  );
  return overlay(layers.map((span) => ({ span, start: span.startPfn, end: span.startPfn + span.count }))).map(
    ({ start, end, item: { span } }) => cut(span, start, end),
  );
}

function cut(span: Span, start: number, end: number): Span {
  const { fileOffset } = span;
  const within = (start - span.startPfn) * pageSizeBytes;
  return {
    ...span,
    ...frames(start, end),
    fileOffset: fileOffset === undefined ? undefined : fileOffset + within,
  };
}

/** Whole pages in the middle; a page that begins or ends within the segment is put together from all segments. */
function spansOfLoad({ physical, offset, fileSizeBytes, memorySizeBytes }: Segment): Span[] {
  const end = physical + fileSizeBytes;
  const first = Math.floor(physical / pageSizeBytes);
  const firstWhole = Math.ceil(physical / pageSizeBytes);
  const endWhole = Math.max(firstWhole, Math.floor(end / pageSizeBytes));
  const endStored = fileSizeBytes === 0 ? first : Math.ceil(end / pageSizeBytes);
  const endLeftOut = Math.ceil((physical + memorySizeBytes) / pageSizeBytes);
  const fileOffset = offset + firstWhole * pageSizeBytes - physical;
  const spans: Span[] = [
    { ...frames(first, Math.min(firstWhole, endStored)), kind: 'partial', fileOffset: undefined },
    { ...frames(firstWhole, Math.min(endWhole, endStored)), kind: 'stored', fileOffset },
    { ...frames(Math.max(endWhole, firstWhole), endStored), kind: 'partial', fileOffset: undefined },
    { ...frames(endStored, endLeftOut), kind: 'leftOut', fileOffset: undefined },
  ];
  return spans.filter(({ count }) => count > 0);
}

const frames = (start: number, end: number): Pick<Span, 'startPfn' | 'count'> => ({
  startPfn: pfn(start),
  count: end - start,
});

/** A page of which several segments have a piece each may be whole after all. */
function wholeIfCovered(span: Span, edges: LoadsByEdge): Span {
  if (span.kind !== 'partial') return span;
  const start = addressOf(span.startPfn);
  let end: number = start;
  for (const load of edges.get(span.startPfn) ?? [])
    if (load.physical <= end) end = Math.max(end, load.physical + load.fileSizeBytes);
  return end >= start + pageSizeBytes ? { ...span, kind: 'stored' } : span;
}

/** By bisection: a dump that leaves much out has thousands of segments. */
function spanAt(spans: readonly Span[], frame: number): Span | undefined {
  let low = 0;
  let high = spans.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    if (span === undefined) return undefined;
    if (frame < span.startPfn) high = middle - 1;
    else if (frame >= span.startPfn + span.count) low = middle + 1;
    else return span;
  }
  return undefined;
}

function composedPage(source: Source, loads: readonly Segment[], frame: Pfn): Uint8Array {
  const page = new Uint8Array(pageSizeBytes);
  const start = addressOf(frame);
  for (const { physical, offset, fileSizeBytes } of loads) {
    const first = Math.max(start, physical);
    const end = Math.min(start + pageSizeBytes, physical + fileSizeBytes);
    if (first < end) page.set(readBounded(source, offset + first - physical, end - first), first - start);
  }
  return page;
}

function* runsOf(source: Source, spans: readonly Span[]): Generator<MemoryRun> {
  for (const { startPfn, count, kind, fileOffset } of spans) {
    const run = { startPfn, count, kind };
    if (fileOffset === undefined) yield run;
    else yield* framesInStretches(source, run, fileOffset);
  }
}

type Reading = {
  readonly source: Source;
  readonly spans: readonly Span[];
  readonly readPage: (frame: Pfn) => Uint8Array;
};

/** Buffers of batches that were given back; more are never under way at once. */
const keptBuffers = 16;

async function* batches(reading: Reading, wanted: Iterable<MemoryRun>): AsyncGenerator<PageBatch> {
  const pool = new BufferPool(keptBuffers);
  for (const runs of batchesOfRuns(wanted)) {
    const bytes = pool.take(pageCountOf(runs) * pageSizeBytes);
    let at = 0;
    for (const run of runs) {
      readRun(reading, run, bytes.subarray(at, at + run.count * pageSizeBytes));
      at += run.count * pageSizeBytes;
    }
    yield { runs, bytes, lost: [], release: () => pool.give(bytes) };
  }
}

/** In one piece when the pages lie together in the file. */
function readRun(
  { source, spans, readPage }: Reading,
  { startPfn, count }: MemoryRun,
  into: Uint8Array,
): void {
  const span = spanAt(spans, startPfn);
  if (span?.fileOffset !== undefined && startPfn + count <= span.startPfn + span.count) {
    readBoundedInto(source, span.fileOffset + (startPfn - span.startPfn) * pageSizeBytes, into);
    return;
  }
  for (let index = 0; index < count; index += 1)
    into.set(readPage(pfn(startPfn + index)), index * pageSizeBytes);
}

function notHere(frame: Pfn, spans: readonly Span[]): ImageError {
  const next = spans.find(({ startPfn, kind }) => startPfn > frame && kind !== 'leftOut');
  return new ImageError('memory.not-in-image', {
    offset: addressOf(frame),
    expected: 'a page in a load segment',
    found: next === undefined ? 'none from there on' : `the next one at ${hex(addressOf(next.startPfn))}`,
  });
}
