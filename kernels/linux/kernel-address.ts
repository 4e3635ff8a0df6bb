/**
 * Virtual addresses of a running kernel: 4-level layout, with or without KASLR (linux.md D.4).
 *
 *   directMap            vmalloc               vmemmap               startKernelMap       + kernelOffset + 16 MiB
 *   | all of RAM … |     | nothing here |      | struct page … |     | … | kernel image … |
 *
 * A kernel that was put elsewhere in RAM (B in a reserved region) keeps its virtual addresses; phys_base moves
 * (arch/x86/kernel/head64.c). With KASLR, A's image and its three regions lie where its seed says: as
 * boot/compressed/kaslr.c and mm/kaslr.c:kernel_randomize_memory choose, 6.12. Deviation: the image moves in virtual memory only;
 * Linux chooses its physical place as well.
 */
import { createHash } from 'node:crypto';
import { addressOf, type Pfn, pfn } from '../../image/pfn.ts';
import type { KernelName } from '../machine.ts';

/** Words are 16 hex digits. */
export type AddressMap = {
  /** How far the image lies above where it was linked to: KERNELOFFSET. */
  readonly kernelOffsetBytes: number;
  readonly directMap: string;
  readonly vmalloc: string;
  readonly vmemmap: string;
};

/** Enough of a layout to know addresses. */
export type AddressedLayout = {
  readonly addresses: AddressMap;
} & Readonly<Record<KernelName, { readonly text: { readonly start: Pfn } }>>;

/** __START_KERNEL_map. */
export const startKernelMap = 0xffffffff80000000n;
/** CONFIG_PHYSICAL_START: where a kernel that was not moved begins. */
export const linkedStart = pfn(0x1000);
/** __START_KERNEL: the address that the image was linked to. */
export const linkedImage = startKernelMap + BigInt(addressOf(linkedStart));

export const plainAddresses: AddressMap = {
  kernelOffsetBytes: 0,
  directMap: 'ffff888000000000',
  vmalloc: 'ffffc90000000000',
  vmemmap: 'ffffea0000000000',
};

/** Only A is ever randomised: whoever makes B's image knows where it will be. */
export const addressesOf = ({ addresses }: AddressedLayout, kernel: KernelName): AddressMap =>
  kernel === 'original' ? addresses : plainAddresses;

/** The image mapping's address of a frame of this kernel. */
export function imageAddress(layout: AddressedLayout, kernel: KernelName, frame: Pfn): bigint {
  const { kernelOffsetBytes } = addressesOf(layout, kernel);
  const inImage = addressOf(pfn(frame - layout[kernel].text.start + linkedStart));
  return startKernelMap + BigInt(kernelOffsetBytes + inImage);
}

/** The direct map's address of any byte of RAM. */
export const directAddress = (addresses: AddressMap, physicalBytes: number): bigint =>
  BigInt(`0x${addresses.directMap}`) + BigInt(physicalBytes);

/** From where an image's address has its physical one: less startKernelMap, plus this (may be negative with KASLR). */
export const physicalBase = (layout: AddressedLayout, kernel: KernelName): number =>
  addressOf(layout[kernel].text.start) -
  Number(imageAddress(layout, kernel, layout[kernel].text.start) - startKernelMap);

/** CONFIG_PHYSICAL_ALIGN, and KERNEL_IMAGE_SIZE of a kernel with RANDOMIZE_BASE (arch/x86/include/asm/page_64_types.h). */
const imageAlignmentBytes = 2 ** 21;
export const imageLimitBytes = 2 ** 30;
/** PUD_SIZE: regions begin at borders of 1 GiB. */
const regionAlignment = 2n ** 30n;
const terabyte = 2n ** 40n;
/** CONFIG_RANDOMIZE_MEMORY_PHYSICAL_PADDING: room for memory that is plugged in later. */
const paddingTerabytes = 10n;
/** VMALLOC_SIZE_TB_L4; vmemmap of 64 TiB takes one (arch/x86/include/asm/pgtable_64_types.h). */
const vmallocSize = 32n * terabyte;
const vmemmapSize = terabyte;
/** CPU_ENTRY_AREA_BASE: where the last region has to end. */
const regionsEnd = 0xfffffe0000000000n;

/** Deterministic: the seed is that of the box. `imageSizeBytes` reaches to the end of what the image mapping covers. */
export function randomAddresses(seed: number, memoryEnd: number, imageSizeBytes: number): AddressMap {
  const chance = createHash('sha256').update(`kaslr ${seed}`).digest();
  const slots = Math.floor((imageLimitBytes - addressOf(linkedStart) - imageSizeBytes) / imageAlignmentBytes);
  const slot = Number(chance.readBigUInt64LE(0) % BigInt(slots + 1));
  const ramTerabytes = (BigInt(memoryEnd) + terabyte - 1n) / terabyte;
  const sizes = [(ramTerabytes + paddingTerabytes) * terabyte, vmallocSize, vmemmapSize];
  let spare = regionsEnd - BigInt(`0x${plainAddresses.directMap}`) - sizes.reduce((sum, size) => sum + size);
  let next = BigInt(`0x${plainAddresses.directMap}`);
  const bases = sizes.map((size, index) => {
    const share = spare / BigInt(sizes.length - index);
    const gap =
      ((chance.readBigUInt64LE(8 * (index + 1)) % (share + 1n)) / regionAlignment) * regionAlignment;
    const base = next + gap;
    // The next region begins at the first border behind this one (round_up(vaddr + 1, PUD_SIZE)).
    next = base + size + regionAlignment;
    spare -= gap + regionAlignment;
    return base.toString(16);
  });
  const [directMap = '', vmalloc = '', vmemmap = ''] = bases;
  return { kernelOffsetBytes: slot * imageAlignmentBytes, directMap, vmalloc, vmemmap };
}
