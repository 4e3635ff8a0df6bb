/**
 * /proc/vmcore: how kernel B shows the memory of A as one ELF file (linux.md C.3.2, A3.2 row 10, A1.8 row 5).
 *
 *   headers, whole pages     file header, one PT_NOTE, the PT_LOADs
 *   notes, whole pages       the notes of all PT_NOTE parts of elfcorehdr one after the other, without end marks
 *   memory                   the PT_LOADs one after the other, each widened to whole pages
 *
 * Only the header bytes are made here; memory stays where it is, and `blockAt` says which page of it is which block of the file.
 * From fs/proc/vmcore.c, 6.12: parse_crash_elf_headers, parse_crash_elf64_headers, merge_note_headers_elf64,
 * process_ptload_program_headers_elf64. Deviations: Linux does not check that elfcorehdr is as long as its headers say, nor
 * that addresses and sizes make sense, and goes on with whatever follows; here that is the reason `unreadable`. Linux reads on
 * behind a note buffer without an end mark; here the end of the buffer ends it. Left out: device dumps (2018), ELF32, and
 * segments that are neither PT_NOTE nor PT_LOAD (neither builder of elfcorehdr writes any).
 */
import { ByteReader, type Hex64 } from '../../bytes.ts';
import { ImageError } from '../../image-error.ts';
import {
  frameOf,
  offsetInPage,
  type Pfn,
  type PhysicalAddress,
  pageSizeBytes,
  pagesFor,
  pfn,
  physical,
  roundUpToPage,
} from '../../pfn.ts';
import {
  decodeFileHeader,
  decodeSegments,
  encodeHeaders,
  expectedFields,
  type FileHeader,
  fileHeaderSizeBytes,
  magic,
  noAddress,
  programHeaderSizeBytes,
  type Segment,
  segmentType,
} from './headers.ts';
import { noteHeaderSizeBytes, noteSizeBytes } from './notes.ts';

export type VmcoreLoad = {
  /** Where the file has the first byte of the first page. */
  readonly fileOffset: number;
  /** The pages to read; not those of `physical` when low memory was moved to a backup. */
  readonly firstFrame: Pfn;
  readonly pageCount: number;
  /** As the program header says it: not rounded to pages. */
  readonly physical: PhysicalAddress;
  readonly virtual: Hex64;
  readonly sizeBytes: number;
};

export type VmcoreLayout = {
  /** Headers and notes, whole pages. */
  readonly header: Uint8Array;
  readonly loads: readonly VmcoreLoad[];
  readonly lengthBytes: number;
};

/**
 * Why there is no /proc/vmcore. Linux prints "Kdump: vmcore not initialized", and before it
 * headerNotFound: "Warning: Core image elf header not found"; headerNotSane: "Warning: Core image elf header is not sane";
 * notesEmpty: nothing, but each buffer has had its warning, and the allocation of 0 bytes leaves a trace; outOfMemory: nothing.
 */
export type VmcoreAbsence = 'headerNotFound' | 'headerNotSane' | 'notesEmpty' | 'outOfMemory' | 'unreadable';

/**
 * notesZero: "Warning: Zero PT_NOTE entries found"; noteDropped: "Warning: Exceeded p_memsz, dropping PT_NOTE entry ..." with
 * both sizes.
 */
export type VmcoreWarning =
  | { readonly type: 'notesZero' }
  | { readonly type: 'noteDropped'; readonly nameSizeBytes: number; readonly descriptorSizeBytes: number };

export type VmcoreView =
  | { readonly type: 'ready'; readonly layout: VmcoreLayout; readonly warnings: readonly VmcoreWarning[] }
  | { readonly type: 'absent'; readonly reason: VmcoreAbsence; readonly warnings: readonly VmcoreWarning[] };

/** Reads A's memory: exactly so many bytes at that address. */
export type ReadMemory = (address: PhysicalAddress, lengthBytes: number) => Uint8Array;

export type VmcoreBlock =
  | { readonly type: 'header'; readonly bytes: Uint8Array }
  | { readonly type: 'page'; readonly frame: Pfn };

