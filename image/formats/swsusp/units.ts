/**
 * The compressed form: the stream behind the info page in units of up to 32 pages, each packed on its own.
 *
 *   0  length of the packed bytes, u64
 *   8  packed bytes, a bare LZO1X or LZ4 stream; what follows to the end of the page is not read
 *
 * A unit begins on a page of its own. Linux makes all units but the last one 32 pages, and so page N of the stream is in unit N / 32;
 * units that come to less in the middle are counted as damaged.
 * Source: Linux 6.12 kernel/power/swap.c, save_compressed_image and load_compressed_image (linux.md C.1.5).
 */
import { ByteReader } from '../../bytes.ts';
import { ImageError } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { readBounded, type Source } from '../../sink.ts';
import type { MapChain } from './map-chain.ts';
import { readStored, storedOffset } from './stored-pages.ts';

/** UNC_PAGES. */
export const unitPages = 32;
export const unitSizeBytes = unitPages * pageSizeBytes;
/** CMP_HEADER. */
export const unitHeaderBytes = 8;
/** bytes_worst_compress(UNC_SIZE): the most that Linux takes for a length. */
export const worstUnitBytes = unitSizeBytes + unitSizeBytes / 16 + 64 + 3 + 2;

export const pagesOfUnit = (packedBytes: number): number =>
  Math.ceil((unitHeaderBytes + packedBytes) / pageSizeBytes);

export class UnitIndex {
  readonly #storedIndexes: number[] = [];
  readonly #lengths: number[] = [];
  /** Why there are no units behind the last one, although there should be. */
  damage: ImageError | undefined;
  /** The stored page behind the last unit. */
  endStoredIndex = 1;

  get count(): number {
    return this.#lengths.length;
  }

  add(storedIndex: number, packedBytes: number): void {
    this.#storedIndexes.push(storedIndex);
    this.#lengths.push(packedBytes);
    this.endStoredIndex = storedIndex + pagesOfUnit(packedBytes);
  }

  at(index: number): { readonly storedIndex: number; readonly packedBytes: number } | undefined {
    const storedIndex = this.#storedIndexes[index];
    const packedBytes = this.#lengths[index];
    return storedIndex === undefined || packedBytes === undefined ? undefined : { storedIndex, packedBytes };
  }
}

/** Reads the lengths alone: eight bytes for 32 pages. The info page is stored page 0. */
export function readUnitIndex(source: Source, chain: MapChain, streamPages: number): UnitIndex {
  const index = new UnitIndex();
  const wanted = Math.ceil(streamPages / unitPages);
  while (index.count < wanted && index.damage === undefined) {
    const storedIndex = index.endStoredIndex;
    try {
      const packedBytes = packedLength(source, chain, storedIndex);
      checkStored(chain, storedIndex, pagesOfUnit(packedBytes));
      index.add(storedIndex, packedBytes);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      index.damage = error;
    }
  }
  return index;
}

function packedLength(source: Source, chain: MapChain, storedIndex: number): number {
  const offset = storedOffset(chain, storedIndex);
  const length = Number(`0x${new ByteReader(readBounded(source, offset, unitHeaderBytes), offset).hex64(0)}`);
  if (length >= 1 && length <= worstUnitBytes) return length;
  throw new ImageError('swsusp.bad-unit', {
    offset,
    expected: `a length from 1 to ${worstUnitBytes} bytes`,
    found: String(length),
  });
}

function checkStored(chain: MapChain, storedIndex: number, pageCount: number): void {
  if (storedIndex + pageCount <= chain.storedCount) return;
  storedOffset(chain, storedIndex + pageCount - 1);
}

/** The packed bytes, without their length in front. */
export function readUnit(source: Source, chain: MapChain, index: UnitIndex, unit: number): Uint8Array {
  const place = index.at(unit);
  if (place === undefined) throw index.damage ?? missingUnit(chain, index);
  const { storedIndex, packedBytes } = place;
  const bytes = readStored(source, chain, storedIndex, pagesOfUnit(packedBytes));
  return bytes.subarray(unitHeaderBytes, unitHeaderBytes + packedBytes);
}

const missingUnit = (chain: MapChain, index: UnitIndex): ImageError =>
  new ImageError('swsusp.ends-early', {
    offset: storedOffset(chain, Math.max(0, index.endStoredIndex - 1)),
    expected: 'another unit',
    found: 'the end of the image',
  });
