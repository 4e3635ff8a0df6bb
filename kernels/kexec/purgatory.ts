/**
 * The purgatory of kexec-tools: the small program between two kernels. It checks that what was loaded is still
 * what was loaded, and for a jump it learns where the way back is.
 *
 *   + 0x5000  data page    0x20 digest (32 bytes)   0x40 sixteen regions, start and length, 8 bytes each
 *   + 0x7000  state page   0x08 jump-back entry   0x10 panic kernel, 1 byte   0x92 serial console, 1 byte
 *
 * The digest is SHA-256 over all segments but purgatory itself (its own data changes), zero-filled parts too. A
 * kexec-tools that knows hot-plug leaves out the elfcorehdr as well. What is checked is what stands in memory
 * at that moment, list of regions included.
 * Sources: linux.md A1.6, A3.2 row 8; kexec-tools kexec/kexec.c:update_purgatory, purgatory/purgatory.c;
 * offsets and texts: logs a1, b3.
 * Left out: its code and stack, video reset, the copy of low memory for a crash kernel.
 */
import { createHash } from 'node:crypto';
import type { Hex64 } from '../../image/bytes.ts';
import {
  frameOf,
  offsetInPage,
  type Pfn,
  type PhysicalAddress,
  pageSizeBytes,
  physical,
} from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { KexecSegment } from './segments.ts';
import { hexWord, readWord, wordSizeBytes, writeWord, zeroWord } from './word.ts';

export type DigestRegion = { readonly start: PhysicalAddress; readonly sizeBytes: number };
export type PurgatoryData = { readonly digest: Uint8Array; readonly regions: readonly DigestRegion[] };

export type PurgatoryState = {
  readonly jumpBackEntry: Hex64;
  readonly isPanicKernel: boolean;
  /** Asked for when it was loaded (--console-serial); without it nothing is ever said. */
  readonly hasSerialConsole: boolean;
};

export type Verification = {
  /**
   * mismatched: an endless loop from here on. unreadable: a region leads out of memory, which no handler
   * catches.
   */
  readonly type: 'purgatory.matched' | 'purgatory.mismatched' | 'purgatory.unreadable';
  readonly lines: readonly string[];
};

type ReadPage = (frame: Pfn) => Uint8Array | undefined;

/** SHA256_REGIONS is the limit of segments (kexec-tools kexec/kexec-sha256.h). */
const regionLimit = 16;
const digestSizeBytes = 32;

/**
 * Offsets in purgatory's segment and in its two pages [logs a1, b3: lines `sym: … value:` and `kexec_load:
 * entry`].
 */
export const purgatoryLayout = { entry: 0x760, dataPage: 0x5000, statePage: 0x7000 } as const;
const dataOffsets = { digest: 0x20, regions: 0x40 } as const;
const stateOffsets = { jumpBackEntry: 0x08, isPanicKernel: 0x10, hasSerialConsole: 0x92 } as const;

/** `leftOut`: where purgatory itself stands, and the elfcorehdr for tools that know hot-plug. */
export const digestRegions = (
  segments: readonly KexecSegment[],
  leftOut: readonly PhysicalAddress[],
): readonly DigestRegion[] =>
  segments
    .filter(({ memoryStart }) => !leftOut.includes(memoryStart))
    .map(({ memoryStart, memorySizeBytes }) => ({ start: memoryStart, sizeBytes: memorySizeBytes }));

/** Undefined when a region leads out of memory. */
export function digestOf(regions: readonly DigestRegion[], readPage: ReadPage): Uint8Array | undefined {
  const hash = createHash('sha256');
  for (const { start, sizeBytes } of regions) {
    let left = sizeBytes;
    // Ends at the latest where memory ends: a length out of garbage has no other limit, in the machine as here.
    for (let at = start; left > 0; ) {
      const page = readPage(frameOf(at));
      if (page === undefined) return undefined;
      const part = page.subarray(offsetInPage(at), Math.min(pageSizeBytes, offsetInPage(at) + left));
      hash.update(part);
      left -= part.length;
      at = physical(at + part.length);
    }
  }
  return Uint8Array.from(hash.digest());
}