/** The largest kmalloc (6.12 include/linux/slab.h: KMALLOC_MAX_SIZE, 2^(10 + 12)): a larger note buffer cannot be read. */
const noteBufferLimitBytes = 2 ** 22;

/** Our own limit for all of them together: B could not get more memory than this in one piece either. */
const notesLimitBytes = 2 ** 28;

/** Seen in a vmcore of 6.12.117 [L b2]; older kernels write 0. */
const mergedNoteAlignBytes = 4;

export function vmcoreLayout(elfcorehdr: Uint8Array, readMemory: ReadMemory): VmcoreView {
  const warnings: VmcoreWarning[] = [];
  const absent = (reason: VmcoreAbsence): VmcoreView => ({ type: 'absent', reason, warnings });
  try {
    const header = decodeFileHeader(padded(elfcorehdr));
    if (header.magic !== magic) return absent('headerNotFound');
    if (!isSane(header)) return absent('headerNotSane');
    const segmentsOfType = (type: number) => segmentsOf(elfcorehdr, header.programHeaderCount, type);
    const noteSegments = segmentsOfType(segmentType.note);
    if (areTooLarge(noteSegments)) return absent('outOfMemory');
    const notes = noteSegments.map((segment) => realNotes(segment, readMemory, warnings));
    const notesSizeBytes = notes.reduce((sum, bytes) => sum + bytes.length, 0);
    if (notesSizeBytes === 0) return absent('notesEmpty');
    const loads = segmentsOfType(segmentType.load);
    return { type: 'ready', layout: layoutOf(loads, notes, notesSizeBytes), warnings };
  } catch (error) {
    if (error instanceof ImageError) return absent('unreadable');
    throw error;
  }
}

/** What one 4096-byte block of the file holds. */
export function blockAt(layout: VmcoreLayout, blockIndex: number): VmcoreBlock {
  const offset = blockIndex * pageSizeBytes;
  if (offset < layout.header.length) {
    return { type: 'header', bytes: layout.header.subarray(offset, offset + pageSizeBytes) };
  }
  const load = layout.loads.find(
    (one) => offset >= one.fileOffset && offset < one.fileOffset + one.pageCount * pageSizeBytes,
  );
  if (load !== undefined) {
    return { type: 'page', frame: pfn(load.firstFrame + (offset - load.fileOffset) / pageSizeBytes) };
  }
  const facts = {
    offset: blockIndex,
    expected: `a block below ${layout.lengthBytes / pageSizeBytes}`,
    found: `${blockIndex}`,
  };
  throw new ImageError('run.misplaced', facts);
}

/** parse_crash_elf64_headers: data encoding and the place of the program headers are not looked at. */
const isSane = (header: FileHeader): boolean =>
  header.type === expectedFields.type.value &&
  header.machine === expectedFields.machine.value &&
  header.class === expectedFields.class.value &&
  header.identVersion === expectedFields.identVersion.value &&
  header.version === expectedFields.version.value &&
  header.headerSizeBytes === expectedFields.headerSizeBytes.value &&
  header.programHeaderSizeBytes === expectedFields.programHeaderSizeBytes.value &&
  header.programHeaderCount !== 0;

/** What is shorter than a file header is read as if zeros followed, so that it is not found or not sane. */
function padded(bytes: Uint8Array): Uint8Array {
  const atLeast = new Uint8Array(Math.max(bytes.length, fileHeaderSizeBytes));
  atLeast.set(bytes);
  return atLeast;
}

const areTooLarge = (noteSegments: readonly Segment[]): boolean =>
  noteSegments.some((segment) => segment.memorySizeBytes > noteBufferLimitBytes) ||
  noteSegments.reduce((sum, segment) => sum + segment.memorySizeBytes, 0) > notesLimitBytes;

/**
 * Those of one type: Linux is done with all notes before it looks at memory (parse_crash_elf64_headers), so that an absurd PT_LOAD does not
 * hide what the notes lack (log a9).
 */
