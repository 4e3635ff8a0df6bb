/**
 * A kdump-compressed file that was opened: headers, bitmaps, notes, and where its descriptors are.
 *
 * The bitmaps are kept in memory, everything else is read when asked.
 */
import { textOf } from '../../bytes.ts';
import { ImageError } from '../../image-error.ts';
import { pageSizeBytes, roundUpToPage } from '../../pfn.ts';
import { readBounded, type Source } from '../../sink.ts';
import { decodeNotes, type Note } from '../elf/notes.ts';
import { isVmcoreinfo } from '../elf/vmcoreinfo.ts';
import { type Descriptor, decodeDescriptors, descriptorSizeBytes } from './descriptors.ts';
import { FrameBitmap } from './frame-bitmap.ts';
import { decodeHeaders, type KdumpHeaders, type Place } from './headers.ts';

/** One file. Frames outside of its part have no descriptors in it. */
export type KdumpFile = {
  readonly source: Source;
  readonly headers: KdumpHeaders;
  /** Whole pages of bits, as many as there are frames; in the file each bitmap has `bitmapSizeBytes`. */
  readonly present: Uint8Array;
  readonly kept: FrameBitmap;
  readonly bitmapSizeBytes: number;
  readonly descriptorsOffset: number;
  /** Of the first descriptor in the file among all that the bitmap tells. */
  readonly firstRank: number;
  readonly descriptorCount: number;
  readonly dataOffset: number;
  readonly notes: readonly Note[];
  readonly vmcoreinfo: string | undefined;
};

/** Our own limit: 8,192 CPUs need 2.8 MiB. */
const notesLimitBytes = 2 ** 24;
/** Our own limit: Linux has a page for it (VMCOREINFO_BYTES, include/linux/vmcore_info.h of 6.12). */
const vmcoreinfoLimitBytes = 2 ** 16;

export function openKdump(source: Source): KdumpFile {
  const headers = decodeHeaders(source);
  const bitmapSizeBytes = Math.floor(headers.bitmapBlocks / 2) * pageSizeBytes;
  const bitmapOffset = (1 + headers.subHeaderBlocks) * pageSizeBytes;
  // A damaged number of blocks must not cost more than the frames that there are.
  const usedBytes = Math.min(bitmapSizeBytes, roundUpToPage(Math.ceil(headers.frameCount / 8)));
  const present = readBounded(source, bitmapOffset, usedBytes);
  const kept = new FrameBitmap(
    keptFrames(readBounded(source, bitmapOffset + bitmapSizeBytes, usedBytes), headers),
  );
  const descriptorsOffset = bitmapOffset + 2 * bitmapSizeBytes;
  const { startPfn, endPfn } = headers.part ?? { startPfn: 0, endPfn: headers.frameCount };
  const firstRank = kept.rank(startPfn);
  const descriptorCount = Math.max(0, kept.rank(Math.min(endPfn, headers.frameCount)) - firstRank);
  const notes = notesOf(source, headers.notes);
  return {
    source,
    headers,
    present,
    kept,
    bitmapSizeBytes,
    descriptorsOffset,
    firstRank,
    descriptorCount,
    // Each part has room for the descriptors of all of them (makedumpfile 1.7.2 --split).
    dataOffset: descriptorsOffset + kept.setCount * descriptorSizeBytes,
    notes,
    vmcoreinfo: vmcoreinfoOf(source, headers.vmcoreinfo, notes),
  };
}

/** Bits behind the last frame mean nothing, and must not count. */
function keptFrames(bytes: Uint8Array, { frameCount }: KdumpHeaders): Uint8Array {
  const copy = bytes.slice();
  const lastByte = frameCount >> 3;
  if (lastByte < copy.length) copy[lastByte] = (copy[lastByte] ?? 0) & ((1 << (frameCount & 7)) - 1);
  return copy.fill(0, lastByte + 1);
}

function notesOf(source: Source, { offset, sizeBytes }: Place): Note[] {
  if (sizeBytes === 0) return [];
  if (sizeBytes > notesLimitBytes) {
    throw new ImageError('kdump.bad-header', {
      offset: pageSizeBytes + 56,
      expected: `at most ${notesLimitBytes} bytes of notes (notesLimitBytes)`,
      found: `${sizeBytes}`,
    });
  }
  return decodeNotes(readBounded(source, offset, sizeBytes), offset);
}

function vmcoreinfoOf(
  source: Source,
  { offset, sizeBytes }: Place,
  notes: readonly Note[],
): string | undefined {
  if (sizeBytes > 0 && sizeBytes <= vmcoreinfoLimitBytes)
    return textOf(readBounded(source, offset, sizeBytes));
  const note = notes.find(isVmcoreinfo);
  return note === undefined ? undefined : textOf(note.descriptor);
}

/** Of frames in a row that are all kept. */
export const descriptorsFrom = (file: KdumpFile, frame: number, count: number): Descriptor[] =>
  descriptorsIn(file, file.kept.rank(frame) - file.firstRank, count);

/** Descriptors read at once: 96 KiB. */
const chunk = 4096;

export function* allDescriptors(file: KdumpFile): Generator<Descriptor> {
  for (let done = 0; done < file.descriptorCount; done += chunk)
    yield* descriptorsIn(file, done, Math.min(chunk, file.descriptorCount - done));
}

/** Behind the end of the file they are zeros, as in a dump that was cut short. */
function descriptorsIn({ source, descriptorsOffset }: KdumpFile, index: number, count: number): Descriptor[] {
  const offset = descriptorsOffset + index * descriptorSizeBytes;
  const wantedBytes = count * descriptorSizeBytes;
  const readableBytes = Math.max(0, Math.min(wantedBytes, source.length - offset));
  const bytes = new Uint8Array(wantedBytes);
  if (readableBytes > 0) bytes.set(readBounded(source, offset, readableBytes));
  return decodeDescriptors(bytes, offset);
}

export const fileWith = (files: readonly KdumpFile[], frame: number): KdumpFile | undefined =>
  files.find(
    ({ headers: { part } }) => part === undefined || (frame >= part.startPfn && frame < part.endPfn),
  );
