/**
 * Which frames of a kernel's RAM are in use: a bitmap that stands in its own memory (layout.bitmap), so that it is swapped, saved
 * and brought back with everything else.
 *
 *   bitmap page 0                      page 1                             …
 *   | frame 0 … frame 32767 |          | frame 32768 … frame 65535 |      one bit a frame, lowest bit first; 1: in use
 *
 * Promises: the lowest free frame from poolStart up comes first, so the same requests give the same frames; a request is met whole
 * or changes nothing; a bitmap page of 128 MiB that nobody touched is the content of zeros, so a terabyte costs what it uses.
 * Frames below poolStart are never handed out: the first MiB is reserved by Linux on x86 (linux.md D.6), and from there to
 * 16 MiB lies ZONE_DMA, free but kept back for devices (include/linux/mmzone.h, 6.12).
 *
 * Linux has a buddy allocator with zones, orders and lists for each processor; what a reader of A's dump looks for of that follows
 * from the bitmap when A leaves (structures/settle-structures.ts). What stands in the bitmap is
 * the emulated machine's own data: when another kernel wrote over it, wrong frames are handed out, and nothing here complains.
 */
import { addressOf, type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { mapOfLinux, usableRanges } from '../firmware-map.ts';
import type { KernelName } from '../machine.ts';
import { type ContentId, type Decoder, zeroContent } from '../memory/contents.ts';
import type { Plan } from '../plan.ts';
import type { FrameRange } from './memory-layout.ts';

export const framesPerBitmapPage = pageSizeBytes * 8;

/** Linux 6.12 arch/x86/realmode/init.c:reserve_real_mode keeps the whole first MiB (linux.md D.6). */
const lowFrameCount = 0x100000 / pageSizeBytes;
const fullPage = new Uint8Array(pageSizeBytes).fill(0xff);

/** A kernel's first look at its memory: all is free but what is no RAM, the kernel itself, and what was withheld from it. */
export function initialiseBitmap(box: Box, kernel: KernelName): void {
  const { bitmap, text, early, memoryMap, sections, poolStart } = box.plan.layout[kernel];
  box.memory.fill(bitmap.start, bitmap.count, zeroContent);
  let end = pfn(lowFrameCount);
  reserveFrames(box, kernel, { start: pfn(0), count: end });
  for (const { start, count } of ramOf(box.plan, kernel)) {
    if (start > end) reserveFrames(box, kernel, rangeBetween(end, start));
    if (start + count > end) end = pfn(start + count);
  }
  reserveFrames(box, kernel, rangeBetween(end, bitmap.count * framesPerBitmapPage));
  reserveFrames(box, kernel, rangeBetween(text.start, poolStart));
  for (const range of [early, memoryMap, sections]) reserveFrames(box, kernel, range);
  if (kernel === 'original') reserveFrames(box, kernel, box.plan.layout.region);
}

/** Takes frames by their place, whether they are free or not; what lies beyond the bitmap is left out. */
export function reserveFrames(box: Box, kernel: KernelName, range: FrameRange): void {
  const { bitmap } = box.plan.layout[kernel];
  const end = Math.min(range.start + range.count, bitmap.count * framesPerBitmapPage);
  for (let frame: number = range.start; frame < end; ) {
    const page = Math.floor(frame / framesPerBitmapPage);
    const from = frame % framesPerBitmapPage;
    const wholePages = from === 0 ? Math.floor((end - frame) / framesPerBitmapPage) : 0;
    if (wholePages > 0) {
      box.memory.fill(pfn(bitmap.start + page), wholePages, box.contents.intern(fullPage));
      frame += wholePages * framesPerBitmapPage;
      continue;
    }
    const to = Math.min(framesPerBitmapPage, from + end - frame);
    editPage(box, pfn(bitmap.start + page), (bytes) => setBits(bytes, from, to));
    frame += to - from;
  }
}

/** The same for many ranges, with one edit for each page of the bitmap. */
export function reserveRanges(box: Box, kernel: KernelName, ranges: readonly FrameRange[]): void {
  const { bitmap } = box.plan.layout[kernel];
  const bitsByPage = new Map<number, (readonly [from: number, to: number])[]>();
  for (const { start, count } of ranges) {
    const end = Math.min(start + count, bitmap.count * framesPerBitmapPage);
    for (let frame: number = start; frame < end; ) {
      const page = Math.floor(frame / framesPerBitmapPage);
      const from = frame % framesPerBitmapPage;
      const to = Math.min(framesPerBitmapPage, from + end - frame);
      const bits = bitsByPage.get(page) ?? [];
      bits.push([from, to]);
      bitsByPage.set(page, bits);
      frame += to - from;
    }
  }
  for (const [page, bits] of bitsByPage) {
    editPage(box, pfn(bitmap.start + page), (bytes) => {
      for (const [from, to] of bits) setBits(bytes, from, to);
    });
  }
}

export function allocateFrame(box: Box, kernel: KernelName): Pfn | undefined {
  return allocateFrames(box, kernel, 1)?.[0];
}

/** The lowest `count` free frames in ascending order; undefined, and nothing taken, when there are not so many. */
export function allocateFrames(box: Box, kernel: KernelName, count: number): Pfn[] | undefined {
  const frames: Pfn[] = [];
  const edited: { readonly page: Pfn; readonly bytes: Uint8Array }[] = [];
  for (const { index, from, content } of pagesOfPool(box, kernel)) {
    const before = frames.length;
    // Where the pool begins inside a page, free frames below it would make the hint useless.
    const hint = from > 0 ? from : box.contents.decode(bitmapDecoder, content).firstFree;
    const bytes = box.contents.bytes(content).slice();
    takeFreeBits(bytes, hint, { frames, count, base: index * framesPerBitmapPage });
    const page = pfn(box.plan.layout[kernel].bitmap.start + index);
    if (frames.length > before) edited.push({ page, bytes });
    if (frames.length === count) break;
  }
  if (frames.length < count) return undefined;
  for (const { page, bytes } of edited) box.memory.write(page, box.contents.intern(bytes));
  return frames;
}

export function freeFrame(box: Box, kernel: KernelName, frame: Pfn): void {
  freeFrames(box, kernel, [frame]);
}

/** Frames that are free already stay free; their contents stay where they are, as Linux leaves them (no init_on_free). */
export function freeFrames(box: Box, kernel: KernelName, frames: readonly Pfn[]): void {
  const { bitmap } = box.plan.layout[kernel];
  const framesByPage = new Map<number, number[]>();
  for (const frame of frames) {
    const page = Math.floor(frame / framesPerBitmapPage);
    const bits = framesByPage.get(page) ?? [];
    bits.push(frame % framesPerBitmapPage);
    framesByPage.set(page, bits);
  }
  for (const [page, bits] of framesByPage) {
    if (page >= bitmap.count) continue;
    editPage(box, pfn(bitmap.start + page), (bytes) => {
      for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) & ~(1 << (bit & 7));
    });
  }
}

