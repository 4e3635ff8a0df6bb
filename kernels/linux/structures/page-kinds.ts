/**
 * What kind of page a frame is, as a reader of a dump tells from A's struct pages: the first of makedumpfile's tests that holds
 * (linux.md C.3.6; makedumpfile 1.7.2 makedumpfile.c:__exclude_unnecessary_pages).
 *
 *   tail of a huge page · free (a head of the buddy system, and as many frames as its order says) · cache · user · hwpoison · offline
 *
 * Only bytes count: struct pages are read from A's memory as they are there, and nothing is asked of the box. Frames without a kind
 * are kept by every level. Huge pages have a kind of their own: makedumpfile 1.7.2 takes them for user pages where it can tell.
 */
import { type Pfn, pfn } from '../../../image/pfn.ts';
import { assert } from '../../assert.ts';
import type { Box } from '../../box.ts';
import type { Decoder } from '../../memory/contents.ts';
import type { FrameRange } from '../frame-range.ts';
import { viewOf } from '../paged-bytes.ts';
import { structuresOf } from './index.ts';
import { blockOfSection, framesPerBlock, framesPerSection } from './memory-map-layout.ts';
import { maximumOrder, type PageFlagName, type StructureTable } from './structure-table.ts';

/** In the order of their numbers in a section's bytes. */
export const pageKinds = [
  'kept',
  'free',
  'cache',
  'cachePrivate',
  'user',
  'hugetlb',
  'hwpoison',
  'offline',
] as const;
export type PageKind = (typeof pageKinds)[number];

export type KindCounts = { readonly [Kind in PageKind]: number } & {
  /** Pages of zeros, of whatever kind: what level 1 alone leaves out. */
  readonly zero: number;
  /** Pages of zeros that no other level leaves out: what level 31 leaves out for this reason. */
  readonly zeroKept: number;
};

type KindView = Pick<Box, 'plan' | 'contents'> & { readonly memory: Pick<Box['memory'], 'read'> };

/** Of frames of A's RAM; which of them are zero is told by whoever knows whether it is asked of memory or of an image. */
export function countKinds(
  view: KindView,
  ranges: readonly FrameRange[],
  zeroRanges: readonly FrameRange[],
): KindCounts {
  const counts = new Array<number>(pageKinds.length).fill(0);
  const kindsOf = kindReader(view);
  for (const part of ranges.flatMap((range) => [...partsOf(range, kindsOf)])) {
    for (const [kind, count] of countsOf(part).entries()) counts[kind] = (counts[kind] ?? 0) + count;
  }
  let zero = 0;
  let zeroKept = 0;
  for (const part of zeroRanges.flatMap((range) => [...partsOf(range, kindsOf)])) {
    const ofPart = countsOf(part);
    zero += part.count;
    zeroKept += (ofPart[keptKind] ?? 0) + (ofPart[hugeKind] ?? 0);
  }
  const byKind = Object.fromEntries(pageKinds.map((kind, number) => [kind, counts[number] ?? 0]));
  // Object.fromEntries forgets which names there are.
  return { ...(byKind as Record<PageKind, number>), zero, zeroKept };
}

/** Of the frames of a part; of a whole section they are known. */
function countsOf({ kinds, counts, first, start, count }: Part): readonly number[] {
  if (count === framesPerSection) return counts;
  if (counts[freeKind] === framesPerSection) return allFree(count);
  return countsIn(kinds.subarray(start - first, start - first + count));
}

const allFree = (count: number): readonly number[] => pageKinds.map((kind) => (kind === 'free' ? count : 0));

const keptKind = pageKinds.indexOf('kept');
const freeKind = pageKinds.indexOf('free');
const hugeKind = pageKinds.indexOf('hugetlb');

/** A part of one section; `kinds` has a number for each frame from `first` on. */
type Part = SectionKinds & { readonly first: number; readonly start: Pfn; readonly count: number };

type SectionKinds = { readonly kinds: Uint8Array; readonly counts: readonly number[] };

function* partsOf(range: FrameRange, kindsOf: (section: number) => SectionKinds): Generator<Part> {
  const end = range.start + range.count;
  for (let start: number = range.start; start < end; ) {
    const section = Math.floor(start / framesPerSection);
    const first = section * framesPerSection;
    const count = Math.min(end, first + framesPerSection) - start;
    yield { ...kindsOf(section), first, start: pfn(start), count };
    start += count;
  }
}

