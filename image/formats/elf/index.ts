/**
 * ELF dumps of memory: what kernel B sees as /proc/vmcore and saves.
 *
 *   headers         the 64 and 56 byte headers
 *   notes           what all notes have in common; prstatus and vmcoreinfo are the two kinds
 *   elfcorehdr      headers in memory that tell B where A's memory is            written by A's loader, read by B
 *   vmcore-layout   /proc/vmcore as B makes it from elfcorehdr                   bytes of the headers, places of the memory
 *   write-vmcore    layout + pages -> file with holes
 *   elf-memory      file -> frames and pages
 *   write-elf       frames and pages -> file, as makedumpfile -E does
 *   vmcore          file -> registers, VMCOREINFO, memory by physical address
 *   vmcore-problems what is wrong with such a file
 *
 * This index is the registered format.
 */
import { textOf } from '../../bytes.ts';
import type { MemoryImage } from '../../memory-image.ts';
import type { Source } from '../../sink.ts';
import { readEveryPage } from '../../verify-image.ts';
import type { ImageContents, ImageFormat } from '../image-format.ts';
import { elfMemory } from './elf-memory.ts';
import { elfProtection } from './elf-protection.ts';
import { magic, type Segment } from './headers.ts';
import { readVmcore, type Vmcore } from './vmcore.ts';
import { vmcoreDamage, vmcoreProblems } from './vmcore-problems.ts';
import { isVmcoreinfo, vmcoreinfoValue } from './vmcoreinfo.ts';
import { writeElf } from './write-elf.ts';

export const vmcoreElf: ImageFormat = {
  name: 'vmcore-elf',
  describe:
    'ELF core file of physical memory, as in /proc/vmcore; readelf, gdb, crash and makedumpfile read it',
  sniff: (firstBytes) => textOf(firstBytes.subarray(0, magic.length)) === magic,
  read,
  write: writeElf,
  protection: elfProtection,
  verify: (source, options) =>
    readEveryPage({ memory: memoryOf(source, readVmcore(source)), problems: vmcoreDamage(source) }, options),
};

function read(source: Source): ImageContents {
  const vmcore = readVmcore(source);
  const memory = memoryOf(source, vmcore);
  return {
    pageCount: pageCountOf(memory),
    facts: [
      ['kernel', vmcoreinfoValue(vmcore.vmcoreinfo, 'OSRELEASE') ?? 'not known'],
      ['cpus', String(vmcore.cpus.length)],
      ['loads', String(vmcore.loads.length)],
    ],
    problems: vmcoreProblems(source),
    readPhysical: vmcore.readPhysical,
    memory,
  };
}

function memoryOf(source: Source, { loads, cpus, vmcoreinfo, notes }: Vmcore): MemoryImage {
  const info = notes.find(isVmcoreinfo);
  const crashTime = Number(vmcoreinfoValue(vmcoreinfo, 'CRASHTIME'));
  return {
    ...elfMemory(source, loads),
    cpus,
    vmcoreinfo: info === undefined ? undefined : textOf(info.descriptor),
    notes,
    machine: {
      ...(Number.isSafeInteger(crashTime) && crashTime > 0 && { takenAtSeconds: crashTime }),
      ...addressMapOf(loads),
    },
  };
}

/** The kernel image is the one segment at its own address; any other one shows the direct map. */
function addressMapOf(loads: readonly Segment[]): Pick<MemoryImage['machine'], 'addressMap'> {
  const direct = loads.find(({ virtual }) => virtual >= kernelHalf && virtual < kernelMapStart);
  if (direct === undefined) return {};
  const base = BigInt(`0x${direct.virtual}`) - BigInt(direct.physical);
  const directMap = BigInt.asUintN(64, base).toString(16).padStart(16, '0');
  const image = loads.find(({ virtual }) => virtual >= kernelMapStart);
  if (image === undefined) return { addressMap: { directMap } };
  const { virtual, physical, memorySizeBytes: sizeBytes } = image;
  return { addressMap: { directMap, image: { virtual, physical, sizeBytes } } };
}

const kernelHalf = 'ff00000000000000';
const kernelMapStart = 'ffffffff80000000';

/** The kernel text is in two loads: its pages count once. */
function pageCountOf(memory: MemoryImage): number {
  let pageCount = 0;
  for (const { count, kind } of memory.runs()) if (kind !== 'leftOut') pageCount += count;
  return pageCount;
}
