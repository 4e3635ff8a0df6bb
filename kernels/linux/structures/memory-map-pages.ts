/**
 * The pages of A's struct pages, 64 frames to a page: from a survey of memory to contents.
 *
 * Most pages are one of two that follow a rule: all frames free in the middle of a block, or all reserved. The others are put
 * together frame by frame.
 */
import { type Pfn, pageSizeBytes, pfn } from '../../../image/pfn.ts';
import type { ContentId } from '../../memory/contents.ts';
import { rangeHolds } from '../frame-range.ts';
import { directAddress } from '../kernel-address.ts';
import { viewOf } from '../paged-bytes.ts';
import type { FrameUse, MachineView } from './frame-uses.ts';
import { isFreeBit } from './free-blocks.ts';
import { framesPerBlock, framesPerSection, zoneOfSection } from './memory-map-layout.ts';
import type { MemorySurvey, SurveyedSection } from './memory-survey.ts';
import {
  type ListLinks,
  lruAddress,
  poisoned,
  type StructPage,
  taken,
  writeStructPage,
} from './struct-page.ts';
import { maximumOrder, type StructureTable } from './structure-table.ts';

export type MapPage = { readonly frame: Pfn; readonly content: ContentId };

/** Of the sections that have struct pages of their own, in the order of frames. */
export function* memoryMapPages(view: MachineView, survey: MemorySurvey): Generator<MapPage> {
  const start = view.plan.layout.original.memoryMap.start;
  for (const section of survey.sections) {
    const pages = new SectionPages(view, survey, section);
    for (let page = 0; page < framesPerBlock; page += 1) {
      yield { frame: pfn(start + section.block * framesPerBlock + page), content: pages.content(page) };
    }
  }
}

/** The blocks that sections of a zone share: free blocks of the largest order, on no list. */
export function* sharedBlockPages(view: MachineView, survey: MemorySurvey): Generator<MapPage> {
  const shared = view.plan.layout.sectionRuns.filter(({ isShared }) => isShared);
  for (const [block, zone] of new Map(shared.map((run) => [run.block, zoneOfSection(run.first)])))
    yield* pagesOfSharedBlock(view, survey, { block, zone });
}

function* pagesOfSharedBlock(
  { plan, contents }: MachineView,
  { table }: MemorySurvey,
  { block, zone }: { readonly block: number; readonly zone: number },
): Generator<MapPage> {
  const middle = freePage(table, zone);
  const first = middle.slice();
  const head = { ...freeFrame(zone), type: 'buddy', private: BigInt(maximumOrder) } as const;
  writeStructPage(table, viewOf(first), 0, head);
  const pagesPerHead = (2 ** maximumOrder * table.page.sizeBytes) / pageSizeBytes;
  for (let page = 0; page < framesPerBlock; page += 1) {
    const frame = pfn(plan.layout.original.memoryMap.start + block * framesPerBlock + page);
    yield { frame, content: contents.intern(page % pagesPerHead === 0 ? first : middle) };
  }
}

const freeFrame = (zone: number): StructPage => ({ zone, lru: poisoned, referenceCount: 0 });

function freePage(table: StructureTable, zone: number): Uint8Array {
  const bytes = new Uint8Array(pageSizeBytes);
  for (let offset = 0; offset < pageSizeBytes; offset += table.page.sizeBytes)
    writeStructPage(table, viewOf(bytes), offset, freeFrame(zone));
  return bytes;
}

class SectionPages {
  private readonly view: MachineView;
  private readonly survey: MemorySurvey;
  private readonly section: SurveyedSection;
  private readonly orders: ReadonlyMap<number, number>;
  private readonly free: { readonly bytes: Uint8Array; readonly content: ContentId };

  constructor(view: MachineView, survey: MemorySurvey, section: SurveyedSection) {
    this.view = view;
    this.survey = survey;
    this.section = section;
    this.orders = new Map(section.blocks.map(({ start, order }) => [start, order]));
    const bytes = freePage(survey.table, section.zone);
    this.free = { bytes, content: view.contents.intern(bytes) };
  }

