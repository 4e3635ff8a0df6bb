/**
 * The headers of an ELF64 core file: one file header, then program headers.
 *
 *   file header, 64 bytes                       program header, 56 bytes
 *    0 magic 7f 45 4c 46                         0 type, u32 (1 load, 4 note)
 *    4 class (2 = 64-bit), data (1 = little)     4 flags, u32 (4 read, 2 write, 1 execute)
 *    6 version (1), OS ABI (0), 8 zeros          8 offset in the file
 *   16 type, u16 (4 = core)                     16 virtual address
 *   18 machine, u16 (62 = x86-64)               24 physical address
 *   20 version, u32 (1)                         32 size in the file
 *   24 entry, u64 (0)                           40 size in memory
 *   32 program headers at, u64 (64)             48 alignment
 *   40 section headers at, u64 (0)
 *   48 flags, u32 (0)
 *   52 size of this header, u16 (64)
 *   54 size of a program header, u16 (56)
 *   56 number of program headers, u16
 *   58 section header size, number, name index, u16 each (0)
 *
 * Sources: System V ABI, chapter 4 and 5; x86-64 psABI 4.1; the values in parentheses: linux.md C.3.1 and the first bytes of
 * a vmcore of Linux 6.12.117. Left out: more than 65,534 program headers (PN_XNUM), sections, other machines.
 */
import { ByteReader, ByteWriter, type Hex64 } from '../../bytes.ts';
import { hex, ImageError } from '../../image-error.ts';
import { type PhysicalAddress, physical } from '../../pfn.ts';

export const fileHeaderSizeBytes = 64;
export const programHeaderSizeBytes = 56;
export const magic = '\x7fELF';
export const segmentType = { load: 1, note: 4 } as const;
/** PF_R | PF_W | PF_X: what both header builders give every load segment. */
export const flagsAll = 7;
export const noAddress: Hex64 = '0000000000000000';

export type FileHeader = {
  readonly magic: string;
  readonly class: number;
  readonly data: number;
  readonly identVersion: number;
  readonly type: number;
  readonly machine: number;
  readonly version: number;
  readonly headerSizeBytes: number;
  readonly programHeaderSizeBytes: number;
  readonly programHeaderCount: number;
};

export type Segment = {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly virtual: Hex64;
  readonly physical: PhysicalAddress;
  readonly fileSizeBytes: number;
  readonly memorySizeBytes: number;
  readonly alignBytes: number;
};

/** PN_XNUM: a count of 0xffff means that the real count stands elsewhere (System V ABI). */
const mostProgramHeaders = 0xfffe;

/** Everything but the magic that a core file of x86-64 has in its header, in the order in which it is checked. */
export const expectedFields = {
  class: { value: 2, offset: 4 },
  data: { value: 1, offset: 5 },
  identVersion: { value: 1, offset: 6 },
  type: { value: 4, offset: 16 },
  machine: { value: 62, offset: 18 },
  version: { value: 1, offset: 20 },
  headerSizeBytes: { value: fileHeaderSizeBytes, offset: 52 },
  programHeaderSizeBytes: { value: programHeaderSizeBytes, offset: 54 },
} as const satisfies Partial<Record<keyof FileHeader, { value: number; offset: number }>>;

/** File header and program headers, without padding. */
export function encodeHeaders(segments: readonly Segment[]): Uint8Array {
  if (segments.length > mostProgramHeaders) throw tooManyHeaders(segments.length);
  const bytes = new Uint8Array(fileHeaderSizeBytes + segments.length * programHeaderSizeBytes);
  const writer = new ByteWriter(bytes);
  writer.text(0, magic);
  writer.u8(4, expectedFields.class.value);
  writer.u8(5, expectedFields.data.value);
  writer.u8(6, expectedFields.identVersion.value);
  writer.u16(16, expectedFields.type.value);
  writer.u16(18, expectedFields.machine.value);
  writer.u32(20, expectedFields.version.value);
  writer.u64(32, fileHeaderSizeBytes);
  writer.u16(52, fileHeaderSizeBytes);
  writer.u16(54, programHeaderSizeBytes);
  writer.u16(56, segments.length);
  for (const [index, segment] of segments.entries()) {
    const at = fileHeaderSizeBytes + index * programHeaderSizeBytes;
    encodeSegment(new ByteWriter(bytes.subarray(at, at + programHeaderSizeBytes)), segment);
  }
  return bytes;
}

/** The fields as they stand, unchecked: /proc/vmcore and our own reader each have their own idea of what is sane. */
export function decodeFileHeader(bytes: Uint8Array): FileHeader {
  const reader = new ByteReader(bytes);
  return {
    magic: reader.text(0, magic.length),
    class: reader.u8(4),
    data: reader.u8(5),
    identVersion: reader.u8(6),
    type: reader.u16(16),
    machine: reader.u16(18),
    version: reader.u32(20),
    headerSizeBytes: reader.u16(52),
    programHeaderSizeBytes: reader.u16(54),
    programHeaderCount: reader.u16(56),
  };
}

/** Where the program headers begin: read only once the header is known to be one. */
export const programHeadersOffset = (bytes: Uint8Array): number => new ByteReader(bytes).u64(32);

/** Throws unless the header is that of a core file that this program reads. */
export function checkFileHeader(header: FileHeader): void {
  if (header.magic !== magic) {
    throw new ImageError('elf.no-magic', {
      offset: 0,
      expected: '"\\x7fELF"',
      found: JSON.stringify(header.magic),
    });
  }
  for (const [name, { value, offset }] of Object.entries(expectedFields)) {
    // Object.entries loses the key type; the keys are those of `expectedFields`.
    const found = header[name as keyof typeof expectedFields];
    if (found === value) continue;
    throw new ImageError('elf.wrong-field', { offset, expected: `${name} ${value}`, found: `${found}` });
  }
  if (header.programHeaderCount > mostProgramHeaders) throw tooManyHeaders(header.programHeaderCount);
}

export function decodeSegments(bytes: Uint8Array, count: number, baseOffset: number): Segment[] {
  const reader = new ByteReader(bytes, baseOffset);
  return Array.from({ length: count }, (_, index) => {
    const at = index * programHeaderSizeBytes;
    return {
      type: reader.u32(at),
      flags: reader.u32(at + 4),
      offset: reader.u64(at + 8),
      virtual: reader.hex64(at + 16),
      physical: physical(reader.u64(at + 24)),
      fileSizeBytes: reader.u64(at + 32),
      memorySizeBytes: reader.u64(at + 40),
      alignBytes: reader.u64(at + 48),
    };
  });
}

export const isLoad = (segment: Segment): boolean => segment.type === segmentType.load;
export const isNote = (segment: Segment): boolean => segment.type === segmentType.note;

/** Sizes wrap as in C: kexec-tools can compute a negative one and writes it (linux.md A1.8 row 2). */
function encodeSegment(writer: ByteWriter, segment: Segment): void {
  writer.u32(0, segment.type);
  writer.u32(4, segment.flags);
  writer.u64(8, segment.offset);
  writer.hex64(16, segment.virtual);
  writer.u64(24, segment.physical);
  writer.u64Wrapping(32, segment.fileSizeBytes);
  writer.u64Wrapping(40, segment.memorySizeBytes);
  writer.u64(48, segment.alignBytes);
}

const tooManyHeaders = (count: number): ImageError =>
  new ImageError('elf.too-many-headers', {
    offset: 56,
    expected: `at most ${mostProgramHeaders} program headers (mostProgramHeaders)`,
    found: hex(count),
  });
