/**
 * Frame numbers and physical addresses: branded, because a mixed-up shift by 12 is the classic mistake of this trade.
 * Both are plain numbers: 2^53 covers the 46 to 52 physical address bits of x86-64 (Linux 6.12 MAX_PHYSMEM_BITS).
 */

export type Pfn = number & { readonly brand: 'Pfn' };
export type PhysicalAddress = number & { readonly brand: 'PhysicalAddress' };

/** x86-64 base page (Linux 6.12 arch/x86/include/asm/page_types.h: PAGE_SHIFT 12). */
export const pageSizeBytes = 4096;

// The casts below are the only way in: what the compiler cannot see is the unit.
export const pfn = (frameNumber: number): Pfn => frameNumber as Pfn;
export const physical = (address: number): PhysicalAddress => address as PhysicalAddress;

export const addressOf = (frame: Pfn): PhysicalAddress => physical(frame * pageSizeBytes);
export const frameOf = (address: PhysicalAddress): Pfn => pfn(Math.floor(address / pageSizeBytes));
export const offsetInPage = (address: PhysicalAddress): number => address % pageSizeBytes;

/** How many whole pages it takes to hold so many bytes. */
export const pagesFor = (sizeBytes: number): number => Math.ceil(sizeBytes / pageSizeBytes);
export const roundUpToPage = (sizeBytes: number): number => pagesFor(sizeBytes) * pageSizeBytes;