function segmentsOf(elfcorehdr: Uint8Array, count: number, type: number): readonly Segment[] {
  const offsets = Array.from(
    { length: count },
    (_, index) => fileHeaderSizeBytes + index * programHeaderSizeBytes,
  );
  const reader = new ByteReader(elfcorehdr, 0);
  return offsets
    .filter((offset) => reader.u32(offset) === type)
    .flatMap((offset) => decodeSegments(elfcorehdr.subarray(offset), 1, offset));
}

/** update_note_header_size_elf64: the notes of one buffer up to its end mark. */
function realNotes(segment: Segment, readMemory: ReadMemory, warnings: VmcoreWarning[]): Uint8Array {
  const bytes = readMemory(physical(segment.offset), segment.memorySizeBytes);
  const reader = new ByteReader(bytes, segment.offset);
  let realSizeBytes = 0;
  while (realSizeBytes + noteHeaderSizeBytes <= bytes.length) {
    const nameSizeBytes = reader.u32(realSizeBytes);
    if (nameSizeBytes === 0) break;
    const descriptorSizeBytes = reader.u32(realSizeBytes + 4);
    const sizeBytes = noteSizeBytes(nameSizeBytes, descriptorSizeBytes);
    if (realSizeBytes + sizeBytes > bytes.length) {
      warnings.push({ type: 'noteDropped', nameSizeBytes, descriptorSizeBytes });
      break;
    }
    realSizeBytes += sizeBytes;
  }
  if (realSizeBytes === 0) warnings.push({ type: 'notesZero' });
  return bytes.subarray(0, realSizeBytes);
}

function layoutOf(
  loadSegments: readonly Segment[],
  notes: readonly Uint8Array[],
  notesSizeBytes: number,
): VmcoreLayout {
  const notesOffset = roundUpToPage(fileHeaderSizeBytes + (loadSegments.length + 1) * programHeaderSizeBytes);
  const memoryOffset = notesOffset + roundUpToPage(notesSizeBytes);
  const placed = placedLoads(loadSegments, memoryOffset);
  const header = new Uint8Array(memoryOffset);
  header.set(encodeHeaders([mergedNote(notesOffset, notesSizeBytes), ...placed.map(movedSegment)]));
  let at = notesOffset;
  for (const bytes of notes) {
    header.set(bytes, at);
    at += bytes.length;
  }
  const loads = placed.map(({ load }) => load);
  const last = loads.at(-1);
  const lengthBytes = last === undefined ? memoryOffset : last.fileOffset + last.pageCount * pageSizeBytes;
  return { header, loads, lengthBytes };
}

type PlacedLoad = { readonly segment: Segment; readonly load: VmcoreLoad };

/** Where the memory is, is what the header of elfcorehdr has as its file offset. */
function placedLoads(segments: readonly Segment[], memoryOffset: number): PlacedLoad[] {
  let fileOffset = memoryOffset;
  return segments.map((segment) => {
    const firstFrame = frameOf(physical(segment.offset));
    const pageCount = pagesFor(segment.offset + segment.memorySizeBytes) - firstFrame;
    const load = {
      fileOffset,
      firstFrame,
      pageCount,
      physical: segment.physical,
      virtual: segment.virtual,
      sizeBytes: segment.memorySizeBytes,
    };
    fileOffset += pageCount * pageSizeBytes;
    if (Number.isSafeInteger(fileOffset)) return { segment, load };
    const facts = { offset: segment.offset, expected: 'a file below 2^53 bytes', found: `${fileOffset}` };
    throw new ImageError('bytes.too-large', facts);
  });
}

/** A range that begins within a page keeps its place in the page. */
const movedSegment = ({ segment, load }: PlacedLoad): Segment => ({
  ...segment,
  offset: load.fileOffset + offsetInPage(physical(segment.offset)),
});

const mergedNote = (offset: number, sizeBytes: number): Segment => ({
  type: segmentType.note,
  flags: 0,
  offset,
  virtual: noAddress,
  physical: physical(0),
  fileSizeBytes: sizeBytes,
  memorySizeBytes: sizeBytes,
  alignBytes: mergedNoteAlignBytes,
});
