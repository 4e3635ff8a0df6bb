/**
 * Looks for a swap file with an image on a device that begins with something else, a file system most likely: its header page is known
 * by the two signatures at its end. For a hint, not for reading: a file system may hold copies of such a page.
 */
import { textOf } from '../../bytes.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { readBounded, type Source } from '../../sink.ts';
import { fields, imageSignature, swapSignatures } from './header-page.ts';

/** Our own limit on what is looked through: one GiB. */
const searchLimitBytes = 2 ** 30;
const chunkBytes = 2 ** 20;

/** The offset of its header page. */
export function findSwapFile(source: Source): number | undefined {
  const end = Math.min(source.length, searchLimitBytes);
  for (let chunk = 0; chunk + pageSizeBytes <= end; chunk += chunkBytes) {
    const bytes = readBounded(source, chunk, Math.min(chunkBytes, end - chunk));
    for (let page = 0; page + pageSizeBytes <= bytes.length; page += pageSizeBytes)
      if (isHeaderPage(bytes, page)) return chunk + page;
  }
  return undefined;
}

const firstLetter = imageSignature.charCodeAt(0);

function isHeaderPage(bytes: Uint8Array, page: number): boolean {
  const { originalSignature, signature } = fields;
  if (bytes[page + signature.at] !== firstLetter) return false;
  const text = textOf(bytes.subarray(page + originalSignature.at, page + pageSizeBytes));
  return swapSignatures.some((swap) => text === `${swap}${imageSignature}\0`);
}
