/**
 * Which memory kexec-tools takes for the second kernel's (B's) own, what of it is swapped out, and what it
 * takes for the first kernel's (A's). The wrong turns of the shipped tools are here (linux.md A1.8 rows 2 to
 * 4), each under its switch.
 * Source: kexec-tools kexec/arch/i386/crashdump-x86.c (get_crash_memory_ranges, exclude_region); logs a1, a9,
 * b1.
 */
import { type PhysicalAddress, physical } from '../../image/pfn.ts';
import {
  type AddressRange,
  type FirmwareMap,
  type FirmwareRange,
  rangesWithout,
  usableRanges,
  withRange,
} from '../firmware-map.ts';
import type { Defects } from './defects.ts';
import { clipped } from './place-segments.ts';

/** A PT_LOAD of the elfcorehdr: RAM of A, and where its content stands once B runs. */
export type CoreLoad = {
  readonly physicalStart: PhysicalAddress;
  /** As an unsigned 64-bit value, which a defect can make absurd. */
  readonly sizeBytes: number;
  readonly contentStart: PhysicalAddress;
};

const lowMemoryEnd = 0xa0000;
const highMemoryStart = 0x100000;

/** The memory below 640 KiB: the first usable range that ends there. */
export const lowMemory = (map: FirmwareMap): AddressRange | undefined =>
  usableRanges(map).find(({ endExclusive }) => endExclusive <= lowMemoryEnd);

/** The start of B's range: the first range above low memory, which ought to be RAM. */
export function rangeStart(map: FirmwareMap, { rangeStartWrong }: Defects): PhysicalAddress {
  const candidates: readonly AddressRange[] = rangeStartWrong ? map : usableRanges(map);
  return (
    candidates.find(({ endExclusive }) => endExclusive > lowMemoryEnd)?.start ?? physical(highMemoryStart)
  );
}

/**
 * What a jump swaps out. The shipped tools look no lower than mem-min; corrected, all that B may use is saved.
 */
export function savedRanges(
  map: FirmwareMap,
  memory: { readonly memMin: number; readonly endExclusive: number },
  defects: Defects,
): readonly AddressRange[] {
  const lowStart = defects.lowMemoryNotSaved ? memory.memMin : 0;
  const highStart = defects.controlPageInsideRange
    ? Math.max(memory.memMin, highMemoryStart)
    : highMemoryStart;
  const usable = usableRanges(map);
  return [...clipped(usable, lowStart, highMemoryStart), ...clipped(usable, highStart, memory.endExclusive)];
}

/** The map that B is shown when it is kept to `ranges`: all that is not RAM stays as it is. */
export const mapLimitedTo = (map: FirmwareMap, ranges: readonly AddressRange[]): FirmwareMap =>
  ranges.reduce<FirmwareMap>(
    (limited, range) => withRange(limited, { ...range, kind: 'usable' }),
    map.filter(({ kind }) => kind !== 'usable'),
  );

/** A's RAM outside of B's range. */
export const coreLoads = (
  map: FirmwareMap,
  own: AddressRange,
  { rangeStartWrong }: Defects,
): readonly CoreLoad[] =>
  (rangeStartWrong ? excludedByTheTool(map, own) : rangesWithout(usableRanges(map), [own])).map((range) => ({
    physicalStart: range.start,
    sizeBytes: asUnsigned(range.endExclusive - range.start),
    contentStart: range.start,
  }));

/**
 * Taking a range out, with the tool's assumption that it lies in one range of the map. Where it sticks out
 * below, the part "before" it ends before it starts.
 */
function excludedByTheTool(map: FirmwareMap, own: AddressRange): readonly AddressRange[] {
  const parts = map.flatMap((entry): readonly FirmwareRange[] => {
    if (own.start >= entry.endExclusive - 1 || own.endExclusive - 1 <= entry.start) return [entry];
    const before = { ...entry, endExclusive: own.start };
    const behind = { ...entry, start: own.endExclusive };
    if (own.start === entry.start) return [behind];
    return own.endExclusive === entry.endExclusive ? [before] : [before, behind];
  });
  return parts.filter(({ kind }) => kind === 'usable');
}

const asUnsigned = (value: number): number => (value < 0 ? value + 2 ** 64 : value);
