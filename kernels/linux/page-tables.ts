/**
 * x86-64 page tables with four levels, as pages of bytes: built for kernels and for the moment of a jump, and
 * read back as a processor (or a dump tool) reads them.
 *
 *   level 4          level 3               level 2               level 1
 *   | 512 entries |  | 512, 1 GiB leaves|  | 512, 2 MiB leaves|  | 512, 4 KiB leaves|   9 + 9 + 9 + 9 + 12 bits of address
 *
 * Promises that translate(build(mappings)) is what was mapped, and that reading any bytes ends in an address or
 * a typed fault.
 * Sources: Intel SDM volume 3A, 4.5 (entry formats) and 4.7 (faults); Linux 6.12
 * arch/x86/include/asm/pgtable_types.h (_KERNPG_TABLE, __PAGE_KERNEL_LARGE_EXEC), arch/x86/mm/ident_map.c;
 * linux.md A1.8 row 7.
 * Left out: five levels, access rights (a translation says nothing of them), protection keys, memory
 * encryption.
 */
import {
  addressOf,
  frameOf,
  type Pfn,
  type PhysicalAddress,
  pageSizeBytes,
  pfn,
  physical,
} from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import { type FrameWord, writeFrameWord } from '../kexec/word.ts';

/** What one entry of a level maps: levels 1, 2 and 3 can be leaves. */
export const leafSizeBytes = { 1: 2 ** 12, 2: 2 ** 21, 3: 2 ** 30 } as const;
export type LeafLevel = keyof typeof leafSizeBytes;
type Level = LeafLevel | 4;

/** Start and size are multiples of the leaf. */
export type Mapping = {
  readonly virtualAddress: bigint;
  readonly physicalAddress: PhysicalAddress;
  readonly sizeBytes: number;
  readonly leafLevel: LeafLevel;
  /** Seen by user space too. */
  readonly isUser?: boolean;
};

export type TablePage = { readonly frame: Pfn; readonly bytes: Uint8Array };

export type PageTables =
  | { readonly type: 'page-tables.built'; readonly root: Pfn; readonly pages: readonly TablePage[] }
  /** No frame left; `frames` were taken before that. */
  | { readonly type: 'page-tables.failed'; readonly errno: 'ENOMEM'; readonly frames: readonly Pfn[] };

export type Translation =
  | { readonly type: 'page-tables.mapped'; readonly physical: PhysicalAddress; readonly level: LeafLevel }
  | TranslationFault;

export type TranslationFault = {
  readonly type: 'page-tables.fault';
  readonly reason: 'not-present' | 'not-canonical' | 'reserved-bits' | 'table-missing';
  /** The level of the entry that could not be used; 4 also for an address that cannot be looked up at all. */
  readonly level: Level;
  readonly virtualAddress: bigint;
};

/**
 * Bits of an entry: present 1, writable 2, user 4, accessed 0x20, dirty 0x40, leaf above level 1 0x80 (PS),
 * global 0x100.
 */
const present = 0x1;
const user = 0x4;
const largeLeaf = 0x80;
/** _KERNPG_TABLE, and __PAGE_KERNEL_EXEC without and with PS. */
const tableBits = 0x63;
const leafBits = 0x163;

export function buildPageTables(
  mappings: readonly Mapping[],
  allocateFrame: () => Pfn | undefined,
): PageTables {
  const pages = new Map<Pfn, Uint8Array>();
  const newTable = (): Pfn | undefined => {
    const frame = allocateFrame();
    if (frame !== undefined) pages.set(frame, new Uint8Array(pageSizeBytes));
    return frame;
  };
  const failed = (): PageTables => {
    return { type: 'page-tables.failed', errno: 'ENOMEM', frames: [...pages.keys()] };
  };
  const root = newTable();
  if (root === undefined) return failed();
  for (const mapping of mappings) {
    if (!mapRange(mapping, { root, pages, newTable })) return failed();
  }
  return { type: 'page-tables.built', root, pages: [...pages].map(([frame, bytes]) => ({ frame, bytes })) };
}

/** How many frames buildPageTables takes for these mappings. */
export function pageTableFrameCount(mappings: readonly Mapping[]): number {
  let count = 0;
  const tables = buildPageTables(mappings, () => {
    count += 1;
    return pfn(count);
  });
  assert(tables.type === 'page-tables.built', 'page-tables: counting never runs out of frames');
  return count;
}

type Building = {
  readonly root: Pfn;
  readonly pages: ReadonlyMap<Pfn, Uint8Array>;
  readonly newTable: () => Pfn | undefined;
};

