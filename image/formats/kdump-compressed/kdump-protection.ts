/**
 * What notices a change in a kdump. The format itself has no checksum: counts and places contradict each other when they change, zlib's
 * data ends with a sum, and everything else (names, notes, the bitmap of the machine, pages as they are, LZO, snappy, zstd) is read as
 * it stands.
 */
import type { Source } from '../../sink.ts';
import type { ProtectedRange } from '../image-format.ts';
import { codecOfFlags, descriptorSizeBytes } from './descriptors.ts';
import { subHeaderOffset, subHeaderSizeBytes } from './headers.ts';
import { allDescriptors, type KdumpFile, openKdump } from './kdump-file.ts';

export function* kdumpProtection(source: Source): Generator<ProtectedRange> {
  const file = openKdump(source);
  const { bitmapSizeBytes } = file;
  const bitmapOffset = file.descriptorsOffset - 2 * bitmapSizeBytes;
  const cuts: Cut[] = [
    { end: 12, kind: 'structural', what: 'signature and version' },
    { end: 428, kind: 'unprotected', what: 'names of the machine, time, status' },
    { end: 440, kind: 'structural', what: 'sizes of blocks, sub header and bitmaps' },
    { end: subHeaderOffset + 12, kind: 'unprotected', what: 'counts that 64-bit fields replace, level' },
    { end: subHeaderOffset + 16, kind: 'structural', what: 'whether the dump is one of several' },
    { end: subHeaderOffset + 32, kind: 'unprotected', what: 'frames of the part, 32 bits' },
    { end: subHeaderOffset + 64, kind: 'structural', what: 'places of the notes' },
    { end: subHeaderOffset + 96, kind: 'unprotected', what: 'erase info, frames of the part' },
    { end: subHeaderOffset + subHeaderSizeBytes, kind: 'structural', what: 'number of frames' },
    { end: bitmapOffset, kind: 'unprotected', what: 'notes' },
    {
      end: bitmapOffset + bitmapSizeBytes,
      kind: 'unprotected',
      what: 'bitmap of the frames that the machine had',
    },
    { end: file.descriptorsOffset, kind: 'structural', what: 'bitmap of the frames that the dump keeps' },
  ];
  let offset = 0;
  for (const { end, kind, what } of cuts) {
    if (end > offset) yield { offset, length: end - offset, kind, what };
    offset = Math.max(offset, end);
  }
  yield* descriptorRanges(file);
  yield* dataRanges(file);
}

type Cut = { readonly end: number; readonly kind: ProtectedRange['kind']; readonly what: string };

function* descriptorRanges({
  descriptorsOffset,
  descriptorCount,
  dataOffset,
}: KdumpFile): Generator<ProtectedRange> {
  for (let index = 0; index < descriptorCount; index += 1) {
    const offset = descriptorsOffset + index * descriptorSizeBytes;
    yield { offset, length: 16, kind: 'structural', what: 'place, size and codec of a page' };
    yield {
      offset: offset + 16,
      length: 8,
      kind: 'unprotected',
      what: 'flags of a page, which nobody reads',
    };
  }
  const offset = descriptorsOffset + descriptorCount * descriptorSizeBytes;
  if (offset < dataOffset) {
    const what = 'room for descriptors of the other parts';
    yield { offset, length: dataOffset - offset, kind: 'unprotected', what };
  }
}

/** Data of neighbours with the same protection are one range. */
function* dataRanges(file: KdumpFile): Generator<ProtectedRange> {
  let range: ProtectedRange | undefined;
  for (const next of dataOfPages(file)) {
    if (range?.kind === next.kind && range.what === next.what)
      range = { ...range, length: range.length + next.length };
    else {
      if (range !== undefined) yield range;
      range = next;
    }
  }
  if (range !== undefined) yield range;
}

function* dataOfPages(file: KdumpFile): Generator<ProtectedRange> {
  let end = file.dataOffset;
  for (const { offset, sizeBytes, flags } of allDescriptors(file)) {
    if (offset + sizeBytes <= end) continue;
    const codec = codecOfFlags(flags);
    yield {
      offset: end,
      length: offset + sizeBytes - end,
      kind: codec === 'zlib' ? 'checked' : 'unprotected',
      what: codec === 'none' ? 'pages as they are' : `pages packed with ${codec}`,
    };
    end = offset + sizeBytes;
  }
  if (end < file.source.length)
    yield { offset: end, length: file.source.length - end, kind: 'unprotected', what: 'behind the data' };
}
