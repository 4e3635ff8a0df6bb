/**
 * Where the `struct page` of a frame is, in a kernel with SPARSEMEM (the only memory model of x86-64 since 2.6.24): sections of 128 MiB,
 * found through mem_section, each with the address of its array less the number of its first frame.
 *
 * With SPARSEMEM_VMEMMAP all arrays lie in one (vmemmap), at a base that KASLR moves; going through the sections needs no base, and
 * knows which frames have a `struct page` at all. Sources: Linux 6.12 include/linux/mmzone.h (section_nr_to_root, sparse_decode_mem_map,
 * SECTION_MAP_LAST_BIT at most bit 5 below SECTION_NID_SHIFT 6).
 */
import { ImageError } from '../image-error.ts';
import type { KernelMemory } from '../linux/kernel-memory.ts';
import { pageSizeBytes } from '../pfn.ts';

export type StructPages = {
  /** The entries of `groupFrames` frames; zeros where the image has not their page. Undefined: these frames have none. */
  entriesOf(firstFrame: number): StructPageGroup | undefined;
};

export type StructPageGroup = { readonly entries: DataView; readonly isWhole: boolean };

/** As many as makedumpfile reads at once (PGMM_CACHED): no compound page that matters begins at the last one. */
export const groupFrames = 512;

/** section_mem_map: bit 1 says that there is an array; bits below 6 are flags, struct pages are multiples of 64 bytes. */
const hasMemoryMap = 2n;
const flagsMask = 0x3fn;

export function structPages(kernel: KernelMemory): StructPages {
  const { facts } = kernel;
  const sizeBytes = facts.size('page');
  const sectionBits = facts.number('SECTION_SIZE_BITS') - 12;
  if (sizeBytes < 32 || sizeBytes > 4096 || sectionBits < 9 || sectionBits > 30) {
    throw new ImageError('kernel.missing-fact', {
      offset: 0,
      expected: 'SIZE(page) from 32 to 4096 and NUMBER(SECTION_SIZE_BITS) from 21 to 42',
      found: `${sizeBytes} and ${sectionBits + 12}`,
    });
  }
  const sectionMap = sectionMaps(kernel);
  let known: { readonly section: number; readonly base: bigint | undefined } | undefined;
  return {
    entriesOf: (firstFrame) => {
      const section = Math.floor(firstFrame / 2 ** sectionBits);
      if (known?.section !== section) known = { section, base: sectionMap(section) };
      if (known.base === undefined) return undefined;
      return readGroup(kernel, known.base + BigInt(firstFrame) * BigInt(sizeBytes), groupFrames * sizeBytes);
    },
  };
}

/** Page by page: an array is contiguous in virtual memory only. */
function readGroup(kernel: KernelMemory, virtual: bigint, lengthBytes: number): StructPageGroup {
  const bytes = new Uint8Array(lengthBytes);
  let isWhole = true;
  for (let at = 0; at < lengthBytes; ) {
    const address = virtual + BigInt(at);
    const count = Math.min(lengthBytes - at, pageSizeBytes - Number(address & 0xfffn));
    const piece = tryRead(kernel, address, count);
    if (piece === undefined) isWhole = false;
    else bytes.set(piece, at);
    at += count;
  }
  return { entries: new DataView(bytes.buffer), isWhole };
}

/** Undefined: not mapped (a hole), or not in the image (it was filtered, or is incomplete). */
function tryRead(kernel: KernelMemory, virtual: bigint, lengthBytes: number): Uint8Array | undefined {
  try {
    const place = kernel.translate(virtual);
    return place === undefined ? undefined : kernel.readPhysical(place, lengthBytes);
  } catch (error) {
    if (error instanceof ImageError && error.code === 'memory.not-in-image') return undefined;
    throw error;
  }
}

/** The address of the array of a section, less its first frame; roots are pages of sections, or none. */
function sectionMaps(kernel: KernelMemory): (section: number) => bigint | undefined {
  const { facts } = kernel;
  const sizeBytes = facts.size('mem_section');
  const memberOffset = facts.offset('mem_section.section_mem_map');
  const rootCount = facts.length('mem_section');
  if (sizeBytes < 8 || sizeBytes > pageSizeBytes || memberOffset < 0 || memberOffset + 8 > sizeBytes) {
    throw new ImageError('kernel.missing-fact', {
      offset: 0,
      expected: `SIZE(mem_section) from 8 to ${pageSizeBytes}, and section_mem_map within it`,
      found: `${sizeBytes}, and ${memberOffset}`,
    });
  }
  const perRoot = Math.floor(pageSizeBytes / sizeBytes);
  const roots = rootsAddress(kernel);
  return (section) => {
    const rootIndex = Math.floor(section / perRoot);
    if (rootIndex >= rootCount) return undefined;
    const root = kernel.readWord(roots + BigInt(rootIndex) * 8n);
    if (root === 0n) return undefined;
    const map = kernel.readWord(root + BigInt((section % perRoot) * sizeBytes + memberOffset));
    return (map & hasMemoryMap) === 0n ? undefined : map & ~flagsMask;
  };
}

/** mem_section is an array in kernels before 4.15, and since then a pointer whose value VMCOREINFO tells: both are read alike. */
const rootsAddress = (kernel: KernelMemory): bigint => kernel.facts.symbol('mem_section');
