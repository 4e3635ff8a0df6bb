/**
 * contig_page_data: the one node with its zones and their free areas, and the lists of pages that may be given up.
 *
 * Filled in is what readers look for: who belongs to what, spans and sizes, free blocks by order with their counts, the counters that
 * follow from them, names, and list heads. Left out, and zero: watermarks, per-CPU sets, locks, kswapd.
 */
import { pageSizeBytes, pfn } from '../../../image/pfn.ts';
import { ramOf } from '../frame-allocator.ts';
import type { FrameRange } from '../frame-range.ts';
import { viewOf } from '../paged-bytes.ts';
import type { MachineView } from './frame-uses.ts';
import { kernelSymbolAddress } from './kernel-symbols.ts';
import type { FrameList, MemorySurvey } from './memory-survey.ts';
import { lruAddress } from './struct-page.ts';
import {
  dma32EndFrame,
  freeArea,
  freeListCount,
  listPoison,
  lruListCount,
  lruLists,
  maximumOrder,
  movableList,
  zoneNames,
} from './structure-table.ts';

type Writer = {
  readonly word: (offset: number, value: bigint | number) => void;
  readonly address: bigint;
};

export function nodeBytes(view: MachineView, survey: MemorySurvey): Uint8Array {
  const { node, zone } = survey.table;
  const bytes = new Uint8Array(Math.ceil(node.sizeBytes / pageSizeBytes) * pageSizeBytes);
  const data = viewOf(bytes);
  const address = kernelSymbolAddress(view.plan, 'contig_page_data');
  const writer: Writer = {
    address,
    word: (offset, value) => data.setBigUint64(offset, BigInt.asUintN(64, BigInt(value)), true),
  };
  const ram = ramOf(view.plan, 'original');
  const spans = [spanOf(common(ram, 0, dma32EndFrame)), spanOf(common(ram, dma32EndFrame, Infinity))];
  for (const index of zoneNames.keys()) {
    writeZone(writer, survey, {
      index,
      at: node.zones + index * zone.sizeBytes,
      span: spans[index] ?? noSpan,
    });
    // The names stand behind the node, in the room that is left of its last page.
    const name = bytes.length - 64 + 16 * index;
    bytes.set(new TextEncoder().encode(zoneNames[index]), name);
    writer.word(node.zones + index * zone.sizeBytes + zone.name, address + BigInt(name));
  }
  const whole = spanOf(ram);
  const populated = [1, 0].filter((index) => (spans[index]?.present ?? 0) > 0);
  for (const [place, index] of populated.entries()) {
    writer.word(node.zonelists + 16 * place, address + BigInt(node.zones + index * zone.sizeBytes));
    data.setUint32(node.zonelists + 16 * place + 8, index, true);
  }
  data.setUint32(node.zoneCount, Math.max(...populated) + 1, true);
  writer.word(node.startPfn, whole.start);
  writer.word(node.presentPages, whole.present);
  writer.word(node.spannedPages, whole.end - whole.start);
  writeLruLists(writer, survey);
  return bytes;
}

type Span = { readonly start: number; readonly end: number; readonly present: number };
const noSpan: Span = { start: 0, end: 0, present: 0 };

function spanOf(ranges: readonly FrameRange[]): Span {
  const [first, last] = [ranges[0], ranges.at(-1)];
  if (first === undefined || last === undefined) return noSpan;
  const present = ranges.reduce((sum, { count }) => sum + count, 0);
  return { start: first.start, end: last.start + last.count, present };
}

const common = (ranges: readonly FrameRange[], start: number, end: number): FrameRange[] =>
  ranges
    .map((range) => {
      const from = Math.max(start, range.start);
      return { start: pfn(from), count: Math.min(end, range.start + range.count) - from };
    })
    .filter(({ count }) => count > 0);

type Zone = { readonly index: number; readonly at: number; readonly span: Span };

function writeZone(writer: Writer, survey: MemorySurvey, { index, at, span }: Zone): void {
  const { zone } = survey.table;
  const { free = [], sharedFrames = 0 } = survey.zones[index] ?? {};
  const reserved = common(survey.reserved, span.start, span.end).reduce((sum, { count }) => sum + count, 0);
  const holes = span.end - span.start - span.present;
  writer.word(at + zone.pgdat, writer.address);
  writer.word(at + zone.startPfn, span.start);
  writer.word(at + zone.managedPages, span.present - (reserved - holes));
  writer.word(at + zone.spannedPages, span.end - span.start);
  writer.word(at + zone.presentPages, span.present);
  writer.word(at + zone.initialized, span.present > 0 ? 1 : 0);
  let freePages = sharedFrames;
  for (let order = 0; order <= maximumOrder; order += 1) {
    const area = at + zone.freeArea + order * freeArea.sizeBytes;
    for (let list = 0; list < freeListCount; list += 1) writeListHead(writer, survey, area + 16 * list);
    const blocks = free[order];
    if (blocks === undefined) continue;
    writeListHead(writer, survey, area + 16 * movableList, blocks);
    const shared = order === maximumOrder ? sharedFrames / 2 ** maximumOrder : 0;
    writer.word(area + freeArea.freeCount, blocks.frames.length + shared);
    freePages += blocks.frames.length * 2 ** order;
  }
  // NR_FREE_PAGES is the first of zone_stat_item; then the LRU lists of the zone.
  writer.word(at + zone.vmStat, freePages);
  if (index > 0) return;
  writer.word(at + zone.vmStat + 8 * (1 + lruLists.inactiveAnonymous), survey.anonymous.frames.length);
  writer.word(at + zone.vmStat + 8 * (1 + lruLists.inactiveFile), survey.files.frames.length);
}

/** Tasks have their pages below 4 GiB: the lowest free frames are given out first. */
function writeLruLists(writer: Writer, survey: MemorySurvey): void {
  const { lruLists: at } = survey.table.node;
  for (let list = 0; list < lruListCount; list += 1) writeListHead(writer, survey, at + 16 * list);
  writeListHead(writer, survey, at + 16 * lruLists.inactiveAnonymous, survey.anonymous);
  writeListHead(writer, survey, at + 16 * lruLists.inactiveFile, survey.files);
  // lruvec_init poisons the list of pages that cannot be given up: nothing is ever on it.
  writer.word(at + 16 * (lruListCount - 1), listPoison.next);
  writer.word(at + 16 * (lruListCount - 1) + 8, listPoison.prev);
}

function writeListHead(writer: Writer, survey: MemorySurvey, offset: number, list?: FrameList): void {
  const own = writer.address + BigInt(offset);
  const linkTo = (frame: number | undefined): bigint =>
    frame === undefined ? own : lruAddress(survey.table, survey.vmemmap, frame);
  writer.word(offset, linkTo(list?.frames[0]));
  writer.word(offset + 8, linkTo(list?.frames.at(-1)));
}
