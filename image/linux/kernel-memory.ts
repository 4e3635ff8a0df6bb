/**
 * The memory of a kernel by virtual address, through the page tables that are in the image.
 *
 * Starts at init_top_pgt of VMCOREINFO, which stands in the kernel image: physical = virtual - 0xffffffff80000000 + phys_base
 * (linux.md D.4). Four and five levels, leaves of 4 KiB, 2 MiB and 1 GiB (Intel SDM volume 3A, 4.5). An address without a mapping is an
 * ImageError. Left out: memory encryption beyond its mask, and user space.
 */
import { hex, ImageError } from '../image-error.ts';
import type { MemoryImage } from '../memory-image.ts';
import { addressOf, frameOf, type PhysicalAddress, pageSizeBytes, physical } from '../pfn.ts';
import { readPhysicalFrom } from '../physical-reader.ts';
import { checkReadLength } from '../sink.ts';
import type { KernelFacts } from './kernel-facts.ts';

export type KernelMemory = {
  readonly facts: KernelFacts;
  /** Undefined: not mapped. */
  translate(virtual: bigint): PhysicalAddress | undefined;
  /** The lowest mapping of the kernel's half. */
  firstMapping(): { readonly virtual: bigint; readonly physical: PhysicalAddress } | undefined;
  read(virtual: bigint, lengthBytes: number): Uint8Array;
  readWord(virtual: bigint): bigint;
  readPhysical(address: PhysicalAddress, lengthBytes: number): Uint8Array;
};

const kernelMapStart = 0xffffffff80000000n;
const present = 1n;
const largeLeaf = 0x80n;
/** Bits 12 to 51 of an entry: the frame. */
const frameMask = 0x000ffffffffff000n;

export function kernelMemory(memory: Pick<MemoryImage, 'readPage'>, facts: KernelFacts): KernelMemory {
  const { root, levels, encryption } = rootOf(facts);
  const readPhysical = readPhysicalFrom(memory);
  const tableAt = keptTables(memory);
  const translate = (virtual: bigint): PhysicalAddress | undefined => {
    let table = root;
    for (let level = levels; level > 0; level -= 1) {
      const index = Number((virtual >> BigInt(3 + 9 * level)) & 0x1ffn);
      const entry = wordAt(tableAt(table), index * 8);
      if ((entry & present) === 0n) return undefined;
      const target = entry & frameMask & ~encryption;
      if (level === 1 || (level <= 3 && (entry & largeLeaf) !== 0n)) {
        const within = BigInt.asUintN(3 + 9 * level, virtual);
        return physical(Number(((target >> BigInt(3 + 9 * level)) << BigInt(3 + 9 * level)) | within));
      }
      table = physical(Number(target));
    }
    return undefined;
  };
  const read = (virtual: bigint, lengthBytes: number): Uint8Array => {
    checkReadLength(0, lengthBytes);
    const bytes = new Uint8Array(lengthBytes);
    for (let at = 0; at < lengthBytes; ) {
      const address = virtual + BigInt(at);
      const place = translate(address);
      if (place === undefined) throw unmapped(address, root);
      const count = Math.min(lengthBytes - at, pageSizeBytes - (place % pageSizeBytes));
      bytes.set(readPhysical(place, count), at);
      at += count;
    }
    return bytes;
  };
  const firstMapping = (): ReturnType<KernelMemory['firstMapping']> => {
    const virtual = firstMapped(memory, { root, levels, encryption });
    const place = virtual === undefined ? undefined : translate(virtual);
    return virtual === undefined || place === undefined ? undefined : { virtual, physical: place };
  };
  return {
    facts,
    translate,
    firstMapping,
    read,
    readWord: (virtual) => wordAt(read(virtual, 8), 0),
    readPhysical,
  };
}

/** Up to 4 MiB of tables: every translation reads some of them, and packed images unpack many pages for each. */
const mostKeptTables = 1024;

function keptTables({ readPage }: Pick<MemoryImage, 'readPage'>): (table: PhysicalAddress) => Uint8Array {
  const tables = new Map<number, Uint8Array>();
  return (table) => {
    const known = tables.get(table);
    if (known !== undefined) return known;
    const page = readPage(frameOf(table)).slice();
    if (tables.size >= mostKeptTables) tables.clear();
    tables.set(table, page);
    return page;
  };
}

/** Down the first present entry of each table; the upper half of the root is the kernel's. */
function firstMapped(
  { readPage }: Pick<MemoryImage, 'readPage'>,
  { root, levels, encryption }: Root,
): bigint | undefined {
  let table: PhysicalAddress = root;
  let virtual = 0n;
  for (let level = levels; level > 0; level -= 1) {
    const page = readPage(frameOf(table));
    let index = level === levels ? 256 : 0;
    while (index < 512 && (wordAt(page, index * 8) & present) === 0n) index += 1;
    if (index === 512) return undefined;
    virtual |= BigInt(index) << BigInt(3 + 9 * level);
    const entry = wordAt(page, index * 8);
    if (level === 1 || (level <= 3 && (entry & largeLeaf) !== 0n)) break;
    table = physical(Number(entry & frameMask & ~encryption));
  }
  // Sign extension: the highest bit that is translated is set in the upper half.
  return BigInt.asUintN(64, BigInt.asIntN(3 + 9 * (levels + 1), virtual));
}

type Root = { readonly root: PhysicalAddress; readonly levels: number; readonly encryption: bigint };

function rootOf(facts: KernelFacts): Root {
  const name = facts.has('SYMBOL(init_top_pgt)') ? 'init_top_pgt' : 'swapper_pg_dir';
  const address = facts.symbol(name) - kernelMapStart + BigInt(facts.number('phys_base'));
  if (address < 0n || address > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ImageError('kernel.missing-fact', {
      offset: 0,
      expected: `SYMBOL(${name}) and NUMBER(phys_base) that come to a physical address`,
      found: `0x${BigInt.asUintN(64, address).toString(16)}`,
    });
  }
  const hasFive = facts.text('NUMBER(pgtable_l5_enabled)') === '1';
  const mask = encryptionMask(facts.text('NUMBER(sme_mask)') ?? '0');
  return { root: addressOf(frameOf(physical(Number(address)))), levels: hasFive ? 5 : 4, encryption: mask };
}

const encryptionMask = (text: string): bigint =>
  /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text) ? BigInt(text) : 0n;

/** Physical address of what stands in the kernel image. */
export const imagePhysical = (facts: KernelFacts, virtual: bigint): number =>
  Number(virtual - kernelMapStart) + facts.number('phys_base');

export const wordAt = (bytes: Uint8Array, offset: number): bigint =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(offset, true);

const unmapped = (virtual: bigint, root: PhysicalAddress): ImageError =>
  new ImageError('kernel.unmapped', {
    offset: root,
    expected: `a mapping of the kernel address 0x${virtual.toString(16)}`,
    found: `none in the page tables at ${hex(root)}`,
  });
