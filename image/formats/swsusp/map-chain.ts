/**
 * Where on the device the pages of an image are: a chain of map pages.
 *
 *      0  511 page numbers of the device, u64; 0 ends the image
 *   4088  page number of the next map page, u64; 0 at the end of the chain
 *
 * Pages of the device that hold other things lie between them where swap was in use. Linux reads the whole chain before anything
 * else, and so does this. Kept as runs of consecutive pages. Source: Linux 6.12 kernel/power/swap.c, struct swap_map_page (linux.md C.1.3).
 */
import { hex, ImageError } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { readBounded, type Source } from '../../sink.ts';

export const entriesPerMapPage = 511;
export const nextMapOffset = entriesPerMapPage * 8;

export class MapChain {
  /** Pages of the device that hold the map itself, in the order of the chain. */
  readonly mapPages: number[] = [];
  readonly #starts: number[] = [];
  readonly #devicePages: number[] = [];
  #storedCount = 0;

  /** Pages before the first unused entry: what Linux can read. */
  get storedCount(): number {
    return this.#storedCount;
  }

  add(devicePage: number): void {
    const last = this.#starts.length - 1;
    const next = (this.#devicePages[last] ?? 0) + this.#storedCount - (this.#starts[last] ?? 0);
    if (last < 0 || devicePage !== next) {
      this.#starts.push(this.#storedCount);
      this.#devicePages.push(devicePage);
    }
    this.#storedCount += 1;
  }

  /** How many pages from `storedIndex` on lie together on the device, and where; undefined behind the last one. */
  find(storedIndex: number): { readonly devicePage: number; readonly count: number } | undefined {
    if (storedIndex < 0 || storedIndex >= this.#storedCount) return undefined;
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= storedIndex) low = middle;
      else high = middle - 1;
    }
    const start = this.#starts[low] ?? 0;
    const end = this.#starts[low + 1] ?? this.#storedCount;
    return {
      devicePage: (this.#devicePages[low] ?? 0) + storedIndex - start,
      count: end - storedIndex,
    };
  }

  /** A page of the device that is in the map more than once, or holds the map itself. */
  twice(): number | undefined {
    const taken = [...this.runs()].map(({ devicePage, count }) => ({ devicePage, count }));
    for (const devicePage of this.mapPages) taken.push({ devicePage, count: 1 });
    taken.sort((one, other) => one.devicePage - other.devicePage);
    let next = 0;
    for (const { devicePage, count } of taken) {
      if (devicePage < next) return devicePage;
      next = devicePage + count;
    }
    return undefined;
  }

  *runs(): Generator<{ readonly storedIndex: number; readonly devicePage: number; readonly count: number }> {
    for (const [index, storedIndex] of this.#starts.entries())
      yield {
        storedIndex,
        devicePage: this.#devicePages[index] ?? 0,
        count: (this.#starts[index + 1] ?? this.#storedCount) - storedIndex,
      };
  }
}

export type ReadChain = {
  readonly chain: MapChain;
  /** The chain stops there although it says that it goes on. */
  readonly damage: ImageError | undefined;
};

/** Page numbers count from the start of the device, also for a swap file. */
export function readMapChain(source: Source, firstMapPage: number): ReadChain {
  const chain = new MapChain();
  const visited = new Set<number>();
  const devicePages = Math.floor(source.length / pageSizeBytes);
  let isEnded = false;
  for (let mapPage = firstMapPage, linkOffset = 0; mapPage !== 0; ) {
    const damage = wrongLink(source, mapPage, linkOffset, visited);
    if (damage !== undefined) return { chain, damage };
    visited.add(mapPage);
    chain.mapPages.push(mapPage);
    const page = readBounded(source, mapPage * pageSizeBytes, pageSizeBytes);
    isEnded = addEntries(chain, page, isEnded);
    if (chain.storedCount > devicePages) return { chain, damage: tooManyPages(mapPage, devicePages) };
    linkOffset = mapPage * pageSizeBytes + nextMapOffset;
    mapPage = entryAt(page, entriesPerMapPage);
  }
  return { chain, damage: undefined };
}

/** Numbers beyond 2^53 lose their last digits; no device has such a page. */
export function entryAt(page: Uint8Array, index: number): number {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  return view.getUint32(index * 8 + 4, true) * 2 ** 32 + view.getUint32(index * 8, true);
}

function addEntries(chain: MapChain, page: Uint8Array, wasEnded: boolean): boolean {
  if (wasEnded) return true;
  for (let index = 0; index < entriesPerMapPage; index += 1) {
    const devicePage = entryAt(page, index);
    if (devicePage === 0) return true;
    chain.add(devicePage);
  }
  return false;
}

function wrongLink(
  source: Source,
  mapPage: number,
  linkOffset: number,
  visited: ReadonlySet<number>,
): ImageError | undefined {
  const expected = 'the number of a page on the device that holds no map page yet';
  if (visited.has(mapPage))
    return new ImageError('swsusp.map-loop', { offset: linkOffset, expected, found: hex(mapPage) });
  if ((mapPage + 1) * pageSizeBytes <= source.length) return undefined;
  const found = `page ${hex(mapPage)} of a device that has ${Math.floor(source.length / pageSizeBytes)}`;
  return new ImageError('swsusp.beyond-device', { offset: linkOffset, expected, found });
}

const tooManyPages = (mapPage: number, devicePages: number): ImageError =>
  new ImageError('swsusp.beyond-device', {
    offset: mapPage * pageSizeBytes,
    expected: `a map of at most ${devicePages} pages, as many as the device has`,
    found: 'more',
  });
