/**
 * Writes any memory as an ELF dump, as makedumpfile -E does: the notes, a segment for each stretch of frames, memory without a place in
 * the file where frames are left out.
 *
 *   headers · notes · (to a page) pages of the first stretch · pages of the second · ...
 *
 * The kernel image has segments of its own at its virtual addresses, which show the same stretches of the file. Pages of zeros are
 * holes. makedumpfile keeps gaps of fewer than 256 pages, with what is in them; here every gap ends a segment, so that what was left out
 * can be told from zeros. Only when that would take more than `segmentLimit` segments, the shortest gaps are filled with zeros, and the report
 * says how many pages these are.
 */
import type { Hex64 } from '../../bytes.ts';
import type { AddressMap, MemoryImage, MemoryRun } from '../../memory-image.ts';
import { addressOf, type Pfn, pageSizeBytes, pfn, physical, roundUpToPage } from '../../pfn.ts';
import type { Sink } from '../../sink.ts';
import { writePages } from '../../write-pages.ts';
import type { WriteOptions, WriteReport } from '../image-format.ts';
import {
  encodeHeaders,
  fileHeaderSizeBytes,
  flagsAll,
  noAddress,
  programHeaderSizeBytes,
  type Segment,
  segmentType,
} from './headers.ts';
import { encodedNotes } from './notes-of-memory.ts';

/** Our own limit: tools look through all segments for each page that they read. */
const segmentLimit = 4096;
/** Where the direct map begins with four levels and without KASLR (linux.md D.4). */
const usualDirectMap: Hex64 = 'ffff888000000000';

export async function writeElf(memory: MemoryImage, sink: Sink, options: WriteOptions): Promise<WriteReport> {
  const { spans, filledPages } = spansOf(memory);
  const notes = encodedNotes(memory).bytes;
  const image = imageSpans(spans, memory.machine.addressMap);
  const headersSizeBytes = fileHeaderSizeBytes + (1 + image.length + spans.length) * programHeaderSizeBytes;
  const memoryOffset = roundUpToPage(headersSizeBytes + notes.length);
  const placed = placedSpans(spans, memoryOffset);
  const directMap = memory.machine.addressMap?.directMap ?? usualDirectMap;
  const headers = encodeHeaders([
    noteSegment(headersSizeBytes, notes.length),
    ...image.map((piece) => loadSegment(piece.span, placeOf(placed, piece.span.startPfn), piece.virtual)),
    ...placed.map(({ span, fileOffset }) =>
      loadSegment(span, fileOffset, virtualAt(directMap, span.startPfn)),
    ),
  ]);
  sink.writeAt(0, headers);
  sink.writeAt(headersSizeBytes, notes);
  const pages = await writePages(memory, sink, (frame) => placeOf(placed, frame), options);
  const last = placed.at(-1);
  const lengthBytes = last === undefined ? memoryOffset : last.fileOffset + last.span.count * pageSizeBytes;
  sink.setLength(lengthBytes);
  return { ...pages, lengthBytes, notes: notesOf(memory, filledPages) };
}

/** Frames that have a place in the file, and how many behind them are left out. */
type Span = { readonly startPfn: Pfn; readonly count: number; readonly leftOutCount: number };

const isKept = ({ kind }: MemoryRun): boolean => kind === 'stored' || kind === 'zero' || kind === 'partial';

function spansOf(memory: MemoryImage): { spans: Span[]; filledPages: number } {
  const shortest = shortestGap(memory);
  const spans: { startPfn: Pfn; count: number; leftOutCount: number }[] = [];
  let filledPages = 0;
  for (const run of memory.runs()) {
    const last = spans.at(-1);
    const end = last === undefined ? 0 : last.startPfn + last.count;
    const gap = run.startPfn - end;
    if (!isKept(run)) {
      // Only what follows directly belongs to the segment: holes in the address space do not.
      if (last !== undefined && run.startPfn === end + last.leftOutCount) last.leftOutCount += run.count;
      else spans.push({ startPfn: run.startPfn, count: 0, leftOutCount: run.count });
    } else if (last !== undefined && last.count > 0 && gap < shortest) {
      filledPages += gap;
      last.count += gap + run.count;
      last.leftOutCount = 0;
    } else spans.push({ startPfn: run.startPfn, count: run.count, leftOutCount: 0 });
  }
  return { spans, filledPages };
}

