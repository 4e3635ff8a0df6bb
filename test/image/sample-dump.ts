/**
 * A small machine to dump: two CPUs, VMCOREINFO, kernel text, low memory that ends within a page, and RAM above 1 MiB.
 * Memory is zero but for the note buffers and the pages that a test names.
 */
import type { AddressRange, Elfcorehdr } from '../../image/formats/elf/elfcorehdr.ts';
import { buildElfcorehdr } from '../../image/formats/elf/elfcorehdr.ts';
import { crashNoteBuffer, registersSizeBytes } from '../../image/formats/elf/prstatus.ts';
import { type ReadMemory, type VmcoreLayout, vmcoreLayout } from '../../image/formats/elf/vmcore-layout.ts';
import { type VmcoreinfoPair, vmcoreinfoBuffer } from '../../image/formats/elf/vmcoreinfo.ts';
import { type PageRun, type PageSource, writeVmcore } from '../../image/formats/elf/write-vmcore.ts';
import { type MemoryFile, memoryFile } from '../../image/memory-file.ts';
import { pageSizeBytes, pfn, physical } from '../../image/pfn.ts';

export const sampleInfo: readonly VmcoreinfoPair[] = [
  ['OSRELEASE', '6.12.117-sample'],
  ['PAGESIZE', '4096'],
  ['NUMBER(phys_base)', '0'],
];

export const notesAt = [physical(0x1f00000), physical(0x1f01000)] as const;
export const infoAt = physical(0x1f02000);

const range = (first: number, last: number): AddressRange => ({
  first: physical(first),
  last: physical(last),
});

export const samplePlan: Elfcorehdr = {
  cpuNotes: notesAt.map((address) => ({ physical: address, sizeBytes: 368 })),
  vmcoreinfo: { physical: infoAt, sizeBytes: 4132 },
  kernelText: { virtual: 'ffffffff81000000', physical: physical(0x1000000), sizeBytes: 0x3000 },
  ranges: [range(0x1000, 0x9fbff), range(0x100000, 0x1ffffff)],
  directMap: 'ffff888000000000',
};

/** Registers whose bytes count up from `first`. */
export const countingRegisters = (first: number): Uint8Array =>
  Uint8Array.from({ length: registersSizeBytes }, (_, index) => (first + index) % 256);

export const sampleNotes: ReadonlyMap<number, Uint8Array> = new Map([
  [notesAt[0], crashNoteBuffer({ pid: 0, registers: countingRegisters(1) })],
  [notesAt[1], crashNoteBuffer({ pid: 42, registers: countingRegisters(2) })],
  [infoAt, vmcoreinfoBuffer(sampleInfo)],
]);

/** Reads note buffers by address; everything else is zero. */
export const memoryWith =
  (buffers: ReadonlyMap<number, Uint8Array>): ReadMemory =>
  (address, lengthBytes) => {
    const bytes = new Uint8Array(lengthBytes);
    bytes.set((buffers.get(address) ?? new Uint8Array()).subarray(0, lengthBytes));
    return bytes;
  };

export function sampleLayout(plan: Elfcorehdr = samplePlan): VmcoreLayout {
  const view = vmcoreLayout(buildElfcorehdr(plan), memoryWith(sampleNotes));
  if (view.type === 'ready') return view.layout;
  throw new Error(`the sample has no vmcore: ${view.reason}`);
}

/** Memory in which only some pages were ever touched. */
export function pagesOf(touched: ReadonlyMap<number, Uint8Array>): PageSource {
  const frames = [...touched.keys()].sort((a, b) => a - b);
  return {
    *runs(startPfn, count): Generator<PageRun> {
      let next: number = startPfn;
      const end = startPfn + count;
      for (const frame of frames.filter((one) => one >= startPfn && one < end)) {
        if (frame > next) yield { startPfn: pfn(next), count: frame - next, bytes: 'zero' };
        yield { startPfn: pfn(frame), count: 1, bytes: touched.get(frame) ?? 'zero' };
        next = frame + 1;
      }
      if (next < end) yield { startPfn: pfn(next), count: end - next, bytes: 'zero' };
    },
  };
}

export const pageFilledWith = (value: number): Uint8Array => new Uint8Array(pageSizeBytes).fill(value);

/** A page in low memory, one in the kernel text (which is in two segments), one above. */
export const samplePages: ReadonlyMap<number, Uint8Array> = new Map([
  [0x9f, pageFilledWith(0x11)],
  [0x1001, pageFilledWith(0x22)],
  [0x1fff, pageFilledWith(0x33)],
]);

export function sampleDump(layout: VmcoreLayout = sampleLayout(), touched = samplePages): MemoryFile {
  const file = memoryFile();
  writeVmcore(file, layout, pagesOf(touched));
  return file;
}
