/** Pages to measure with: those of the program that runs this, node itself: machine code, tables and text, pages of zeros left out. */
import { closeSync, openSync, readSync } from 'node:fs';
import { isZero } from '../../image/is-zero.ts';
import { pageSizeBytes } from '../../image/pfn.ts';

/** Out of the first so many bytes of it. */
export function nodePages(sampleBytes: number): readonly Uint8Array[] {
  const bytes = new Uint8Array(sampleBytes);
  const file = openSync(process.execPath, 'r');
  const length = readSync(file, bytes);
  closeSync(file);
  const pages: Uint8Array[] = [];
  for (let at = 0; at + pageSizeBytes <= length; at += pageSizeBytes)
    pages.push(bytes.subarray(at, at + pageSizeBytes));
  return pages.filter((page) => !isZero(page));
}