/** False: no frame left. What is mapped already stays as it is, as in ident_map.c. */
function mapRange(mapping: Mapping, building: Building): boolean {
  const { virtualAddress, physicalAddress, sizeBytes, leafLevel } = mapping;
  const step = leafSizeBytes[leafLevel];
  const isAligned =
    virtualAddress % BigInt(step) === 0n && physicalAddress % step === 0 && sizeBytes % step === 0;
  assert(isAligned, `page-tables: a mapping is a multiple of its leaf, ${step} bytes`);
  const lowBits = leafBits + (leafLevel === 1 ? 0 : largeLeaf) + (mapping.isUser === true ? user : 0);
  for (let offset = 0; offset < sizeBytes; offset += step) {
    const address = virtualAddress + BigInt(offset);
    const leaf = { frame: frameOf(physical(physicalAddress + offset)), lowBits };
    if (!mapLeaf({ address, level: leafLevel, leaf }, building)) return false;
  }
  return true;
}

type Leaf = { readonly address: bigint; readonly level: LeafLevel; readonly leaf: FrameWord };

function mapLeaf({ address, level, leaf }: Leaf, { root, pages, newTable }: Building): boolean {
  let table = root;
  for (const at of levels) {
    const bytes = pages.get(table);
    assert(bytes !== undefined, 'page-tables: every table is one of ours');
    const offset = entryOffset(address, at);
    const entry = readEntry(bytes, offset);
    const isPresent = (entry.lowBits & present) !== 0;
    if (isPresent && isLeaf(entry, at)) return true;
    if (at === level) {
      assert(!isPresent, 'page-tables: a large leaf cannot go where a table of smaller ones is');
      writeFrameWord(bytes, offset, leaf);
      return true;
    }
    const next = isPresent ? entry.frame : newTable();
    if (next === undefined) return false;
    const lowBits = tableBits | (entry.lowBits & user) | (leaf.lowBits & user);
    writeFrameWord(bytes, offset, { frame: next, lowBits });
    table = next;
  }
  return true;
}

/** Every page that a tree of tables stands in, the root first. */
export function* tableFramesOf(
  root: Pfn,
  readPage: (frame: Pfn) => Uint8Array | undefined,
  level: Level = 4,
): Generator<Pfn> {
  const bytes = readPage(root);
  if (bytes === undefined) return;
  yield root;
  for (let offset = 0; offset < pageSizeBytes; offset += entrySizeBytes) {
    const entry = readEntry(bytes, offset);
    if ((entry.lowBits & present) === 0 || isLeaf(entry, level)) continue;
    const below = levels[levels.indexOf(level) + 1];
    if (below !== undefined) yield* tableFramesOf(entry.frame, readPage, below);
  }
}

/** `virtualAddress` as 64 bits without sign. `readPage` gives undefined where there is no memory. */
export function translate(
  root: Pfn,
  virtualAddress: bigint,
  readPage: (frame: Pfn) => Uint8Array | undefined,
): Translation {
  const fault = (reason: TranslationFault['reason'], level: Level): TranslationFault => {
    return { type: 'page-tables.fault', reason, level, virtualAddress };
  };
  if (!isCanonical(virtualAddress)) return fault('not-canonical', 4);
  let table = root;
  for (const level of levels) {
    const bytes = readPage(table);
    if (bytes === undefined) return fault('table-missing', level);
    const entry = readEntry(bytes, entryOffset(virtualAddress, level));
    if ((entry.lowBits & present) === 0) return fault('not-present', level);
    if (isLeaf(entry, level)) {
      if (level === 4 || hasReservedBits(entry, level)) return fault('reserved-bits', level);
      const inLeaf = Number(virtualAddress % BigInt(leafSizeBytes[level]));
      const framesInLeaf = leafSizeBytes[level] / pageSizeBytes;
      const leafStart = addressOf(pfn(entry.frame - (entry.frame % framesInLeaf)));
      return { type: 'page-tables.mapped', physical: physical(leafStart + inLeaf), level };
    }
    table = entry.frame;
  }
  return fault('not-present', 1);
}

const levels: readonly Level[] = [4, 3, 2, 1];

/** Byte offset in its table of the entry that is looked at for this address. */
const entryOffset = (address: bigint, level: Level): number =>
  Number((address >> BigInt(12 + 9 * (level - 1))) & 0x1ffn) * entrySizeBytes;

const entrySizeBytes = 8;

/** Bits 52 to 63 say how a page may be used, not where it is: they are passed over. */
function readEntry(bytes: Uint8Array, offset: number): FrameWord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const low = view.getUint32(offset, true);
  const high = view.getUint32(offset + 4, true) & 0xfffff;
  return { frame: pfn(high * 2 ** 20 + (low >>> 12)), lowBits: low & 0xfff };
}

/**
 * At level 4 the bit is reserved and no leaf comes of it; at level 1 it means something else and every entry is
 * one.
 */
const isLeaf = ({ lowBits }: FrameWord, level: Level): boolean => level === 1 || (lowBits & largeLeaf) !== 0;

/** Between the low 12 bits (and the PAT bit, 12) and the address of a large leaf. */
const hasReservedBits = ({ frame }: FrameWord, level: LeafLevel): boolean =>
  level !== 1 && frame % (leafSizeBytes[level] / pageSizeBytes) > 1;

/** Bits 47 to 63 are equal. */
const isCanonical = (address: bigint): boolean => address < 2n ** 47n || address >= 2n ** 64n - 2n ** 47n;
