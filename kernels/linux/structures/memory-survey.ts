/**
 * What A's memory is used for at one moment, gathered for the struct pages: the frame bitmap of every section, its free blocks, which
 * frames are reserved, what single frames hold, and the lists that Linux keeps them on.
 *
 * Lists are in the order of addresses, free blocks all on that of movable pages. In Linux the order tells who was freed last, and
 * pageblocks may have other types.
 */
import { type Pfn, pageSizeBytes, pfn } from '../../../image/pfn.ts';
import type { Plan } from '../../plan.ts';
import { ramOf } from '../frame-allocator.ts';
import type { FrameRange } from '../frame-range.ts';
import { type FrameUse, frameUses, type MachineView } from './frame-uses.ts';
import { type FreeBlock, freeBlocks } from './free-blocks.ts';
import { structuresOf } from './index.ts';
import { kernelSymbolAddress } from './kernel-symbols.ts';
import { framesPerSection, zoneOfSection } from './memory-map-layout.ts';
import { type ListLinks, lruAddress } from './struct-page.ts';
import { freeArea, lruLists, maximumOrder, movableList, type StructureTable } from './structure-table.ts';

export type SurveyedSection = {
  readonly section: number;
  /** Of the block of struct pages. */
  readonly block: number;
  readonly zone: number;
  readonly bitmap: Uint8Array;
  readonly blocks: readonly FreeBlock[];
};

export type FrameList = { readonly head: bigint; readonly frames: readonly number[] };

export type MemorySurvey = {
  readonly table: StructureTable;
  readonly vmemmap: string;
  readonly sections: readonly SurveyedSection[];
  /** By zone and order; `sharedFrames` are free in sections that have no struct pages of their own, in the largest blocks. */
  readonly zones: readonly { readonly free: readonly FrameList[]; readonly sharedFrames: number }[];
  readonly anonymous: FrameList;
  readonly files: FrameList;
  /** Ascending, apart. */
  readonly reserved: readonly FrameRange[];
  readonly uses: ReadonlyMap<Pfn, FrameUse>;
  /** How frames on lists are linked. */
  readonly links: ReadonlyMap<number, ListLinks>;
};

export function memorySurvey(view: MachineView): MemorySurvey {
  const { plan } = view;
  const table = structuresOf(plan);
  const sections = plan.layout.sectionRuns.flatMap((run) =>
    run.isShared
      ? []
      : Array.from({ length: run.count }, (_, index) =>
          surveyedSection(view, run.first + index, run.block + index),
        ),
  );
  const uses = frameUses(view);
  const zones = zoneNumbers.map((zone) => ({
    free: freeLists(view, sections, zone),
    sharedFrames: plan.layout.sectionRuns.reduce(
      (sum, run) =>
        sum + (run.isShared && zoneOfSection(run.first) === zone ? run.count * framesPerSection : 0),
      0,
    ),
  }));
  const anonymous = framesOnList(view, lruLists.inactiveAnonymous, uses, 'anonymous');
  const files = framesOnList(view, lruLists.inactiveFile, uses, 'cache');
  const { vmemmap } = plan.layout.addresses;
  const links = new Map<number, ListLinks>();
  for (const list of [...zones.flatMap(({ free }) => free), anonymous, files]) {
    for (const [frame, link] of linksOf(table, vmemmap, list)) links.set(frame, link);
  }
  return { table, vmemmap, sections, zones, anonymous, files, reserved: reservedRanges(view), uses, links };
}

/** DMA32 and Normal; Movable is always empty. */
const zoneNumbers = [0, 1] as const;

function surveyedSection(view: MachineView, section: number, block: number): SurveyedSection {
  const { bitmap } = view.plan.layout.original;
  // A page of the bitmap has as many bits as a section has frames.
  const bytes = view.contents.bytes(view.memory.read(pfn(bitmap.start + section)));
  return { section, block, zone: zoneOfSection(section), bitmap: bytes, blocks: freeBlocks(bytes) };
}

/** Of one zone, by order. */
function freeLists(
  { plan }: MachineView,
  sections: readonly SurveyedSection[],
  zone: number,
): readonly FrameList[] {
  const table = structuresOf(plan);
  const node = kernelSymbolAddress(plan, 'contig_page_data');
  const areas = node + BigInt(table.node.zones + zone * table.zone.sizeBytes + table.zone.freeArea);
  const frames = Array.from({ length: maximumOrder + 1 }, (): number[] => []);
  for (const { section, blocks, ...of } of sections) {
    if (of.zone !== zone) continue;
    for (const { start, order } of blocks) frames[order]?.push(section * framesPerSection + start);
  }
  return frames.map((list, order) => ({
    head: areas + BigInt(order * freeArea.sizeBytes + movableList * 16),
    frames: list,
  }));
}

function framesOnList(
  { plan }: MachineView,
  list: number,
  uses: ReadonlyMap<Pfn, FrameUse>,
  type: FrameUse['type'],
): FrameList {
  const lists = kernelSymbolAddress(plan, 'contig_page_data') + BigInt(structuresOf(plan).node.lruLists);
  const frames = [...uses].filter(([, use]) => use.type === type).map(([frame]) => frame);
  return { head: lists + BigInt(16 * list), frames: frames.sort((one, other) => one - other) };
}

function* linksOf(
  table: StructureTable,
  vmemmap: string,
  { head, frames }: FrameList,
): Generator<readonly [number, ListLinks]> {
  const addresses = frames.map((frame) => lruAddress(table, vmemmap, frame));
  for (const [place, frame] of frames.entries()) {
    yield [frame, { next: addresses[place + 1] ?? head, prev: addresses[place - 1] ?? head }];
  }
}

/** What was taken before there was a page allocator, and what is no RAM, up to the last section. */
export function reservedRanges({
  plan,
}: {
  readonly plan: Pick<Plan, 'layout' | 'firmwareMap'>;
}): readonly FrameRange[] {
  const { original, region, sectionRuns } = plan.layout;
  const { text, poolStart, early, memoryMap, sections } = original;
  const end = Math.max(...sectionRuns.map(({ first, count }) => first + count)) * framesPerSection;
  let next = 0;
  const holes = [...ramOf(plan, 'original'), { start: pfn(end), count: 0 }].map(({ start, count }) => {
    const hole = between(next, start);
    next = start + count;
    return hole;
  });
  return merged([
    ...holes,
    between(0, lowFrameCount),
    between(text.start, poolStart),
    early,
    region,
    memoryMap,
    sections,
  ]);
}

/** The first MiB (linux.md D.6). */
const lowFrameCount = 0x100000 / pageSizeBytes;

function merged(ranges: readonly FrameRange[]): readonly FrameRange[] {
  const all: FrameRange[] = [];
  for (const range of ranges.filter(({ count }) => count > 0).sort((one, other) => one.start - other.start)) {
    const last = all.at(-1);
    if (last !== undefined && range.start <= last.start + last.count) {
      const end = Math.max(last.start + last.count, range.start + range.count);
      all[all.length - 1] = between(last.start, end);
    } else all.push(range);
  }
  return all;
}

const between = (start: number, end: number): FrameRange => ({
  start: pfn(start),
  count: Math.max(0, end - start),
});
