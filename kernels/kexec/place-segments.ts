/**
 * Where kexec-tools puts things: each as high as it fits, one after the other.
 * Source: kexec-tools kexec/kexec.c (locate_hole, add_buffer, add_backup_segments); segment tables of linux.md
 * A1.7 and logs a1, a15, b1, e8.
 */
import { type PhysicalAddress, pageSizeBytes, physical } from '../../image/pfn.ts';
import { type AddressRange, rangesWithin, rangesWithout } from '../firmware-map.ts';
import type { KexecSegment } from './segments.ts';

export type SegmentPurpose =
  | 'kernel'
  | 'initrd'
  | 'boot parameters'
  | 'purgatory'
  | 'elfcorehdr'
  | 'backup'
  | 'low memory copy'
  | 'random seed';

export type PlannedSegment = KexecSegment & { readonly purpose: SegmentPurpose };

/** What is wanted: `memorySizeBytes` is rounded up to pages, alignment is at least a page. */
export type SegmentWish = {
  readonly purpose: SegmentPurpose;
  readonly bufferSizeBytes: number;
  readonly memorySizeBytes: number;
  readonly lowestStart: PhysicalAddress;
  readonly alignmentBytes?: number;
  /** As low as it fits, instead of as high. */
  readonly fromBelow?: boolean;
};

export type Placement =
  | { readonly type: 'segments.placed'; readonly segments: readonly PlannedSegment[] }
  | { readonly type: 'segments.no-room'; readonly memorySizeBytes: number };

/** `usable` is RAM clipped to what the tool may load into. The result is in the order of the wishes. */
export function placeSegments(wishes: readonly SegmentWish[], usable: readonly AddressRange[]): Placement {
  const segments: PlannedSegment[] = [];
  for (const wish of wishes) {
    const memorySizeBytes = roundedUp(wish.memorySizeBytes, pageSizeBytes);
    const memoryStart = holeFor({ ...wish, memorySizeBytes }, rangesWithout(usable, segments.map(rangeOf)));
    if (memoryStart === undefined) return { type: 'segments.no-room', memorySizeBytes };
    segments.push({
      purpose: wish.purpose,
      bufferSizeBytes: wish.bufferSizeBytes,
      memoryStart,
      memorySizeBytes,
    });
  }
  return { type: 'segments.placed', segments };
}

/** The highest range with room, also when it has more than one. */
function holeFor(wish: SegmentWish, free: readonly AddressRange[]): PhysicalAddress | undefined {
  const { memorySizeBytes, lowestStart, alignmentBytes = pageSizeBytes, fromBelow = false } = wish;
  const starts = [...free]
    .sort((one, other) => one.start - other.start)
    .flatMap(({ start, endExclusive }) => {
      const first = roundedUp(Math.max(start, lowestStart), alignmentBytes);
      const last = Math.floor((endExclusive - memorySizeBytes) / alignmentBytes) * alignmentBytes;
      return last >= first ? [physical(fromBelow ? first : last)] : [];
    });
  return fromBelow ? starts[0] : starts.at(-1);
}

/**
 * Segments without buffer for all that the others leave of `saved`, in whole pages: what B may use has to be
 * swapped out.
 * Deviation: at the end of a RAM range on which no segment ends, kexec-tools' own arithmetic loses the last
 * page.
 */
export const backupSegments = (
  segments: readonly KexecSegment[],
  saved: readonly AddressRange[],
): readonly PlannedSegment[] =>
  rangesWithout(saved, segments.map(rangeOf)).flatMap(({ start, endExclusive }) => {
    const memoryStart = physical(roundedUp(start, pageSizeBytes));
    const memorySizeBytes = Math.floor(endExclusive / pageSizeBytes) * pageSizeBytes - memoryStart;
    return memorySizeBytes > 0
      ? [{ purpose: 'backup', bufferSizeBytes: 0, memoryStart, memorySizeBytes }]
      : [];
  });

export const rangeOf = ({ memoryStart, memorySizeBytes }: KexecSegment): AddressRange => {
  return { start: memoryStart, endExclusive: physical(memoryStart + memorySizeBytes) };
};

/** RAM below and above a window cut off. */
export const clipped = (
  usable: readonly AddressRange[],
  start: number,
  endExclusive: number,
): readonly AddressRange[] =>
  rangesWithin(usable, { start: physical(start), endExclusive: physical(endExclusive) });

const roundedUp = (value: number, stepBytes: number): number => Math.ceil(value / stepBytes) * stepBytes;
