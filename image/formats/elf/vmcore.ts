/**
 * Reads an ELF dump of memory: a copy of /proc/vmcore, or what makedumpfile -E or gdb's generators write in the same form.
 *
 * Reads headers and notes at once, memory when asked. Trusts nothing: sizes are checked against the file before anything is
 * read or allocated. Structure that is merely odd is not an error here; `vmcoreProblems` tells it.
 */
import { hex, ImageError } from '../../image-error.ts';
import { type PhysicalAddress, physical } from '../../pfn.ts';
import { checkReadLength, readBounded, type Source } from '../../sink.ts';
import {
  checkFileHeader,
  decodeFileHeader,
  decodeSegments,
  fileHeaderSizeBytes,
  isLoad,
  isNote,
  programHeaderSizeBytes,
  programHeadersOffset,
  type Segment,
} from './headers.ts';
import { decodeNotes, type Note } from './notes.ts';
import { decodePrstatus, isPrstatus, type Prstatus } from './prstatus.ts';
import { isVmcoreinfo, type VmcoreinfoPair, vmcoreinfoOf } from './vmcoreinfo.ts';

export type Vmcore = {
  readonly segments: readonly Segment[];
  readonly loads: readonly Segment[];
  readonly notes: readonly Note[];
  readonly cpus: readonly Prstatus[];
  /** Empty when the dump has no such note. */
  readonly vmcoreinfo: readonly VmcoreinfoPair[];
  readPhysical(address: PhysicalAddress, lengthBytes: number): Uint8Array;
};

/** Our own limit: 8,192 CPUs, the most that Linux 6.12 can be built for on x86-64, need 2.8 MiB. */
const notesLimitBytes = 2 ** 24;

export function readVmcore(source: Source): Vmcore {
  const segments = readSegments(source);
  const loads = segments.filter(isLoad);
  const noteSegments = segments.filter(isNote);
  checkNotesSize(noteSegments);
  const notes = noteSegments.flatMap(({ offset, fileSizeBytes }) =>
    decodeNotes(readBounded(source, offset, fileSizeBytes), offset),
  );
  const vmcoreinfo = notes.find(isVmcoreinfo);
  return {
    segments,
    loads,
    notes,
    cpus: notes.filter(isPrstatus).map(decodePrstatus),
    vmcoreinfo: vmcoreinfo === undefined ? [] : vmcoreinfoOf(vmcoreinfo),
    readPhysical: (address, lengthBytes) => readPhysical(source, loads, address, lengthBytes),
  };
}

function readSegments(source: Source): Segment[] {
  const bytes = readBounded(source, 0, fileHeaderSizeBytes);
  const header = decodeFileHeader(bytes);
  checkFileHeader(header);
  const at = programHeadersOffset(bytes);
  const headers = readBounded(source, at, header.programHeaderCount * programHeaderSizeBytes);
  return decodeSegments(headers, header.programHeaderCount, at);
}

/** All segments together, for many of them may claim the same bytes. */
function checkNotesSize(noteSegments: readonly Segment[]): void {
  const sizeBytes = noteSegments.reduce((sum, segment) => sum + segment.fileSizeBytes, 0);
  if (sizeBytes <= notesLimitBytes) return;
  throw new ImageError('elf.notes-too-large', {
    offset: fileHeaderSizeBytes,
    expected: `at most ${notesLimitBytes} bytes (notesLimitBytes)`,
    found: `${sizeBytes}`,
  });
}

/** The kernel text is in two loads, under two virtual addresses; both have the same bytes, the first one is read. */
function readPhysical(
  source: Source,
  loads: readonly Segment[],
  address: PhysicalAddress,
  lengthBytes: number,
): Uint8Array {
  const first = pieceAt(loads, address, lengthBytes);
  if (first.lengthBytes === lengthBytes) return readBounded(source, first.offset, lengthBytes);
  checkReadLength(address, lengthBytes);
  checkCovered(loads, address, lengthBytes);
  const bytes = new Uint8Array(lengthBytes);
  for (let at = 0; at < lengthBytes; ) {
    const piece = pieceAt(loads, physical(address + at), lengthBytes - at);
    bytes.set(readBounded(source, piece.offset, piece.lengthBytes), at);
    at += piece.lengthBytes;
  }
  return bytes;
}

/** Before anything of that size is allocated. */
function checkCovered(loads: readonly Segment[], address: PhysicalAddress, lengthBytes: number): void {
  for (let at = 0; at < lengthBytes; )
    at += pieceAt(loads, physical(address + at), lengthBytes - at).lengthBytes;
}

type Piece = { readonly offset: number; readonly lengthBytes: number };

function pieceAt(loads: readonly Segment[], address: PhysicalAddress, lengthBytes: number): Piece {
  const load = loads.find((one) => address >= one.physical && address < one.physical + one.fileSizeBytes);
  if (load === undefined) {
    const facts = {
      offset: address,
      expected: `${lengthBytes} bytes in a load segment`,
      found: nearest(loads, address),
    };
    throw new ImageError('memory.not-in-image', facts);
  }
  const within = address - load.physical;
  return { offset: load.offset + within, lengthBytes: Math.min(lengthBytes, load.fileSizeBytes - within) };
}

function nearest(loads: readonly Segment[], address: PhysicalAddress): string {
  const starts = loads.map((load) => load.physical).filter((start) => start > address);
  return starts.length === 0
    ? 'no load segment from there on'
    : `the next one at ${hex(Math.min(...starts))}`;
}