/** Sections that share their struct pages are read once. */
function kindReader({ plan, contents, memory }: KindView): (section: number) => SectionKinds {
  const table = structuresOf(plan);
  const known = new Map<number, SectionKinds>();
  return (section) => {
    const block = blockOfSection(plan.layout.sectionRuns, section);
    assert(block !== undefined, `page-kinds: section ${section} has no memory`);
    const before = known.get(block);
    if (before !== undefined) return before;
    const start = plan.layout.original.memoryMap.start + block * framesPerBlock;
    const pages = Array.from({ length: framesPerBlock }, (_, page) =>
      contents.decode(decoderOf(table), memory.read(pfn(start + page))),
    );
    const kinds = kindsOfPages(pages);
    known.set(block, kinds);
    return kinds;
  };
}

/** Of 64 struct pages: numbers of kinds, where a tail has one of its own, and orders of free blocks. */
type PageFacts = { readonly kinds: Uint8Array; readonly orders: Uint8Array };
const tailKind = pageKinds.length;

const decoders = new Map<StructureTable, Decoder<PageFacts>>();

function decoderOf(table: StructureTable): Decoder<PageFacts> {
  const known = decoders.get(table);
  if (known !== undefined) return known;
  const decoder = { name: 'struct pages', decode: (bytes: Uint8Array) => pageFacts(table, bytes) };
  decoders.set(table, decoder);
  return decoder;
}

function pageFacts(table: StructureTable, bytes: Uint8Array): PageFacts {
  const view = viewOf(bytes);
  const { sizeBytes, private: order } = table.page;
  const count = bytes.length / sizeBytes;
  const kinds = new Uint8Array(count);
  const orders = new Uint8Array(count);
  for (let place = 0; place < count; place += 1) {
    const kind = kindOf(table, view, place * sizeBytes);
    kinds[place] = kind === 'tail' ? tailKind : pageKinds.indexOf(kind);
    orders[place] = Math.min(view.getUint32(place * sizeBytes + order, true), maximumOrder);
  }
  return { kinds, orders };
}

function kindOf(table: StructureTable, view: DataView, offset: number): PageKind | 'tail' {
  const { page, pageTypes } = table;
  const flags = view.getUint32(offset + page.flags, true);
  const has = (flag: PageFlagName): boolean => ((flags >>> table.flags[flag]) & 1) === 1;
  const type = view.getUint32(offset + page.mapcount, true);
  if ((view.getUint8(offset + page.compoundHead) & 1) === 1) return 'tail';
  if (type === pageTypes.buddy) return 'free';
  const isAnonymous = (view.getUint8(offset + page.mapping) & 1) === 1;
  const isCache = has('lru') || (has('swapbacked') && has('swapcache'));
  if (isCache && !isAnonymous) return has('private') ? 'cachePrivate' : 'cache';
  if (isAnonymous) return 'user';
  if (isHuge(table, view, offset)) return 'hugetlb';
  if (has('hwpoison')) return 'hwpoison';
  return type === pageTypes.offline ? 'offline' : 'kept';
}

function isHuge(table: StructureTable, view: DataView, offset: number): boolean {
  const { hugetlb, page, flags } = table;
  if (hugetlb.by === 'type') return view.getUint32(offset + page.mapcount, true) === hugetlb.type;
  const isHead = ((view.getUint32(offset + page.flags, true) >>> flags.head) & 1) === 1;
  const firstTail = offset + page.sizeBytes;
  if (!isHead || firstTail >= view.byteLength) return false;
  return view.getUint8(firstTail + hugetlb.offset) === hugetlb.number;
}

function kindsOfPages(pages: readonly PageFacts[]): SectionKinds {
  const kinds = new Uint8Array(framesPerSection);
  let head = keptKind;
  for (const [page, { kinds: ofPage, orders }] of pages.entries()) {
    for (const [place, kind] of ofPage.entries()) {
      // Tails go with a huge page only: a tail of anything else is kept.
      const isKept = kind === keptKind || (kind === tailKind && head !== hugeKind);
      if (kind !== tailKind) head = kind;
      if (isKept) continue;
      const frame = page * ofPage.length + place;
      kinds.fill(head, frame, frame + frameCountOf(head, orders[place]));
    }
  }
  return { kinds, counts: countsIn(kinds) };
}

const frameCountOf = (kind: number, order = 0): number => (kind === freeKind ? 2 ** order : 1);

function countsIn(kinds: Uint8Array): readonly number[] {
  const counts = new Array<number>(pageKinds.length).fill(0);
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
