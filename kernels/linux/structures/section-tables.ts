/**
 * mem_section: which sections of 128 MiB have memory, and where their struct pages are. They never change after boot.
 *
 *   mem_section → | root 0 | root 1 | 0 | … |   one pointer for each page of section tables
 *   root        → | section_mem_map, usage | … |   16 bytes a section: where struct page of frame 0 would stand, and flags
 *   usage       → | subsection_map | pageblock_flags |   40 bytes a section
 *
 * Sources: include/linux/mmzone.h, mm/sparse.c:sparse_init_one_section, 6.12; the values are as in the dump of log b2.
 */
import { addressOf, pageSizeBytes, pfn } from '../../../image/pfn.ts';
import type { Plan } from '../../plan.ts';
import { directAddress } from '../kernel-address.ts';
import { viewOf } from '../paged-bytes.ts';
import { structuresOf } from './index.ts';
import { sectionFrames, usageStepBytes } from './memory-map-layout.ts';
import { movableList, pageblockOrder, sectionSizeBits } from './structure-table.ts';

/** SECTION_MARKED_PRESENT, _HAS_MEM_MAP, _IS_ONLINE, _IS_EARLY. */
const presentFlags = 0xfn;
/** NR_PAGEBLOCK_BITS: the migrate type of a pageblock has four. */
const pageblockBits = 4;

type PlanOfSections = Pick<Plan, 'layout' | 'kernelLayout'>;

/** LENGTH(mem_section): how many roots there could be. */
export const rootLimit = (plan: PlanOfSections): number => (facts(plan).rootPointers * pageSizeBytes) / 8;

/** The bytes of layout.original.sections. */
export function sectionTables(plan: PlanOfSections): Uint8Array {
  const { section } = structuresOf(plan);
  const { addresses, original, sectionRuns } = plan.layout;
  const { rootPointers, rootCount, sectionsPerRoot } = facts(plan);
  const bytes = new Uint8Array(original.sections.count * pageSizeBytes);
  const data = viewOf(bytes);
  const rootsAt = rootPointers * pageSizeBytes;
  const usageAt = rootsAt + rootCount * pageSizeBytes;
  const addressAt = (offset: number): bigint =>
    directAddress(addresses, addressOf(pfn(original.sections.start)) + offset);
  const numbers = sectionRuns.flatMap(({ first, count }) =>
    Array.from({ length: count }, (_, index) => first + index),
  );
  for (const [place, number] of numbers.entries()) {
    const root = Math.floor(number / sectionsPerRoot);
    data.setBigUint64(8 * root, addressAt(rootsAt + root * pageSizeBytes), true);
    const at = rootsAt + number * section.sizeBytes;
    const usage = usageAt + place * usageStepBytes;
    data.setBigUint64(at + section.sectionMemMap, BigInt(`0x${addresses.vmemmap}`) | presentFlags, true);
    data.setBigUint64(at + section.usage, addressAt(usage), true);
    bytes.fill(0xff, usage, usage + section.usagePageblockFlags);
    const typesAt = usage + section.usagePageblockFlags;
    bytes.fill(movableTwice, typesAt, typesAt + pageblockFlagBytes);
  }
  return bytes;
}

/** Two pageblocks of movable pages to a byte. */
const movableTwice = movableList * (1 + 2 ** pageblockBits);
const pageblockFlagBytes = (2 ** (sectionSizeBits - 12 - pageblockOrder) * pageblockBits) / 8;

function facts({ layout, kernelLayout }: PlanOfSections): ReturnType<typeof sectionFrames> {
  const count = layout.sectionRuns.reduce((sum, run) => sum + run.count, 0);
  const last = layout.sectionRuns.map((run) => run.first + run.count - 1);
  return sectionFrames(last, count, structuresOf({ kernelLayout }).section.sizeBytes);
}
