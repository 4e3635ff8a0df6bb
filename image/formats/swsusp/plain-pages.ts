/** The uncompressed form: one stored page for each page of the stream. */
import { ImageError } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { groupPages, type StreamPages } from '../snapshot-stream/stream-pages.ts';
import { readStored, type StoredStream, storedOffset } from './stored-pages.ts';

export function plainPages({ source, chain, pageCount }: StoredStream): StreamPages {
  const readPage = (index: number): Uint8Array => readStored(source, chain, index + 1, 1);
  return {
    pageCount,
    readPage,
    offsetOf: (index) => storedOffset(chain, index + 1),
    readGroup: async (firstIndex) => {
      const count = Math.min(groupPages, pageCount - firstIndex);
      try {
        return { bytes: readStored(source, chain, firstIndex + 1, count), lost: new Map() };
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        return pageByPage(readPage, firstIndex, count);
      }
    },
  };
}

/** Some of them cannot be read; the others can. */
function pageByPage(
  readPage: (index: number) => Uint8Array,
  firstIndex: number,
  count: number,
): { bytes: Uint8Array; lost: Map<number, string> } {
  const bytes = new Uint8Array(count * pageSizeBytes);
  const lost = new Map<number, string>();
  for (let index = 0; index < count; index += 1) {
    try {
      bytes.set(readPage(firstIndex + index), index * pageSizeBytes);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      lost.set(firstIndex + index, error.message);
    }
  }
  return { bytes, lost };
}
