/**
 * elfcorehdr: the headers that tell kernel B where the memory and the crash notes of kernel A are (linux.md C.3.1).
 *
 *   file header
 *   PT_NOTE for each possible CPU     offset = physical address of that CPU's note buffer in A's memory
 *   PT_NOTE for VMCOREINFO            the same; kexec-tools leaves it out for a jump (A1.7 row 4)
 *   PT_LOAD of the kernel text        virtual address of _text
 *   PT_LOAD for each range of RAM     virtual address in the direct map
 *   zeros up to a whole page
 *
 * The kernel (kernel/crash_core.c:crash_prepare_elf64_headers, arch/x86/kernel/crash.c, 6.12) and kexec-tools
 * (kexec/crashdump-elf.c, 2.0.25) write the same headers; they differ in the ranges, which are the caller's: see `rangesWithout`.
 * Promises: writes what it is told, sane or not, as both builders do (a range that ends before it begins gets a size that wraps).
 */
import type { Hex64 } from '../../bytes.ts';
import { type PhysicalAddress, physical, roundUpToPage } from '../../pfn.ts';
import {
  checkFileHeader,
  decodeFileHeader,
  decodeSegments,
  encodeHeaders,
  flagsAll,
  isLoad,
  isNote,
  noAddress,
  programHeaderSizeBytes,
  programHeadersOffset,
  type Segment,
  segmentType,
} from './headers.ts';

/** Both ends belong to the range, as in /proc/iomem. */
export type AddressRange = { readonly first: PhysicalAddress; readonly last: PhysicalAddress };
export type NotePlace = { readonly physical: PhysicalAddress; readonly sizeBytes: number };

export type Elfcorehdr = {
  readonly cpuNotes: readonly NotePlace[];
  readonly vmcoreinfo: NotePlace | null;
  readonly kernelText: {
    readonly virtual: Hex64;
    readonly physical: PhysicalAddress;
    readonly sizeBytes: number;
  };
  readonly ranges: readonly DumpRange[];
  /** Where A's direct map begins (linux.md D.4). */
  readonly directMap: Hex64;
};

/** `copiedTo`: before 2019 low memory was described at the address of its backup (linux.md D.6). */
export type DumpRange = AddressRange & { readonly copiedTo?: PhysicalAddress };

/** x86 never gives the first MiB to a kernel, and the in-kernel builder leaves it out of the dump (linux.md C.3.1, D.6). */
export const lowMebibyte: AddressRange = { first: physical(0), last: physical(0xfffff) };

export function buildElfcorehdr(plan: Elfcorehdr): Uint8Array {
  const { cpuNotes, vmcoreinfo, kernelText, ranges, directMap } = plan;
  const notes = vmcoreinfo === null ? cpuNotes : [...cpuNotes, vmcoreinfo];
  const text = loadAt(kernelText.virtual, kernelText.physical, kernelText.sizeBytes);
  const headers = encodeHeaders([
    ...notes.map(noteAt),
    text,
    ...ranges.map(({ first, last, copiedTo = first }) => ({
      ...loadAt(virtualAt(directMap, first), first, last - first + 1),
      offset: copiedTo,
    })),
  ]);
  const bytes = new Uint8Array(roundUpToPage(headers.length));
  bytes.set(headers);
  return bytes;
}

/** What the headers say. Which of the notes is VMCOREINFO is not in them: only the notes themselves tell. */
export function readElfcorehdr(bytes: Uint8Array): {
  readonly notes: readonly NotePlace[];
  readonly loads: readonly Segment[];
} {
  const header = decodeFileHeader(bytes);
  checkFileHeader(header);
  const at = programHeadersOffset(bytes);
  const end = at + header.programHeaderCount * programHeaderSizeBytes;
  const segments = decodeSegments(bytes.subarray(at, end), header.programHeaderCount, at);
  return {
    notes: segments.filter(isNote).map(({ offset, memorySizeBytes }) => ({
      physical: physical(offset),
      sizeBytes: memorySizeBytes,
    })),
    loads: segments.filter(isLoad),
  };
}

/**
 * RAM without what is not to be dumped. The kernel's builder leaves out the crash ranges and `lowMebibyte`; kexec-tools leaves
 * out only B's range and keeps low memory (linux.md C.3.1).
 */
export function rangesWithout(
  ram: readonly AddressRange[],
  leftOut: readonly AddressRange[],
): AddressRange[] {
  return leftOut.reduce<AddressRange[]>(
    (ranges, hole) => ranges.flatMap((range) => pieces(range, hole)),
    [...ram],
  );
}

function pieces(range: AddressRange, hole: AddressRange): AddressRange[] {
  const before = { first: range.first, last: physical(Math.min(range.last, hole.first - 1)) };
  const after = { first: physical(Math.max(range.first, hole.last + 1)), last: range.last };
  return [before, after].filter((piece) => piece.first <= piece.last);
}

const noteAt = ({ physical, sizeBytes }: NotePlace): Segment => ({
  type: segmentType.note,
  flags: 0,
  offset: physical,
  virtual: noAddress,
  physical,
  fileSizeBytes: sizeBytes,
  memorySizeBytes: sizeBytes,
  alignBytes: 0,
});

const loadAt = (virtual: Hex64, physical: PhysicalAddress, sizeBytes: number): Segment => ({
  type: segmentType.load,
  flags: flagsAll,
  offset: physical,
  virtual,
  physical,
  fileSizeBytes: sizeBytes,
  memorySizeBytes: sizeBytes,
  alignBytes: 0,
});

const virtualAt = (directMap: Hex64, address: PhysicalAddress): Hex64 =>
  BigInt.asUintN(64, BigInt(`0x${directMap}`) + BigInt(address))
    .toString(16)
    .padStart(16, '0');
