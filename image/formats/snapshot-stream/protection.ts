/** Which bytes of a snapshot's info page anything looks at, and how lists of ranges are put together. */
import { pageSizeBytes } from '../../pfn.ts';
import type { ProtectedRange } from '../image-format.ts';
import { type InfoField, infoFieldOffsets } from './info-page.ts';

/**
 * Linux compares magic, CRC of the memory map and number of frames, and counts by the two numbers of pages; we compare the size, too.
 * Where the kernel goes on is compared with nothing.
 */
const structural: Readonly<Record<InfoField, boolean>> = {
  virtual: false,
  physical: false,
  cr3: false,
  magic: true,
  memoryMapCrc: true,
  frameCount: true,
  dataPages: true,
  pages: true,
  sizeBytes: true,
};

export function infoProtection(start: number): ProtectedRange[] {
  const ranges: ProtectedRange[] = [];
  let next = start;
  const entries = Object.entries(infoFieldOffsets).sort(([, one], [, other]) => one - other);
  for (const [field, at] of entries) {
    const offset = start + at;
    if (offset > next) ranges.push(unused(next, offset - next));
    // Object.entries forgets that the names are those of the table.
    const kind = structural[field as InfoField] ? 'structural' : 'unprotected';
    ranges.push({ offset, length: 8, kind, what: `info page: ${field}` });
    next = offset + 8;
  }
  return [...ranges, unused(next, start + pageSizeBytes - next)];
}

const unused = (offset: number, length: number): ProtectedRange => ({
  offset,
  length,
  kind: 'unprotected',
  what: 'info page: not used',
});

/** Cut at the end of the file, without empty ones; `ranges` are ascending and apart. */
export function* mergedRanges(
  lengthBytes: number,
  ranges: Iterable<ProtectedRange>,
): Generator<ProtectedRange> {
  let last: ProtectedRange | undefined;
  for (const range of ranges) {
    const length = Math.min(range.length, lengthBytes - range.offset);
    if (length <= 0) continue;
    if (last !== undefined && isSame(last, range)) last = { ...last, length: last.length + length };
    else {
      if (last !== undefined) yield last;
      last = { ...range, length };
    }
  }
  if (last !== undefined) yield last;
}

const isSame = (one: ProtectedRange, other: ProtectedRange): boolean =>
  one.kind === other.kind && one.what === other.what && one.offset + one.length === other.offset;
