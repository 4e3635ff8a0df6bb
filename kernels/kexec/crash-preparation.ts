/**
 * What kexec-tools adds for a kernel that is to look at another one's memory: the elfcorehdr that describes A's
 * RAM, and the map that keeps B to its own. Made for a crash, and with the same code for a jump.
 *
 *   crash [log b1]:  | elfcorehdr | copy of low memory |   at the top of the reservation
 *   jump  [log a1]:                    | elfcorehdr |   at the top of the range; low memory is swapped out
 *
 * Source: kexec-tools kexec/arch/i386/crashdump-x86.c:load_crashdump_segments; linux.md A1.7, C.3.1, D.6.
 */
import { type PhysicalAddress, physical } from '../../image/pfn.ts';
import { type AddressRange, type FirmwareMap, rangesWithout, usableRanges } from '../firmware-map.ts';
import { clipped, type PlannedSegment, placeSegments, type SegmentWish } from './place-segments.ts';
import { type CoreLoad, coreLoads, lowMemory, mapLimitedTo } from './range-of-dump-kernel.ts';
import { defectsIn, loadableRam, ownRange, type ToolRequest } from './tool-request.ts';

export type ElfcorehdrPlan = {
  readonly start: PhysicalAddress;
  readonly cpuCount: number;
  readonly hasVmcoreinfo: boolean;
  readonly loads: readonly CoreLoad[];
};

export type CrashPreparation = {
  /** To be placed before anything else. */
  readonly wishes: readonly SegmentWish[];
  /** Undefined when there is no room for it: then there is no room for the wishes either. */
  readonly elfcorehdr: ElfcorehdrPlan | undefined;
  /** RAM that B is to use. */
  readonly ownRam: readonly AddressRange[];
  /** What B's boot parameters say of memory. */
  readonly mapOfB: FirmwareMap;
};

/** Headers are padded to 1 KiB and take at least 16 KiB (crashdump-x86.c). */
const paddingBytes = 1024;
const leastBytes = 0x4000;
const elfHeaderBytes = 64;
const programHeaderBytes = 56;

export function crashPreparation(request: ToolRequest): CrashPreparation {
  const { kind, map, cpuCount = 1 } = request;
  const defects = defectsIn(request);
  const hasVmcoreinfo = kind === 'crash' || !defects.noVmcore;
  const loads = coreLoads(map, ownRange(request), defects);
  const noteCount = cpuCount + (hasVmcoreinfo ? 1 : 0);
  // One program header more for kernel text.
  const header = headerWish(noteCount + 1 + loads.length);
  const low = lowMemory(map);
  const wishes = kind === 'crash' && low !== undefined ? [lowCopyWish(low), header] : [header];
  const placed = placeSegments(wishes, loadableRam(request));
  const segments = placed.type === 'segments.placed' ? placed.segments : [];
  const start = segments.find(({ purpose }) => purpose === 'elfcorehdr')?.memoryStart;
  const copy = segments.find(({ purpose }) => purpose === 'low memory copy')?.memoryStart;
  const ownRam = ramOfB(request, segments);
  return {
    wishes,
    elfcorehdr:
      start === undefined
        ? undefined
        : { start, cpuCount, hasVmcoreinfo, loads: loads.map((load) => whereItStands(load, low, copy)) },
    ownRam,
    mapOfB: isLimited(request) ? mapLimitedTo(map, ownRam) : map,
  };
}

/** After a crash B overwrites low memory, so A's is read from its copy. */
const whereItStands = (
  load: CoreLoad,
  low: AddressRange | undefined,
  copy: PhysicalAddress | undefined,
): CoreLoad =>
  copy !== undefined && load.physicalStart === low?.start ? { ...load, contentStart: copy } : load;

function headerWish(programHeaderCount: number): SegmentWish {
  const sizeBytes = elfHeaderBytes + programHeaderCount * programHeaderBytes;
  const bufferSizeBytes = Math.ceil(sizeBytes / paddingBytes) * paddingBytes;
  const memorySizeBytes = Math.max(bufferSizeBytes, leastBytes);
  return { purpose: 'elfcorehdr', bufferSizeBytes, memorySizeBytes, lowestStart: physical(0) };
}

function lowCopyWish({ start, endExclusive }: AddressRange): SegmentWish {
  const sizeBytes = endExclusive - start;
  return {
    purpose: 'low memory copy',
    bufferSizeBytes: sizeBytes,
    memorySizeBytes: sizeBytes,
    lowestStart: physical(0),
  };
}

/** Low memory and B's range, without what was put there for B to read. */
function ramOfB(request: ToolRequest, placed: readonly PlannedSegment[]): readonly AddressRange[] {
  const own = ownRange(request);
  const low = lowMemory(request.map);
  const takesRangeAsItIs = request.kind === 'crash' || defectsIn(request).rangeStartWrong;
  const high = takesRangeAsItIs ? [own] : clipped(usableRanges(request.map), own.start, own.endExclusive);
  // Of the copy only what its buffer fills is kept from B: the rest of its last page stays in the map [log b1].
  const kept = placed.map(({ purpose, memoryStart, memorySizeBytes, bufferSizeBytes }) => ({
    start: memoryStart,
    endExclusive: physical(memoryStart + (purpose === 'elfcorehdr' ? memorySizeBytes : bufferSizeBytes)),
  }));
  return rangesWithout([...(low === undefined ? [] : [low]), ...high], kept);
}

/** The boot parameters of a jump are limited only in the corrected tool (linux.md A1.8 row 1). */
const isLimited = (request: ToolRequest): boolean =>
  request.kind === 'crash' ||
  ((request.limitBy ?? 'boot parameters') === 'boot parameters' && !defectsIn(request).bSeesAllMemory);