/** Gaps shorter than this are filled: 1, none, unless there would be too many segments. */
function shortestGap(memory: MemoryImage): number {
  // How many gaps there are of up to 2^N pages.
  const gaps = new Array<number>(53).fill(0);
  let end = 0;
  for (const run of memory.runs()) {
    if (!isKept(run)) continue;
    const size = Math.ceil(Math.log2(Math.max(1, run.startPfn - end)));
    if (run.startPfn > end) gaps[size] = (gaps[size] ?? 0) + 1;
    end = run.startPfn + run.count;
  }
  let left = gaps.reduce((sum, count) => sum + count, 0);
  let shortest = 1;
  for (const [size, count] of gaps.entries()) {
    if (left <= segmentLimit) break;
    left -= count;
    shortest = 2 ** size + 1;
  }
  return shortest;
}

type PlacedSpan = { readonly span: Span; readonly fileOffset: number };

function placedSpans(spans: readonly Span[], memoryOffset: number): PlacedSpan[] {
  let fileOffset = memoryOffset;
  return spans.map((span) => {
    const placed = { span, fileOffset };
    fileOffset += span.count * pageSizeBytes;
    return placed;
  });
}

/** By bisection; the frame is in one of them. */
function placeOf(placed: readonly PlacedSpan[], frame: Pfn): number {
  let low = 0;
  let high = placed.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((placed[middle]?.span.startPfn ?? 0) <= frame) low = middle;
    else high = middle - 1;
  }
  const found = placed[low];
  return found === undefined ? 0 : found.fileOffset + (frame - found.span.startPfn) * pageSizeBytes;
}

type ImageSpan = { readonly span: Span; readonly virtual: Hex64 };

/** The parts of the spans that the kernel image has, at their virtual addresses. */
function imageSpans(spans: readonly Span[], map: AddressMap | undefined): ImageSpan[] {
  const image = map?.image;
  if (image === undefined) return [];
  const first = image.physical / pageSizeBytes;
  const end = first + Math.ceil(image.sizeBytes / pageSizeBytes);
  return spans.flatMap((span) => {
    const start = Math.max(first, span.startPfn);
    const storedEnd = Math.min(end, span.startPfn + span.count);
    const wholeEnd = Math.min(end, span.startPfn + span.count + span.leftOutCount);
    if (wholeEnd <= start) return [];
    const count = Math.max(0, storedEnd - start);
    const piece = { startPfn: pfn(start), count, leftOutCount: wholeEnd - start - count };
    return [{ span: piece, virtual: plus(image.virtual, addressOf(pfn(start)) - image.physical) }];
  });
}

const virtualAt = (directMap: Hex64, frame: Pfn): Hex64 => plus(directMap, addressOf(frame));

const plus = (address: Hex64, bytes: number): Hex64 =>
  BigInt.asUintN(64, BigInt(`0x${address}`) + BigInt(bytes))
    .toString(16)
    .padStart(16, '0');

const loadSegment = (
  { startPfn, count, leftOutCount }: Span,
  fileOffset: number,
  virtual: Hex64,
): Segment => ({
  type: segmentType.load,
  flags: flagsAll,
  // makedumpfile writes 0 where a segment has nothing in the file.
  offset: count === 0 ? 0 : fileOffset,
  virtual,
  physical: addressOf(startPfn),
  fileSizeBytes: count * pageSizeBytes,
  memorySizeBytes: (count + leftOutCount) * pageSizeBytes,
  alignBytes: 0,
});

const noteSegment = (offset: number, sizeBytes: number): Segment => ({
  type: segmentType.note,
  flags: 0,
  offset,
  virtual: noAddress,
  physical: physical(0),
  fileSizeBytes: sizeBytes,
  memorySizeBytes: sizeBytes,
  alignBytes: 4,
});

function notesOf({ machine, cpus, vmcoreinfo }: MemoryImage, filledPages: number): string[] {
  const notes: string[] = [];
  if (filledPages > 0) {
    notes.push(
      `${filledPages} pages that the image does not have are zeros here: there would be too many segments without them`,
    );
  }
  if (machine.addressMap === undefined)
    notes.push(`where the direct map begins is not known: segments say ${usualDirectMap}`);
  else if (machine.addressMap.image === undefined)
    notes.push('where the kernel image lies is not known: it has no segment of its own');
  if (vmcoreinfo === undefined) notes.push('no VMCOREINFO: makedumpfile and crash need vmlinux instead');
  if (cpus.length === 0) notes.push('the registers of no CPU are in the dump');
  return notes;
}
