/**
 * Where a kernel has its memory, read from its page tables: the direct map and the kernel image.
 *
 * The direct map is the first thing in the kernel's half of the address space, and its first page is physical page 0, or as near to it as
 * memory begins (Linux 6.12 Documentation/arch/x86/x86_64/mm.rst; KASLR moves its base, not its order). The image is what is mapped
 * without a gap around _stext.
 */
import type { Hex64 } from '../bytes.ts';
import { ImageError } from '../image-error.ts';
import type { AddressMap } from '../memory-image.ts';
import { type PhysicalAddress, physical } from '../pfn.ts';
import type { KernelMemory } from './kernel-memory.ts';

/** The image lies below the modules, in at most 1 GiB (KERNEL_IMAGE_SIZE with KASLR). */
const imageStep = 0x1000n;
const imageLimitBytes = 2 ** 30;

export function readAddressMap(kernel: KernelMemory): AddressMap | undefined {
  try {
    const first = kernel.firstMapping();
    if (first === undefined) return undefined;
    const image = imageOf(kernel);
    return {
      directMap: hex64(first.virtual - BigInt(first.physical)),
      ...(image !== undefined && { image }),
    };
  } catch (error) {
    // Page tables that the image does not have whole: what is not known is told by whoever needs it.
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

function imageOf(kernel: KernelMemory): AddressMap['image'] {
  if (!kernel.facts.has('SYMBOL(_stext)')) return undefined;
  const start = kernel.facts.symbol('_stext') & ~0xfffn;
  const place = kernel.translate(start);
  if (place === undefined) return undefined;
  let sizeBytes = 0;
  for (; sizeBytes < imageLimitBytes; sizeBytes += Number(imageStep)) {
    if (kernel.translate(start + BigInt(sizeBytes)) !== plus(place, sizeBytes)) break;
  }
  return { virtual: hex64(start), physical: place, sizeBytes };
}

const plus = (address: PhysicalAddress, bytes: number): PhysicalAddress => physical(address + bytes);

const hex64 = (address: bigint): Hex64 => BigInt.asUintN(64, address).toString(16).padStart(16, '0');
