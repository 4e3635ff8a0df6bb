/**
 * Writes pages into a swap area and keeps the map of where they went, in Linux's order: a map page is taken when the one before is
 * full, and the first of all. Pages that are in use are left as they are.
 */
import { ByteWriter } from '../../bytes.ts';
import { ImageError } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';
import type { Sink } from '../../sink.ts';
import { entriesPerMapPage, nextMapOffset } from './map-chain.ts';

export type SwapArea = {
  /** Of the device, the page with the header. */
  readonly headerPage: number;
  /** Pages of the area, header page and all; undefined: as many as it takes. */
  readonly pageCount: number | undefined;
  readonly isInUse: (swapPage: number) => boolean;
};

export class MapWriter {
  readonly #sink: Sink;
  readonly #area: SwapArea;
  #map = new Uint8Array(pageSizeBytes);
  #entryCount = 0;
  #lastTaken = 0;
  #mapPage: number;
  readonly firstMapPage: number;

  constructor(sink: Sink, area: SwapArea) {
    this.#sink = sink;
    this.#area = area;
    this.#mapPage = this.#take();
    this.firstMapPage = this.#mapPage;
  }

  /** Pages of the area from the header page to the last one taken. */
  get usedPages(): number {
    return this.#lastTaken + 1;
  }

  /** Whole pages. Those that come to lie together are written together. */
  store(bytes: Uint8Array): void {
    const pageCount = bytes.length / pageSizeBytes;
    for (let done = 0; done < pageCount; ) {
      const first = this.#store();
      let count = 1;
      let next: number | undefined;
      while (done + count < pageCount) {
        next = this.#store();
        if (next !== first + count) break;
        count += 1;
        next = undefined;
      }
      this.#write(first, bytes.subarray(done * pageSizeBytes, (done + count) * pageSizeBytes));
      done += count;
      if (next === undefined) continue;
      this.#write(next, bytes.subarray(done * pageSizeBytes, (done + 1) * pageSizeBytes));
      done += 1;
    }
  }

  end(): void {
    this.#write(this.#mapPage, this.#map);
  }

  /** Takes a page for data and enters it into the map. */
  #store(): number {
    const page = this.#take();
    new ByteWriter(this.#map).u64(this.#entryCount * 8, page);
    this.#entryCount += 1;
    if (this.#entryCount === entriesPerMapPage) this.#nextMap();
    return page;
  }

  #nextMap(): void {
    const next = this.#take();
    new ByteWriter(this.#map).u64(nextMapOffset, next);
    this.#write(this.#mapPage, this.#map);
    this.#map = new Uint8Array(pageSizeBytes);
    this.#mapPage = next;
    this.#entryCount = 0;
  }

  #take(): number {
    const { headerPage, pageCount, isInUse } = this.#area;
    do this.#lastTaken += 1;
    while (isInUse(this.#lastTaken) && this.#lastTaken < (pageCount ?? Infinity));
    if (pageCount === undefined || this.#lastTaken < pageCount) return headerPage + this.#lastTaken;
    throw new ImageError('swsusp.no-room', {
      offset: (headerPage + pageCount) * pageSizeBytes,
      expected: 'another free page of swap',
      found: `the end of the area of ${pageCount} pages`,
    });
  }

  #write(page: number, bytes: Uint8Array): void {
    this.#sink.writeAt(page * pageSizeBytes, bytes);
  }
}
