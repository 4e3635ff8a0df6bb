/**
 * Where the struct pages of A stand in RAM: SPARSEMEM_VMEMMAP in sections of 128 MiB, each with a block of 2 MiB.
 *
 *   … pool | roots, section tables, usage | block | block | … | shared |  … early | end of RAM
 *            \_____ sections ____________/ \________ memoryMap ____________/
 *
 * The blocks are one stretch from the top of RAM down, as sparse_init_nid takes them from memblock in one piece (mm/sparse.c:
 * sparse_buffer_init, 6.12), below what is taken already: the crash region and early allocations.
 * Deviation: in a box of more than 8 GiB, the sections of a zone in which nothing is ever given out have one block between them, in
 * which all frames are free. So a terabyte costs what it touches, in memory and in every dump of it; where Linux would have 16 GiB of
 * struct pages, page tables lead to the same 2 MiB again and again, and free blocks there are counted but on no list.
 */
import { addressOf, pageSizeBytes, pfn } from '../../../image/pfn.ts';
import { assert } from '../../assert.ts';
import type { FrameRange } from '../frame-range.ts';
import type { AddressMap } from '../kernel-address.ts';
import type { Mapping } from '../page-tables.ts';
import { dma32EndFrame, physicalAddressBits, sectionSizeBits } from './structure-table.ts';

export const framesPerSection = 2 ** sectionSizeBits / pageSizeBytes;
const structPageBytes = 64;
/** Of struct pages: one leaf of 2 MiB maps the block. */
export const framesPerBlock = (framesPerSection * structPageBytes) / pageSizeBytes;

/** Sections that follow each other; `block` is that of the first, and of all when they share it. */
export type SectionRun = {
  readonly first: number;
  readonly count: number;
  readonly block: number;
  readonly isShared: boolean;
};

export type MemoryMapLayout = {
  readonly runs: readonly SectionRun[];
  readonly memoryMap: FrameRange;
  readonly sections: FrameRange;
};

export const noMemoryMap: MemoryMapLayout = {
  runs: [],
  memoryMap: { start: pfn(0), count: 0 },
  sections: { start: pfn(0), count: 0 },
};

/** 8 GiB. In a larger box the first GiB, from which frames are given out, and the top, where blocks lie, keep their own. */
const ownSectionLimit = 64;
const lowSectionCount = 8;
const topSectionCount = 4;

/** `usedSections`: those with frames in use from the start, whose struct pages say so. */
export function memoryMapLayout(
  ram: readonly FrameRange[],
  taken: readonly FrameRange[],
  tableSizeBytes: number,
  usedSections: ReadonlySet<number> = new Set(),
): MemoryMapLayout {
  const runs = sectionRuns(ram, taken, usedSections);
  const blockCount = runs.reduce((most, run) => Math.max(most, lastBlockOf(run) + 1), 0);
  const memoryMap = placedBelow(ram, taken, { count: blockCount * framesPerBlock, step: framesPerBlock });
  const sectionCount = runs.reduce((sum, { count }) => sum + count, 0);
  const numbers = runs.flatMap(({ first, count }) => [first, first + count - 1]);
  const sections = placedBelow(ram, [...taken, memoryMap], {
    count: sectionFrames(numbers, sectionCount, tableSizeBytes).total,
    step: 1,
  });
  return { runs, memoryMap, sections };
}

const lastBlockOf = ({ block, count, isShared }: SectionRun): number =>
  isShared ? block : block + count - 1;

/** Pointers to the roots, one page of section tables for each root up to the last, and what stands behind `usage`. */
export function sectionFrames(
  sectionNumbers: readonly number[],
  sectionCount: number,
  sectionSizeBytes: number,
): {
  readonly rootPointers: number;
  readonly sectionsPerRoot: number;
  readonly rootCount: number;
  readonly total: number;
} {
  const sectionsPerRoot = pageSizeBytes / sectionSizeBytes;
  const rootPointers = (2 ** (physicalAddressBits - sectionSizeBits) / sectionsPerRoot) * (8 / pageSizeBytes);
  const rootCount = Math.floor(Math.max(...sectionNumbers) / sectionsPerRoot) + 1;
  const usage = Math.ceil((sectionCount * usageStepBytes) / pageSizeBytes);
  return { rootPointers, sectionsPerRoot, rootCount, total: rootPointers + rootCount + usage };
}

