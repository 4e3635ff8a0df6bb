/** The pages of an image by their order in the map, wherever on the device they are. Page 0 is the info page. */
import { ImageError } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { readBounded, type Source } from '../../sink.ts';
import { type MapChain, nextMapOffset } from './map-chain.ts';

export type StoredStream = {
  readonly source: Source;
  readonly chain: MapChain;
  /** Behind the info page. */
  readonly pageCount: number;
};

export function storedOffset(chain: MapChain, storedIndex: number): number {
  const found = chain.find(storedIndex);
  if (found !== undefined) return found.devicePage * pageSizeBytes;
  throw new ImageError('swsusp.ends-early', {
    offset: (chain.mapPages.at(-1) ?? 0) * pageSizeBytes + nextMapOffset,
    expected: `a map with more than ${storedIndex} pages`,
    found: `${chain.storedCount}`,
  });
}

/** A view where they lie together, else a copy. */
export function readStored(
  source: Source,
  chain: MapChain,
  storedIndex: number,
  pageCount: number,
): Uint8Array {
  const first = chain.find(storedIndex);
  if (first !== undefined && first.count >= pageCount)
    return readBounded(source, first.devicePage * pageSizeBytes, pageCount * pageSizeBytes);
  const bytes = new Uint8Array(pageCount * pageSizeBytes);
  for (let done = 0; done < pageCount; ) {
    const offset = storedOffset(chain, storedIndex + done);
    const together = chain.find(storedIndex + done)?.count ?? 1;
    const count = Math.min(together, pageCount - done);
    bytes.set(readBounded(source, offset, count * pageSizeBytes), done * pageSizeBytes);
    done += count;
  }
  return bytes;
}
