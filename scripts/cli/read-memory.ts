/**
 * `--memory FILE`: reads the pages of a dump or an image of any registered format, for A to have in its memory.
 *
 * Promises: only frames that the box has RAM for are read, one after the other; a page that cannot be read is an error, never a page
 * of zeros; a file of which nothing would be there is refused, with the --ram that would do.
 */
import { formatOf } from '../../image/formats/index.ts';
import { isZero } from '../../image/is-zero.ts';
import type { MemoryImage } from '../../image/memory-image.ts';
import { addressOf, pageSizeBytes, pfn } from '../../image/pfn.ts';
import { ramOf } from '../../kernels/linux/frame-allocator.ts';
import type { FrameRange } from '../../kernels/linux/frame-range.ts';
import { type GivenPage, GivenPages } from '../../kernels/memory/given-pages.ts';
import type { BoxOptions, GivenMemory } from '../../machines/options/box-options.ts';
import { mostRamBytes, planOf } from '../../machines/options/plan-of.ts';
import type { Files } from './files.ts';
import { InputError } from './input-error.ts';
import { sizeText } from './options.ts';

/** 4 GiB of pages, which are held in memory while the box runs. */
const pageLimit = 2 ** 20;

/** Throws unless something of the file has a place in the box. */
export function readMemory(
  options: BoxOptions,
  path: string,
  files: Pick<Files, 'open'>,
  limit = pageLimit,
): GivenMemory {
  const memory = memoryIn(options, path, { files, limit });
  if (placedCount(options, memory) === 0) throw misplaced(options, memory);
  return memory;
}

type Reading = { readonly files: Pick<Files, 'open'>; readonly limit: number };

function memoryIn(options: BoxOptions, path: string, { files, limit }: Reading): GivenMemory {
  const plan = planOf({ ...options, memory: undefined });
  const source = files.open(path);
  try {
    const format = formatOf(source);
    const { memory } = format.read(source);
    return {
      file: path,
      format: format.name,
      pages: pagesOf(memory, ramOf(plan, 'original'), { limit, where: path }),
    };
  } finally {
    source.close();
  }
}

type Limit = { readonly limit: number; readonly where: string };

function pagesOf(memory: MemoryImage, ram: readonly FrameRange[], { limit, where }: Limit): GivenPages {
  const parts = [...memory.runs()]
    .filter(({ kind }) => kind === 'stored' || kind === 'partial')
    .flatMap(({ startPfn, count }) => [...splitAt(ram, startPfn, count)]);
  const pages: GivenPage[] = [];
  for (const part of parts.filter(({ isRam }) => isRam)) {
    for (const page of pagesWithBytes(memory, part)) {
      if (pages.length === limit) throw tooLarge(limit, where);
      pages.push(page);
    }
  }
  return new GivenPages(
    pages,
    parts.filter(({ isRam }) => !isRam),
  );
}

const tooLarge = (limit: number, where: string): InputError =>
  new InputError('memory.too-large', {
    where,
    expected: `at most ${limit} pages that are not zero`,
    found: 'more',
  });

type Part = FrameRange & { readonly isRam: boolean };

/** A run in parts that are RAM of the box as a whole or not at all. */
function* splitAt(ram: readonly FrameRange[], start: number, count: number): Generator<Part> {
  const end = start + count;
  let next = start;
  const part = (to: number, isRam: boolean): Part => ({ start: pfn(next), count: to - next, isRam });
  for (const range of ram) {
    const [from, to] = [Math.max(next, range.start), Math.min(end, range.start + range.count)];
    if (from >= to) continue;
    if (from > next) yield part(from, false);
    next = from;
    yield part(to, true);
    next = to;
  }
  if (next < end) yield part(end, false);
}

function* pagesWithBytes(memory: MemoryImage, { start, count }: FrameRange): Generator<GivenPage> {
  for (let frame: number = start; frame < start + count; frame += 1) {
    const bytes = memory.readPage(pfn(frame));
    if (!isZero(bytes)) yield { frame: pfn(frame), bytes: bytes.slice() };
  }
}

const placedCount = (options: BoxOptions, memory: GivenMemory): number =>
  planOf({ ...options, memory }).memory?.takenCount ?? 0;

function misplaced(options: BoxOptions, memory: GivenMemory): InputError {
  const { file, pages } = memory;
  const enough = ramThatFits(options, memory);
  const first = pages.pages[0]?.frame ?? pages.beyond[0]?.start;
  const where =
    first === undefined ? 'none at all' : `none: the first lies at 0x${addressOf(first).toString(16)}`;
  const advice = enough === undefined ? 'no --ram would do' : `--ram ${sizeText(enough)} would do`;
  return new InputError('memory.misplaced', {
    where: file,
    expected: `pages that are not zero where a box of --ram ${sizeText(options.ramBytes)} has room for them`,
    found: first === undefined ? where : `${where}, and ${advice}`,
  });
}

/** The next power of two at which some page has its place; whether pages beyond are zero is not known yet. */
function ramThatFits(options: BoxOptions, memory: GivenMemory): number | undefined {
  const { pages, beyond } = memory.pages;
  const unread = beyond.flatMap(({ start, count }) => [start, pfn(start + count - 1)]);
  const frames = [...pages.map(({ frame }) => frame), ...unread];
  const unique = [...new Set(frames)].sort((one, other) => one - other);
  const asPages = new GivenPages(
    unique.map((frame) => ({ frame, bytes: new Uint8Array(pageSizeBytes) })),
    [],
  );
  for (
    let ramBytes = 2 ** Math.ceil(Math.log2(options.ramBytes + 1));
    ramBytes <= mostRamBytes;
    ramBytes *= 2
  ) {
    if (placedCount({ ...options, ramBytes }, { ...memory, pages: asPages }) > 0) return ramBytes;
  }
  return undefined;
}