export function encodePurgatoryData({ digest, regions }: PurgatoryData): Uint8Array {
  assert(digest.length === digestSizeBytes, 'purgatory: a SHA-256 digest has 32 bytes');
  assert(regions.length <= regionLimit, 'purgatory: there is room for 16 regions');
  const bytes = new Uint8Array(pageSizeBytes);
  bytes.set(digest, dataOffsets.digest);
  regions.forEach(({ start, sizeBytes }, index) => {
    writeWord(bytes, regionOffset(index), hexWord(start));
    writeWord(bytes, regionOffset(index) + wordSizeBytes, hexWord(sizeBytes));
  });
  return bytes;
}

/** Regions of length 0 add nothing and are passed over. */
export function decodePurgatoryData(bytes: Uint8Array): PurgatoryData {
  const regions = Array.from({ length: regionLimit }, (_, index) => {
    const start = physical(Number(`0x${readWord(bytes, regionOffset(index))}`));
    return { start, sizeBytes: Number(`0x${readWord(bytes, regionOffset(index) + wordSizeBytes)}`) };
  });
  const digest = bytes.slice(dataOffsets.digest, dataOffsets.digest + digestSizeBytes);
  return { digest, regions: regions.filter(({ sizeBytes }) => sizeBytes > 0) };
}

export function encodePurgatoryState(state: PurgatoryState): Uint8Array {
  const bytes = new Uint8Array(pageSizeBytes);
  writeWord(bytes, stateOffsets.jumpBackEntry, state.jumpBackEntry);
  bytes[stateOffsets.isPanicKernel] = state.isPanicKernel ? 1 : 0;
  bytes[stateOffsets.hasSerialConsole] = state.hasSerialConsole ? 1 : 0;
  return bytes;
}

export const decodePurgatoryState = (bytes: Uint8Array): PurgatoryState => ({
  jumpBackEntry: readWord(bytes, stateOffsets.jumpBackEntry),
  isPanicKernel: bytes[stateOffsets.isPanicKernel] !== 0,
  hasSerialConsole: bytes[stateOffsets.hasSerialConsole] !== 0,
});

/** What purgatory does, given its two pages as they are found in memory. */
export function verify(dataPage: Uint8Array, statePage: Uint8Array, readPage: ReadPage): Verification {
  const { digest, regions } = decodePurgatoryData(dataPage);
  const say = (...lines: string[]): readonly string[] =>
    decodePurgatoryState(statePage).hasSerialConsole ? ["I'm in purgatory", ...lines] : [];
  const found = digestOf(regions, readPage);
  if (found === undefined) return { type: 'purgatory.unreadable', lines: say() };
  if (Buffer.compare(found, digest) === 0) return { type: 'purgatory.matched', lines: say() };
  const lines = say(
    'sha256 digests do not match :(',
    `       digest: ${digestText(found)}`,
    `sha256_digest: ${digestText(digest)}`,
  );
  return { type: 'purgatory.mismatched', lines };
}

/**
 * Purgatory writes the entry into spare bytes behind the new kernel's command line; 0 on the stack means that
 * there is no way back, and nothing is added. Kernels before the 0 was pushed left garbage there (linux.md
 * A1.6).
 */
export const commandLineWithEntry = (commandLine: string, entry: Hex64): string =>
  entry === zeroWord ? commandLine : `${commandLine} kexec_jump_back_entry=0x${entry}`;

/** PURGATORY_CMDLINE_SIZE: bytes that the tool leaves free behind the command line for it. */
export const spareCommandLineBytes = 64;

const regionOffset = (index: number): number => dataOffsets.regions + index * 2 * wordSizeBytes;

/** With a blank after the last byte too [log b3]. */
const digestText = (digest: Uint8Array): string =>
  Array.from(digest, (byte) => `${byte.toString(16).padStart(2, '0')} `).join('');
