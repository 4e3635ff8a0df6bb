/**
 * ELF dumps of memory: what kernel B sees as /proc/vmcore and saves.
 *
 *   headers         the 64 and 56 byte headers
 *   notes           what all notes have in common; prstatus and vmcoreinfo are the two kinds
 *   elfcorehdr      headers in memory that tell B where A's memory is            written by A's loader, read by B
 *   vmcore-layout   /proc/vmcore as B makes it from elfcorehdr                   bytes of the headers, places of the memory
 *   write-vmcore    layout + pages -> file with holes
 *   vmcore          file -> registers, VMCOREINFO, memory by physical address
 *   vmcore-problems what is wrong with such a file
 *
 * This index is the registered format.
 */
import { textOf } from '../../bytes.ts';
import { frameOf, pagesFor } from '../../pfn.ts';
import type { Source } from '../../sink.ts';
import type { ImageContents, ImageFormat } from '../image-format.ts';
import { magic, type Segment } from './headers.ts';
import { readVmcore } from './vmcore.ts';
import { vmcoreProblems } from './vmcore-problems.ts';
import { vmcoreinfoValue } from './vmcoreinfo.ts';

export const vmcoreElf: ImageFormat = {
  name: 'vmcore-elf',
  describe:
    'ELF core file of physical memory, as in /proc/vmcore; readelf, gdb, crash and makedumpfile read it',
  sniff: (firstBytes) => textOf(firstBytes.subarray(0, magic.length)) === magic,
  read,
};

function read(source: Source): ImageContents {
  const vmcore = readVmcore(source);
  return {
    pageCount: pageCountOf(vmcore.loads),
    facts: [
      ['kernel', vmcoreinfoValue(vmcore.vmcoreinfo, 'OSRELEASE') ?? 'not known'],
      ['cpus', String(vmcore.cpus.length)],
      ['loads', String(vmcore.loads.length)],
    ],
    problems: vmcoreProblems(source),
    readPhysical: vmcore.readPhysical,
  };
}

/** The kernel text is in two loads: its pages count once. */
function pageCountOf(loads: readonly Segment[]): number {
  let pageCount = 0;
  let nextFrame = 0;
  for (const load of [...loads].sort((a, b) => a.physical - b.physical)) {
    const firstFrame = Math.max(nextFrame, frameOf(load.physical));
    const endFrame = pagesFor(load.physical + load.fileSizeBytes);
    pageCount += Math.max(0, endFrame - firstFrame);
    nextFrame = Math.max(nextFrame, endFrame);
  }
  return pageCount;
}