  content(page: number): ContentId {
    const { table, reserved } = this.survey;
    const perPage = pageSizeBytes / table.page.sizeBytes;
    const first = page * perPage;
    const bits = this.section.bitmap.subarray(first / 8, (first + perPage) / 8);
    if (bits.every((byte) => byte === 0)) return this.freeContent(first, perPage);
    const frame = this.section.section * framesPerSection + first;
    const isReserved = reserved.some(
      ({ start, count }) => frame >= start && frame + perPage <= start + count,
    );
    return isReserved ? this.reservedContent(frame / perPage) : this.mixedContent(first, perPage);
  }

  private freeContent(first: number, count: number): ContentId {
    let bytes: Uint8Array | undefined;
    for (let place = 0; place < count; place += 1) {
      if (!this.orders.has(first + place)) continue;
      bytes ??= this.free.bytes.slice();
      this.write(bytes, place, first + place);
    }
    return bytes === undefined ? this.free.content : this.view.contents.intern(bytes);
  }

  private reservedContent(index: number): ContentId {
    const { kernelLayout, layout } = this.view.plan;
    const { vmemmap } = layout.addresses;
    const { zone } = this.section;
    return this.view.contents.made({ rule: 'reserved pages', kernelLayout, vmemmap, zone, index });
  }

  private mixedContent(first: number, count: number): ContentId {
    const bytes = this.free.bytes.slice();
    for (let place = 0; place < count; place += 1) {
      const bit = first + place;
      if (!isFreeBit(this.section.bitmap, bit) || this.orders.has(bit)) this.write(bytes, place, bit);
    }
    return this.view.contents.intern(bytes);
  }

  private write(bytes: Uint8Array, place: number, bit: number): void {
    const { table } = this.survey;
    writeStructPage(table, viewOf(bytes), place * table.page.sizeBytes, this.structPage(bit));
  }

  private structPage(bit: number): StructPage {
    const { survey, section } = this;
    const { zone } = section;
    const frame = pfn(section.section * framesPerSection + bit);
    const lru = survey.links.get(frame) ?? taken;
    const order = this.orders.get(bit);
    if (order !== undefined) return { zone, lru, private: BigInt(order), type: 'buddy', referenceCount: 0 };
    if (survey.reserved.some((range) => rangeHolds(range, frame)))
      return { zone, flags: ['reserved'], lru: this.selfLinks(frame), referenceCount: 1 };
    const use = survey.uses.get(frame);
    return { zone, lru, ...(use === undefined ? kernelPage : pageInUse(this.view, use)) };
  }

  private selfLinks(frame: Pfn): ListLinks {
    const own = lruAddress(this.survey.table, this.survey.vmemmap, frame);
    return { next: own, prev: own };
  }
}

type PageInUse = Omit<StructPage, 'zone' | 'lru'>;

const kernelPage: PageInUse = { referenceCount: 1 };

/** Flags and counts as in the dump of log b2; what pointers lead to is only as true as it has to be (objectAddress). */
function pageInUse(view: MachineView, use: FrameUse): PageInUse {
  switch (use.type) {
    case 'table':
      return { type: 'table', referenceCount: 1 };
    case 'anonymous':
      return {
        flags: ['swapbacked', 'anonExclusive', 'lru', 'uptodate'],
        // Bit 0 of the pointer to the anon_vma: PAGE_MAPPING_ANON.
        mapping: objectAddress(view, use.task) + 1n,
        index: use.index,
        mapcount: 0,
        referenceCount: 1,
      };
    case 'cache':
      return {
        flags: [
          'lru',
          'uptodate',
          ...(use.isDirty ? dirtyFlags : []),
          ...(use.hasPrivate ? privateFlags : []),
        ],
        mapping: objectAddress(view, fileObjects + use.file),
        index: use.block,
        ...(use.hasPrivate && {
          private: objectAddress(view, bufferObjects + (use.block % bufferObjectCount)),
        }),
        referenceCount: use.hasPrivate ? 2 : 1,
      };
  }
}

const dirtyFlags = ['dirty'] as const;
const privateFlags = ['private'] as const;

/**
 * An address in the direct map for each anon_vma, address_space and buffer head, different for different ones. The box has no such
 * objects; the addresses are those of words in its page cache index.
 */
const objectAddress = ({ plan }: MachineView, object: number): bigint =>
  directAddress(plan.layout.addresses, plan.layout.original.cacheIndex.start * pageSizeBytes + 8 * object);

/** Tasks come first, 31 at most, then 64 files, then buffer heads. */
const fileObjects = 32;
const bufferObjects = 96;
const bufferObjectCount = 416;
