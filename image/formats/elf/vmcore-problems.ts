/**
 * What is wrong with an ELF dump, as sentences: for `image info` and `image verify`.
 *
 * Checks structure and what the notes say about it; not the memory itself (a vmcore has no checksum).
 */
import type { Hex64 } from '../../bytes.ts';
import { hex, ImageError } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';
import type { Source } from '../../sink.ts';
import { fileHeaderSizeBytes, isLoad, programHeaderSizeBytes, type Segment } from './headers.ts';
import { readVmcore, type Vmcore } from './vmcore.ts';
import { vmcoreinfoValue } from './vmcoreinfo.ts';

export const vmcoreProblems = (source: Source): string[] =>
  problemsOf(source, (vmcore) => [...missingNotes(vmcore), ...damageOf(vmcore, source)]);

/** Only what was there and is not as it was: a dump without registers may be whole (a jump saves none). */
export const vmcoreDamage = (source: Source): string[] =>
  problemsOf(source, (vmcore) => damageOf(vmcore, source));

function problemsOf(source: Source, tell: (vmcore: Vmcore) => string[]): string[] {
  try {
    return tell(readVmcore(source));
  } catch (error) {
    if (error instanceof ImageError) return [error.message];
    throw error;
  }
}

const damageOf = (vmcore: Vmcore, source: Source): string[] => [
  ...pageSizeProblems(vmcore),
  ...fileProblems(vmcore, source.length),
  ...kernelTextProblems(vmcore),
];

function missingNotes({ cpus, vmcoreinfo }: Vmcore): string[] {
  const problems: string[] = [];
  if (cpus.length === 0) problems.push('no NT_PRSTATUS note: the registers of no CPU are in the dump');
  if (vmcoreinfo.length === 0) {
    problems.push('no VMCOREINFO note: makedumpfile and crash need vmlinux instead');
  }
  return problems;
}

function pageSizeProblems({ vmcoreinfo }: Vmcore): string[] {
  const pageSize = vmcoreinfoValue(vmcoreinfo, 'PAGESIZE');
  if (pageSize === undefined || pageSize === String(pageSizeBytes)) return [];
  return [`VMCOREINFO says PAGESIZE=${pageSize}, expected ${pageSizeBytes}`];
}

function fileProblems({ segments, loads }: Vmcore, lengthBytes: number): string[] {
  const problems: string[] = [];
  if (loads.length === 0) problems.push('no load segment: the dump has no memory');
  let end = fileHeaderSizeBytes + segments.length * programHeaderSizeBytes;
  let furthest: Segment | undefined;
  const filled = segments.filter((segment) => segment.fileSizeBytes > 0);
  for (const segment of filled.sort((a, b) => a.offset - b.offset)) {
    const overlaps = segment.offset < end && !(furthest !== undefined && showsSameMemory(segment, furthest));
    if (overlaps) problems.push(`${nameOf(segment)} overlaps what ends at offset ${hex(end)}`);
    if (segment.fileSizeBytes > segment.memorySizeBytes) {
      problems.push(`${nameOf(segment)} is larger in the file than in memory`);
    }
    if (segment.offset + segment.fileSizeBytes <= end) continue;
    end = segment.offset + segment.fileSizeBytes;
    furthest = segment;
  }
  if (end > lengthBytes) {
    const missing = `${end - lengthBytes} bytes are missing`;
    problems.push(`the file ends at offset ${hex(lengthBytes)}, its segments at ${hex(end)}: ${missing}`);
  }
  return problems;
}

/** One stretch of the file may be shown at several virtual addresses, as QEMU's dump-guest-memory does with paging. */
const showsSameMemory = (one: Segment, other: Segment): boolean =>
  isLoad(one) && isLoad(other) && one.offset - one.physical === other.offset - other.physical;

/** Physical = virtual - 0xffffffff80000000 + phys_base (linux.md D.4). */
function kernelTextProblems({ loads, vmcoreinfo }: Vmcore): string[] {
  const physBase = vmcoreinfoValue(vmcoreinfo, 'NUMBER(phys_base)');
  if (physBase === undefined || !/^-?\d{1,16}$/.test(physBase)) return [];
  return loads
    .filter((load) => load.virtual >= kernelTextStart && load.virtual < kernelTextEnd)
    .filter((load) => offsetInKernelMap(load.virtual) + Number(physBase) !== load.physical)
    .map(
      (load) =>
        `${nameOf(load)} lies at ${hex(load.physical)}, which contradicts NUMBER(phys_base)=${physBase}`,
    );
}

const kernelTextStart = 'ffffffff80000000';
/** Where modules begin at the latest (Linux 6.12 Documentation/arch/x86/x86_64/mm.rst). */
const kernelTextEnd = 'ffffffffc0000000';

const offsetInKernelMap = (virtual: Hex64): number =>
  Number(BigInt(`0x${virtual}`) - BigInt(`0x${kernelTextStart}`));

const nameOf = (segment: Segment): string =>
  `the segment at offset ${hex(segment.offset)} (virtual 0x${segment.virtual})`;