/** struct mem_section_usage has 40 bytes; memblock gives them out in steps of 64 (SMP_CACHE_BYTES). */
export const usageStepBytes = 64;

function sectionRuns(
  ram: readonly FrameRange[],
  taken: readonly FrameRange[],
  usedSections: ReadonlySet<number>,
): readonly SectionRun[] {
  const numbers = sectionNumbersOf(ram);
  const last = numbers.at(-1) ?? 0;
  const mayShare = (section: number): boolean =>
    section >= lowSectionCount &&
    section <= last - topSectionCount &&
    isWhollyRam(ram, section) &&
    !usedSections.has(section) &&
    overlapping(taken, section * framesPerSection, framesPerSection) === undefined;
  const own = numbers.filter((section) => numbers.length <= ownSectionLimit || !mayShare(section));
  const placeOf = new Map(own.map((section, block) => [section, block]));
  const runs: SectionRun[] = [];
  for (const section of numbers) {
    const ownBlock = placeOf.get(section);
    const isShared = ownBlock === undefined;
    const block = ownBlock ?? own.length + zoneOfSection(section);
    const open = runs.at(-1);
    const next = open === undefined ? 0 : open.first + open.count;
    const joins = open?.isShared === isShared && next === section && (!isShared || open.block === block);
    if (open !== undefined && joins) runs[runs.length - 1] = { ...open, count: open.count + 1 };
    else runs.push({ first: section, count: 1, block, isShared });
  }
  return runs;
}

/** DMA32 or Normal. */
export const zoneOfSection = (section: number): number =>
  section * framesPerSection < dma32EndFrame ? 0 : 1;

/** Of all sections with any RAM, ascending. */
function sectionNumbersOf(ram: readonly FrameRange[]): readonly number[] {
  const numbers: number[] = [];
  for (const { start, count } of ram) {
    const end = Math.ceil((start + count) / framesPerSection);
    for (let section = Math.floor(start / framesPerSection); section < end; section += 1)
      if (section > (numbers.at(-1) ?? -1)) numbers.push(section);
  }
  return numbers;
}

const isWhollyRam = (ram: readonly FrameRange[], section: number): boolean =>
  ram.some(
    ({ start, count }) =>
      section * framesPerSection >= start && (section + 1) * framesPerSection <= start + count,
  );

/** The highest place for so many frames, at a multiple of `step`, in RAM that nothing has taken. */
function placedBelow(
  ram: readonly FrameRange[],
  taken: readonly FrameRange[],
  { count, step }: { readonly count: number; readonly step: number },
): FrameRange {
  for (const range of [...ram].reverse()) {
    let start = Math.floor((range.start + range.count - count) / step) * step;
    for (let hit = overlapping(taken, start, count); hit !== undefined; ) {
      start = Math.floor((hit.start - count) / step) * step;
      hit = overlapping(taken, start, count);
    }
    if (start >= range.start) return { start: pfn(start), count };
  }
  assert(false, `layout.memoryMap: no room for ${count} frames of struct pages`);
}

const overlapping = (ranges: readonly FrameRange[], start: number, count: number): FrameRange | undefined =>
  ranges.find((range) => start < range.start + range.count && range.start < start + count);

/** Undefined: the section has no memory. */
export function blockOfSection(runs: readonly SectionRun[], section: number): number | undefined {
  const run = runs.find(({ first, count }) => section >= first && section < first + count);
  if (run === undefined) return undefined;
  return run.isShared ? run.block : run.block + section - run.first;
}

/** vmemmap: each section's block, in leaves of 2 MiB (arch/x86/mm/init_64.c:vmemmap_populate_hugepages, 6.12). */
export const memoryMapMappings = ({
  sectionRuns,
  original,
  addresses,
}: {
  readonly sectionRuns: readonly SectionRun[];
  readonly original: { readonly memoryMap: FrameRange };
  readonly addresses: AddressMap;
}): readonly Mapping[] =>
  sectionRuns.flatMap(({ first, count, block, isShared }) =>
    Array.from({ length: isShared ? count : 1 }, (_, index) => ({
      virtualAddress: BigInt(`0x${addresses.vmemmap}`) + BigInt((first + index) * blockSizeBytes),
      physicalAddress: addressOf(pfn(original.memoryMap.start + block * framesPerBlock)),
      sizeBytes: isShared ? blockSizeBytes : count * blockSizeBytes,
      leafLevel: 2,
    })),
  );

const blockSizeBytes = framesPerBlock * pageSizeBytes;
