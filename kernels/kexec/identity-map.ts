/**
 * What the page table covers under which a jump is made: code that runs while memory changes hands must stand
 * where its address says.
 *
 * A loaded image's table maps, address = physical address: the RAM of the kernel that loads, the segments, its
 * firmware's tables, and its own control page. Everything in whole steps of 2 MiB, so a little more than was
 * asked for is mapped, and that little decides whether a jump back arrives: the peer's control page is none of
 * these (linux.md A1.8 row 7, logs a0c and a1).
 * Source: Linux 6.12 arch/x86/kernel/machine_kexec_64.c:init_pgtable, arch/x86/mm/ident_map.c.
 */
import { addressOf, type Pfn, pfn, physical } from '../../image/pfn.ts';
import type { AddressRange } from '../firmware-map.ts';
import { type LeafLevel, leafSizeBytes, type Mapping } from '../linux/page-tables.ts';
import type { KexecSegment } from './segments.ts';

export type IdentityNeeds = {
  /** RAM that the loading kernel has in its direct map (pfn_mapped). */
  readonly mappedRam: readonly AddressRange[];
  readonly segments: readonly KexecSegment[];
  /** EFI system tables and ACPI tables. */
  readonly firmwareTables: readonly AddressRange[];
  readonly controlFrame: Pfn;
  /** The processor has leaves of 1 GiB: used where a range covers one wholly, which never adds anything. */
  readonly hasGigabyteLeaves?: boolean;
};

/** In steps, merged and ascending. An empty segment adds nothing, wherever it is. */
export function identityRanges(needs: IdentityNeeds): readonly AddressRange[] {
  const segments = needs.segments.map(({ memoryStart, memorySizeBytes }) => {
    return { start: memoryStart, endExclusive: physical(memoryStart + memorySizeBytes) };
  });
  const { controlFrame } = needs;
  const controlPage = { start: addressOf(controlFrame), endExclusive: addressOf(pfn(controlFrame + 1)) };
  const asked = [...needs.mappedRam, ...segments, ...needs.firmwareTables, controlPage];
  const rounded = asked.filter(({ start, endExclusive }) => start < endExclusive).map(inSteps);
  const merged: AddressRange[] = [];
  for (const range of rounded.sort((one, other) => one.start - other.start)) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.endExclusive) {
      const endExclusive = physical(Math.max(last.endExclusive, range.endExclusive));
      merged[merged.length - 1] = { start: last.start, endExclusive };
    } else merged.push(range);
  }
  return merged;
}

export function identityMappings(needs: IdentityNeeds): readonly Mapping[] {
  return identityRanges(needs).flatMap(({ start, endExclusive }) => {
    const gigabyte = leafSizeBytes[3];
    const firstWhole = Math.ceil(start / gigabyte) * gigabyte;
    const lastWhole = Math.floor(endExclusive / gigabyte) * gigabyte;
    if (needs.hasGigabyteLeaves !== true || firstWhole >= lastWhole) return mapped(start, endExclusive, 2);
    return [
      ...mapped(start, firstWhole, 2),
      ...mapped(firstWhole, lastWhole, 3),
      ...mapped(lastWhole, endExclusive, 2),
    ];
  });
}

function mapped(start: number, endExclusive: number, leafLevel: LeafLevel): readonly Mapping[] {
  if (start === endExclusive) return [];
  const sizeBytes = endExclusive - start;
  return [{ virtualAddress: BigInt(start), physicalAddress: physical(start), sizeBytes, leafLevel }];
}

function inSteps({ start, endExclusive }: AddressRange): AddressRange {
  const step = leafSizeBytes[2];
  return {
    start: physical(Math.floor(start / step) * step),
    endExclusive: physical(Math.ceil(endExclusive / step) * step),
  };
}
