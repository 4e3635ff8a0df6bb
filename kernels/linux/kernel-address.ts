/**
 * Virtual addresses of the running kernel image: 4-level layout, no KASLR (linux.md D.4).
 * A kernel that was relocated (B in a reserved region) keeps its virtual addresses; phys_base moves (arch/x86/kernel/head64.c).
 */
import { addressOf, type Pfn, pfn } from '../../image/pfn.ts';

/** __START_KERNEL_map. */
const startKernelMap = 0xffffffff80000000n;
/** PAGE_OFFSET without KASLR: where the direct map begins. */
export const directMap = 0xffff888000000000n;
/** CONFIG_PHYSICAL_START: where a kernel that was not moved begins. */
export const linkedStart = pfn(0x1000);

/** The text mapping's address of a frame in an image whose first frame is `base`. */
export const imageAddress = (base: Pfn, frame: Pfn): bigint =>
  startKernelMap + BigInt(addressOf(pfn(frame - base + linkedStart)));
