/**
 * elfcorehdr as A's loader writes it for B: where A's notes and A's memory are (linux.md A1.7, C.3.1).
 *
 *   PT_NOTE for each CPU
 *   PT_NOTE for VMCOREINFO       not as shipped, for a jump
 *   PT_LOAD of the kernel
 *   PT_LOAD for each range of RAM
 *
 * B reads physical memory after the swap of an on-demand jump, when what A had in B's range stands in backup
 * frames. The shipped tools give the addresses of before: the notes are then B's own or empty, and the kernel
 * and low memory are B's (A1.8 row 5). With that corrected, every place is where the bytes are once B runs;
 * the correction is ours:
 *   - Notes are where their page went; VMCOREINFO only as far as its two pages stay neighbours, which is more
 *     than its text needs.
 *   - RAM within B's range stands under A's address with the contents of its backup, as far as it was
 *     displaced. What was free when B was loaded is B's and left out, so no page of B is in the image.
 *   - The kernel is among that RAM. The header of its own is empty, because one header cannot say that a
 *     stretch was scattered.
 * Backup frames are RAM of A too: whoever loads the image to jump back needs them where they are.
 * With a reserved region, and for a crash, nothing moves and all this changes nothing.
 */
import { buildElfcorehdr, type DumpRange, type NotePlace } from '../../image/formats/elf/elfcorehdr.ts';
import { fileHeaderSizeBytes, programHeaderSizeBytes } from '../../image/formats/elf/headers.ts';
import { addressOf, frameOf, offsetInPage, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import { rangesWithout } from '../firmware-map.ts';
import type { ToolPlan } from '../kexec/kexec-tools.ts';
import type { CoreLoad } from '../kexec/range-of-dump-kernel.ts';
import { addressesOf, imageAddress } from '../linux/kernel-address.ts';
import type { FrameRange } from '../linux/memory-layout.ts';
import { hex64 } from '../linux/printk-layout.ts';
import type { KernelName } from '../machine.ts';
import type { Plan } from '../plan.ts';
import { notePlaces } from './crash-notes.ts';

export type HeadersRequest = {
  /** Whose memory is described. */
  readonly kernel: KernelName;
  readonly elfcorehdr: ToolPlan['elfcorehdr'];
  /** Where a frame's bytes will be once B runs: the frame itself, or its backup. */
  readonly whereIs: (frame: Pfn) => Pfn;
};

export function elfcorehdrFor(plan: Plan, { kernel, elfcorehdr, whereIs }: HeadersRequest): Uint8Array {
  assert(elfcorehdr != null, 'elfcorehdr: a plan that has a segment for the headers has the headers');
  const { cpuCount, hasVmcoreinfo, loads } = elfcorehdr;
  const notes = notePlaces(plan, kernel);
  // As shipped a jump has no VMCOREINFO, and nothing is looked up where it will be.
  const move = hasVmcoreinfo ? whereIs : (frame: Pfn): Pfn => frame;
  const cpuNotes = notes.cpus.slice(0, cpuCount).map((place) => movedNote(place, move));
  const vmcoreinfo = hasVmcoreinfo ? movedNote(notes.vmcoreinfo, move) : null;
  const headerCount = cpuNotes.length + 2;
  return buildElfcorehdr({
    cpuNotes,
    vmcoreinfo,
    kernelText: kernelImage(plan, kernel, move),
    ranges: hasVmcoreinfo
      ? correctedRanges({ plan, loads, whereIs, limit: headerLimit - headerCount })
      : loads.map(rangeOfLoad),
    directMap: addressesOf(plan.layout, kernel).directMap,
  });
}

/**
 * kexec-tools gives the headers 16 KiB before it is known what moves where (crashdump-x86.c). A's memory
 * would have to be scattered over hundreds of stretches to need more; then the last of them are in the image
 * as backup frames only.
 */
const segmentSizeBytes = 0x4000;
const headerLimit = Math.floor((segmentSizeBytes - fileHeaderSizeBytes) / programHeaderSizeBytes);

function movedNote({ physical: address, sizeBytes }: NotePlace, whereIs: (frame: Pfn) => Pfn): NotePlace {
  const first = frameOf(address);
  const moved = whereIs(first);
  const isWhole = whereIs(pfn(first + 1)) === moved + 1;
  const roomBytes = isWhole ? 2 * pageSizeBytes : pageSizeBytes;
  const offset = offsetInPage(address);
  return {
    physical: physical(addressOf(moved) + offset),
    sizeBytes: Math.min(sizeBytes, roomBytes - offset),
  };
}

/**
 * What kexec-tools calls the kernel text is all of the image, from _stext to the end of its data [log a1].
 */
function kernelImage(plan: Plan, kernel: KernelName, whereIs: (frame: Pfn) => Pfn) {
  const { text, poolStart } = plan.layout[kernel];
  const isMoved = whereIs(text.start) !== text.start;
  return {
    virtual: hex64(imageAddress(plan.layout, kernel, text.start)),
    physical: addressOf(text.start),
    sizeBytes: isMoved ? 0 : (poolStart - text.start) * pageSizeBytes,
  };
}

type RangesRequest = {
  readonly plan: Plan;
  readonly loads: readonly CoreLoad[];
  readonly whereIs: (frame: Pfn) => Pfn;
  readonly limit: number;
};

/** What the jump leaves in place is where it was; what it displaces is described at its backup. */
function correctedRanges({ plan, loads, whereIs, limit }: RangesRequest): readonly DumpRange[] {
  const displaced = plan.layout.dumpRam.flatMap((range) => displacedRanges(range, whereIs));
  const inPlace = loads.flatMap((load) => withoutDisplaced(load, displaced));
  const fitting = displaced.slice(0, Math.max(0, limit - inPlace.length));
  return [...inPlace, ...fitting].sort((one, other) => one.first - other.first);
}

/** Loads that a loader copied elsewhere, and those to which a defect gave no end, are taken as they are. */
function withoutDisplaced(load: CoreLoad, displaced: readonly DumpRange[]): readonly DumpRange[] {
  const { physicalStart: start, contentStart } = load;
  const endExclusive = physical(start + load.sizeBytes);
  if (contentStart !== start || !Number.isSafeInteger(endExclusive)) return [rangeOfLoad(load)];
  const holes = displaced.map(({ first, last }) => ({ start: first, endExclusive: physical(last + 1) }));
  return rangesWithout([{ start, endExclusive }], holes).map((part) => ({
    first: part.start,
    last: physical(part.endExclusive - 1),
  }));
}

/** Stretches whose backups stayed together; a frame that is its own backup holds nothing of A. */
function displacedRanges({ start, count }: FrameRange, whereIs: (frame: Pfn) => Pfn): readonly DumpRange[] {
  const ranges: { first: Pfn; count: number; backup: Pfn }[] = [];
  for (let index = 0; index < count; index += 1) {
    const frame = pfn(start + index);
    const backup = whereIs(frame);
    if (backup === frame) continue;
    const last = ranges.at(-1);
    if (last !== undefined && frame === last.first + last.count && backup === last.backup + last.count) {
      last.count += 1;
    } else ranges.push({ first: frame, count: 1, backup });
  }
  return ranges.map(({ first, count: frames, backup }) => ({
    first: addressOf(first),
    last: physical(addressOf(pfn(first + frames)) - 1),
    copiedTo: addressOf(backup),
  }));
}

/**
 * Sizes are unsigned in a plan; a header comes from the signed arithmetic of the tool (linux.md A1.8 row 2).
 */
function rangeOfLoad({ physicalStart, sizeBytes, contentStart }: CoreLoad): DumpRange {
  const signed = sizeBytes >= 2 ** 63 ? sizeBytes - 2 ** 64 : sizeBytes;
  return { first: physicalStart, last: physical(physicalStart + signed - 1), copiedTo: contentStart };
}
