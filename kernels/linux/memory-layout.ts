/**
 * Where things stand in the box's RAM. One drawing for all kernels, each in its own range.
 *
 *   0x0                 0xa0000   1M              16M = base                                pool                    end of RAM
 *   |  low memory        | holes  |               | text | data | tables log … bitmap tasks | frames to hand out … |
 *                        \________ B's range of an on-demand jump: 0x1000 to 0x50fffff (mem-max of log a1) ______/
 *
 * On demand, B is decompressed to the same 16 MiB where A stands, so A's kernel itself is among the pages that the jump swaps out.
 * C, which puts A back after a power-off, stands where B stood: what it overwrites while it boots is B's range (linux.md A2.3).
 * Reserved, B's base lies in a region that `crashkernel=` withholds from A.
 * Sources: default load address 16 MiB (CONFIG_PHYSICAL_START 0x1000000); B's range of log a1; the sizes of text and data are ours.
 * A's struct pages stand near the end of RAM: structures/memory-map-layout.ts has the drawing. B has none.
 * Not emulated here: per-CPU areas.
 */
import { type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { FrameRange } from './frame-range.ts';
import { type AddressMap, plainAddresses, randomAddresses } from './kernel-address.ts';
import { memoryMapLayout, noMemoryMap, type SectionRun } from './structures/memory-map-layout.ts';

export { type FrameRange, rangeHolds } from './frame-range.ts';

export type KernelLayout = {
  readonly text: FrameRange;
  readonly data: FrameRange;
  readonly pageTables: FrameRange;
  readonly log: FrameRange;
  /** One page per device, where a driver keeps what it needs to set the device up again. */
  readonly deviceSaves: FrameRange;
  /** The frames a network card may write packets to. */
  readonly receiveRing: FrameRange;
  /** One page per task: its struct task and kernel stack. */
  readonly tasks: FrameRange;
  /** Index of the page cache, one page. */
  readonly cacheIndex: FrameRange;
  /**
   * What its charts and its record know when it leaves (machines/system/left-behind.ts): in a real machine that stands in its data
   * and on its stacks.
   */
  readonly leftBehind: FrameRange;
  /** One page per processor for the crash note, and two for VMCOREINFO, whose note is a little longer than a page. */
  readonly notes: FrameRange;
  /** One bit per frame of RAM, one page per 128 MiB. */
  readonly bitmap: FrameRange;
  /** What memblock gave out before there was a page allocator, from the top of RAM down: here the per-CPU areas. */
  readonly early: FrameRange;
  /** The struct pages of A, and the tables of the sections that they belong to. Count 0: this kernel has none. */
  readonly memoryMap: FrameRange;
  readonly sections: FrameRange;
  /** From here up the kernel hands out frames. */
  readonly poolStart: Pfn;
};

export type MemoryLayout = {
  readonly original: KernelLayout;
  readonly dump: KernelLayout;
  readonly restore: KernelLayout;
  /** Frames withheld from A (load `reserved`, and always for a crash image). Count 0: none. */
  readonly region: FrameRange;
  /** Which blocks of A's struct pages are those of which sections. */
  readonly sectionRuns: readonly SectionRun[];
  /** Where A's regions lie in its virtual memory. */
  readonly addresses: AddressMap;
  /** The RAM that B may use: what it may write. */
  readonly dumpRam: readonly FrameRange[];
  /** Last address of B's range, as kexec-tools' --mem-max. */
  readonly memMax: number;
};

const megabyteFrames = (1024 * 1024) / pageSizeBytes;
/** CONFIG_PHYSICAL_START, arch/x86/Kconfig. */
const kernelBase = pfn(16 * megabyteFrames);
/**
 * mem-max of log a1: not a multiple of 2 MiB, so that B's identity map covers A's control page, the first page above (linux.md A1.8).
 * That of log a0c is one, and shows what happens when the map does not cover it.
 */
export const raggedMemMax = 0x50fffff;
export const alignedMemMax = 0x4ffffff;
const framesPerBitmapPage = pageSizeBytes * 8;

const textFrames = 2560;
const dataFrames = 768;
/** Enough for RAM up to some terabytes; beyond, a table more for each 64 GiB of struct pages and 512 GiB of direct map. */
const pageTableFrames = 32;
const framesPerMapTable = (64 * 2 ** 30) / pageSizeBytes;
/** 64 KiB of text, 2,048 descriptors of 24 bytes and 2,048 records of 88 bytes (linux.md C.3.4), and the heads. */
const logFrames = 80;
const receiveRingFrames = 8;
const earlyFrames = 64;
/** A box of 8 processors, 8 tasks and all devices needs a third of it. */
const leftBehindFrames = 4;

export type LayoutOptions = {
  /** First frame beyond A's RAM. */
  readonly ramEnd: number;
  readonly cpuCount: number;
  readonly deviceCount: number;
  readonly taskCount: number;
  readonly region: FrameRange;
  /** Whole frames of A's RAM, ascending. */
  readonly ram: readonly FrameRange[];
  readonly load: 'reserved' | 'on-demand';
  /** Undefined: KASLR is off. */
  readonly kaslrSeed?: number;
  /** On demand: last address of B's range. */
  readonly memMax?: number;
  /** Sections of 128 MiB with frames in use from the start. */
  readonly usedSections?: ReadonlySet<number>;
  /** A is given up for B, which gets all of this. */
  readonly allRam?: readonly FrameRange[];
};

export function memoryLayout(options: LayoutOptions): MemoryLayout {
  const reserved = options.load === 'reserved';
  const early = { start: pfn(options.ramEnd - earlyFrames), count: earlyFrames };
  const { runs, ...memoryMap } = memoryMapLayout(
    options.ram,
    [options.region, early],
    sectionTableBytes,
    options.usedSections,
  );
  const original = { ...kernelLayout(kernelBase, options.ramEnd, options), early, ...memoryMap };
  const ofOriginal = { original, sectionRuns: runs, addresses: addressesOfOriginal(original, options) };
  if (reserved) {
    const { region } = options;
    assert(region.count > 0, 'layout.region: a reserved load needs a reserved region');
    const end = region.start + region.count;
    const inRegion = kernelLayout(region.start, end, options);
    return {
      ...ofOriginal,
      dump: inRegion,
      restore: inRegion,
      region,
      dumpRam: [region],
      memMax: end * pageSizeBytes - 1,
    };
  }
  const { allRam } = options;
  const memMax = allRam ? options.ramEnd * pageSizeBytes - 1 : (options.memMax ?? raggedMemMax);
  const inRange = kernelLayout(kernelBase, (memMax + 1) / pageSizeBytes, options);
  return {
    ...ofOriginal,
    dump: inRange,
    restore: inRange,
    region: options.region,
    dumpRam: allRam ?? [
      { start: pfn(1), count: 0x9e },
      { start: pfn(megabyteFrames), count: (memMax + 1) / pageSizeBytes - megabyteFrames },
    ],
    memMax,
  };
}

/** struct mem_section has 16 bytes in every version so far (structures/). */
const sectionTableBytes = 16;

function addressesOfOriginal(
  { text, poolStart }: KernelLayout,
  { kaslrSeed, ramEnd }: LayoutOptions,
): AddressMap {
  if (kaslrSeed === undefined) return plainAddresses;
  return randomAddresses(kaslrSeed, ramEnd * pageSizeBytes, (poolStart - text.start) * pageSizeBytes);
}

/** Structures stand one after the other from the base up. */
function kernelLayout(base: Pfn, endFrame: number, options: LayoutOptions): KernelLayout {
  let next: number = base;
  const take = (count: number): FrameRange => {
    const range = { start: pfn(next), count };
    next += count;
    return range;
  };
  const layout = {
    text: take(textFrames),
    data: take(dataFrames),
    pageTables: take(Math.max(pageTableFrames, 16 + Math.ceil(endFrame / framesPerMapTable))),
    log: take(logFrames),
    deviceSaves: take(options.deviceCount),
    receiveRing: take(receiveRingFrames),
    tasks: take(options.taskCount),
    cacheIndex: take(1),
    leftBehind: take(leftBehindFrames),
    notes: take(options.cpuCount + 2),
    bitmap: take(Math.ceil(endFrame / framesPerBitmapPage)),
  };
  assert(
    next < endFrame,
    `layout.size: a kernel at frame ${base} needs ${next - base} frames and has ${endFrame - base}`,
  );
  const { memoryMap, sections } = noMemoryMap;
  return { ...layout, early: { start: pfn(endFrame), count: 0 }, memoryMap, sections, poolStart: pfn(next) };
}