export function isFrameFree(box: Box, kernel: KernelName, frame: Pfn): boolean {
  const { bitmap } = box.plan.layout[kernel];
  const page = Math.floor(frame / framesPerBitmapPage);
  if (page >= bitmap.count) return false;
  const bytes = box.contents.bytes(box.memory.read(pfn(bitmap.start + page)));
  return isFree(bytes, frame % framesPerBitmapPage);
}

/** How many frames could be handed out. */
export function freeFrameCount(box: Box, kernel: KernelName): number {
  let total = 0;
  for (const { from, content } of pagesOfPool(box, kernel)) {
    const { freeCount } = box.contents.decode(bitmapDecoder, content);
    total += from === 0 ? freeCount : freeCount - freeBelow(box.contents.bytes(content), from);
  }
  return total;
}

/** What a kernel may take for RAM, in whole frames and ascending. */
export function ramOf(plan: Pick<Plan, 'layout' | 'firmwareMap'>, kernel: KernelName): readonly FrameRange[] {
  if (kernel !== 'original') return plan.layout.dumpRam;
  return usableRanges(mapOfLinux(plan.firmwareMap).map).map(({ start, endExclusive }) =>
    rangeBetween(Math.ceil(start / pageSizeBytes), Math.floor(endExclusive / pageSizeBytes)),
  );
}

