/**
 * The memory of a machine as an image has it: what every format is read into, and what every format can be written from.
 *
 * Frames are told as runs, ascending and apart, so that a terabyte costs what is in it. Pages are read when asked; a page whose bytes
 * are damaged throws an ImageError that names its frame. Frames that no run names are not known to the image at all: holes in the
 * address space, or memory of which it says nothing.
 */
import type { Hex64 } from './bytes.ts';
import type { Note } from './formats/elf/notes.ts';
import type { Prstatus } from './formats/elf/prstatus.ts';
import type { Packer } from './packer.ts';
import type { Pfn, PhysicalAddress } from './pfn.ts';

/** Why a frame of the machine has no bytes in the image; the first five are makedumpfile's (linux.md C.3.6). */
export const absenceReasons = [
  'cache',
  'cachePrivate',
  'user',
  'free',
  'hwpoison',
  'offline',
  /** The image leaves it out and does not say why. */
  'leftOut',
  /** The writer stopped before it. */
  'notSaved',
  /** It was there, and its bytes are damaged. */
  'lost',
] as const;
export type AbsenceReason = (typeof absenceReasons)[number];

/**
 * `stored`: the image has its bytes. `zero`: it is known to hold nothing but zeros, and takes no room for it. `partial`: the image has
 * some of its bytes, the rest reads as zeros: memory that begins or ends within a page, which makedumpfile takes for no page at all.
 */
export type PageKind = 'stored' | 'zero' | 'partial' | AbsenceReason;

export type MemoryRun = { readonly startPfn: Pfn; readonly count: number; readonly kind: PageKind };

export type MemoryImage = {
  /** All frames that the image tells anything of. Computed anew for each call. */
  runs(): Iterable<MemoryRun>;
  /** A whole page, of kind `stored`, `zero` or `partial`. A view or a copy: not to be written to, and gone with the next read. */
  readPage(frame: Pfn): Uint8Array;
  /** Many pages at once, where the format has a faster way than `readPage`. Runs of kind `stored` only; as they come, ascending. */
  batches?(wanted: Iterable<MemoryRun>, packer: Packer): AsyncIterable<PageBatch>;
  /** Empty when the image has no registers. */
  readonly cpus: readonly Prstatus[];
  /** The text of the note, lines KEY=VALUE; undefined when the image has none of its own (it may still be in the memory). */
  readonly vmcoreinfo: string | undefined;
  /** All notes as they stand, where the format has notes; without them they are made from registers and VMCOREINFO. */
  readonly notes?: readonly Note[];
  readonly machine: MachineFacts;
};

/** Up to 256 pages (`batchPages`), at most. */
export type PageBatch = {
  /** The frames that the bytes belong to, in their order. */
  readonly runs: readonly MemoryRun[];
  readonly bytes: Uint8Array;
  /** Pages that could not be read: zeros stand for them in `bytes`. */
  readonly lost: readonly LostPage[];
  /** Called by those who are done with the bytes, so that the next batch can have their room; need not be. */
  readonly release?: () => void;
};

export type LostPage = { readonly frame: Pfn; readonly reason: string };

/** What the format itself says of the machine. */
export type MachineFacts = {
  readonly uts?: Uts;
  /** Frames of RAM that the machine had. */
  readonly frameCount?: number;
  /** Where a hibernated kernel goes on, and the page tables it had (linux.md C.1.4). */
  readonly reentry?: {
    readonly virtual: Hex64;
    readonly physical: PhysicalAddress;
    readonly cr3: PhysicalAddress;
  };
  /** CRC-32 of the firmware's memory map, which a resuming kernel compares; the upper half is 0 (linux.md C.1.4). */
  readonly memoryMapCrc?: Hex64;
  readonly addressMap?: AddressMap;
  /** The address of A's entry after a kexec jump. */
  readonly jumpBackEntry?: PhysicalAddress;
  /** The bits of makedumpfile -d that the image was filtered with. */
  readonly dumpLevel?: number;
  /** Seconds since 1970, of the moment at which the image was taken. */
  readonly takenAtSeconds?: number;
};

/** Where the kernel has its memory: what the segments of an ELF dump say beside physical addresses (linux.md D.4). */
export type AddressMap = {
  /** Virtual address of physical address 0. */
  readonly directMap: Hex64;
  readonly image?: {
    readonly virtual: Hex64;
    readonly physical: PhysicalAddress;
    readonly sizeBytes: number;
  };
};

/** struct new_utsname (linux.md C.4.1): six texts of up to 64 bytes. */
export const utsFields = ['sysname', 'nodename', 'release', 'version', 'machine', 'domainname'] as const;
export type Uts = Readonly<Record<(typeof utsFields)[number], string>>;

/** Of a machine that did not say its names. */
export const noUts: Uts = {
  sysname: '',
  nodename: '',
  release: '',
  version: '',
  machine: '',
  domainname: '',
};

/** One MiB: large enough that a batch costs nothing, small enough that dozens of them may be under way. */
export const batchPages = 256;
