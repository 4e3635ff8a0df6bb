/** A snapshot stream as user space would write it to /dev/snapshot, page after page, from a file. */
import { pageSizeBytes } from '../pfn.ts';
import { readBounded, type Source } from '../sink.ts';
import { type Check, errors } from './check.ts';
import type { StreamReader } from './swap-loader.ts';

export function fileReader(source: Source, start: number): StreamReader {
  let offset = start;
  const nextPage = (): Uint8Array | Check => {
    if (offset + pageSizeBytes > source.length) return tooShort(source, offset);
    offset += pageSizeBytes;
    return readBounded(source, offset - pageSizeBytes, pageSizeBytes);
  };
  return { infoPage: nextPage, nextPage, end: () => undefined };
}

/** Log d3: the restore is refused when not all pages were written. */
const tooShort = (source: Source, offset: number): Check => ({
  name: 'data',
  result: 'fail',
  says: 'the file ends before all pages of the image are there',
  expected: `a page at offset 0x${offset.toString(16)}`,
  found: `the end at 0x${source.length.toString(16)}`,
  error: errors.ENODATA,
});