/** Whether the machine has RAM there: garbage that was read as a frame number must not be followed out of it. */
export function isRam(plan: Plan, frame: Pfn): boolean {
  const address = addressOf(frame);
  return plan.firmwareMap.some(
    ({ kind, start, endExclusive }) => kind === 'usable' && address >= start && address < endExclusive,
  );
}

type PoolPage = { readonly index: number; readonly from: number; readonly content: ContentId };

/** The bitmap pages of the frames that may be handed out; `from` is the first such bit. Full pages in a row cost one look. */
function* pagesOfPool(box: Box, kernel: KernelName): Generator<PoolPage> {
  const { bitmap, poolStart } = box.plan.layout[kernel];
  const first = Math.floor(poolStart / framesPerBitmapPage);
  // Nearly every request ends in the first page, and reading a page is cheaper than asking for runs.
  const content = box.memory.read(pfn(bitmap.start + first));
  yield { index: first, from: poolStart % framesPerBitmapPage, content };
  const rest = pfn(bitmap.start + first + 1);
  for (const run of box.memory.runs(rest, bitmap.count - first - 1)) {
    if (box.contents.decode(bitmapDecoder, run.id).freeCount === 0) continue;
    for (let offset = 0; offset < run.count; offset++) {
      yield { index: run.start + offset - bitmap.start, from: 0, content: run.id };
    }
  }
}

type BitmapFacts = { readonly freeCount: number; readonly firstFree: number };

const bitmapDecoder: Decoder<BitmapFacts> = {
  name: 'frame bitmap',
  decode: (bytes) => ({ freeCount: freeBelow(bytes, framesPerBitmapPage), firstFree: nextFree(bytes, 0) }),
};

const isFree = (bytes: Uint8Array, bit: number): boolean =>
  ((bytes[bit >> 3] ?? 0xff) & (1 << (bit & 7))) === 0;

const bitCounts = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** How many of the first `limit` bits are zero. */
function freeBelow(bytes: Uint8Array, limit: number): number {
  let count = 0;
  for (const byte of bytes.subarray(0, limit >> 3)) count += 8 - (bitCounts[byte] ?? 0);
  for (let bit = limit & ~7; bit < limit; bit++) count += isFree(bytes, bit) ? 1 : 0;
  return count;
}

type Taking = { readonly frames: Pfn[]; readonly count: number; readonly base: number };

function takeFreeBits(bytes: Uint8Array, from: number, { frames, count, base }: Taking): void {
  let bit = nextFree(bytes, from);
  while (bit < framesPerBitmapPage && frames.length < count) {
    setBits(bytes, bit, bit + 1);
    frames.push(pfn(base + bit));
    bit = nextFree(bytes, bit + 1);
  }
}

/** The first zero bit from here on, eight at a time where all are taken; framesPerBitmapPage when there is none. */
function nextFree(bytes: Uint8Array, from: number): number {
  let bit = from;
  while (bit < framesPerBitmapPage && !isFree(bytes, bit))
    bit += bytes[bit >> 3] === 0xff ? 8 - (bit & 7) : 1;
  return bit;
}

function setBits(bytes: Uint8Array, from: number, to: number): void {
  const firstWhole = Math.ceil(from / 8);
  const lastWhole = Math.floor(to / 8);
  const setOne = (bit: number): void => {
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
  };
  for (let bit = from; bit < Math.min(to, firstWhole * 8); bit++) setOne(bit);
  if (lastWhole > firstWhole) bytes.fill(0xff, firstWhole, lastWhole);
  for (let bit = Math.max(firstWhole, lastWhole) * 8; bit < to; bit++) setOne(bit);
}

function editPage(box: Box, page: Pfn, edit: (bytes: Uint8Array) => void): void {
  const bytes = box.contents.bytes(box.memory.read(page)).slice();
  edit(bytes);
  box.memory.write(page, box.contents.intern(bytes));
}

const rangeBetween = (start: number, end: number): FrameRange => ({
  start: pfn(start),
  count: Math.max(0, end - start),
});
