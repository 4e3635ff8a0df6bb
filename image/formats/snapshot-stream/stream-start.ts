/** Where a snapshot stream begins in a file: at once, or behind one page of the program that saved it. */
import { ByteReader } from '../../bytes.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { infoMagic, infoMagicOffset } from './info-page.ts';

const starts = [0, pageSizeBytes] as const;

/** Undefined when no info page is seen in the bytes. */
export function streamStartIn(firstBytes: Uint8Array): number | undefined {
  return starts.find((start) => {
    if (firstBytes.length < start + infoMagicOffset + 8) return false;
    return new ByteReader(firstBytes).hex64(start + infoMagicOffset) === infoMagic;
  });
}
