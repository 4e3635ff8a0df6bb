/**
 * What kexec-tools (2.0.25, where not said otherwise) works out before it calls kexec_load: which memory the
 * second kernel B gets, where its parts stand, what of the first kernel A is swapped out for it, and what B's
 * command line says.
 *
 *   jump, mem-max 0x50fffff [log a1]:
 *   | backup         | backup | initrd    | kernel    | backup    | boot parameters | purgatory | elfcorehdr |
 *   0x1000   0x9f000 1M       0x38e0000   0x3c00000   0x4fbd000   0x50ee000         0x50f3000   0x50fc000    0x5100000
 *
 * Promises the segment tables of linux.md A1.7 and of logs a1, a15, b1 and e8, from RAM map, sizes and options
 * alone. Corrected is the default; what the shipped tools do wrong are the switches of `defects.ts`. Nothing is
 * loaded here.
 * Sources: linux.md A1.7, A1.8, A3.1; kexec-tools kexec/kexec.c:my_load,
 * kexec/arch/x86_64/kexec-bzImage64.c:do_bzImage64_load.
 * Left out: kernels other than bzImage64, EFI, Xen, GART, the contents of boot parameters.
 */
import { pageSizeBytes, physical } from '../../image/pfn.ts';
import type { FirmwareMap } from '../firmware-map.ts';
import { type CrashPreparation, crashPreparation, type ElfcorehdrPlan } from './crash-preparation.ts';
import { backupSegments, type PlannedSegment, placeSegments, type SegmentWish } from './place-segments.ts';
import { purgatoryLayout, spareCommandLineBytes } from './purgatory.ts';
import { savedRanges } from './range-of-dump-kernel.ts';
import { kexecArchitectureX8664, kexecFlags, type LoadRequest } from './segments.ts';
import { noRoomExit, type ToolExit, toolExits, tooSmallExit } from './tool-messages.ts';
import { defectsIn, loadableRam, ownRange, refusedOptions, type ToolRequest } from './tool-request.ts';

export type ToolAnswer = ToolPlan | { readonly type: 'tool.stopped'; readonly exit: ToolExit };

export type ToolPlan = {
  readonly type: 'tool.planned';
  readonly request: LoadRequest;
  /** Those of the request, ascending, with what they are for. */
  readonly segments: readonly PlannedSegment[];
  readonly commandLine: string;
  /** What B's boot parameters say of memory. */
  readonly mapOfB: FirmwareMap;
  readonly elfcorehdr: ElfcorehdrPlan | undefined;
};

/**
 * Sizes: logs a1, a15, b1 (kexec-tools 2.0.25). Lowest places: kexec-bzImage64.c, INITRD_BASE in
 * x86-linux-setup.h.
 */
const purgatoryWish: SegmentWish = {
  purpose: 'purgatory',
  bufferSizeBytes: 0x70e0,
  memorySizeBytes: 0x9000,
  lowestStart: physical(0x3000),
};
const seedWish: SegmentWish = {
  purpose: 'random seed',
  bufferSizeBytes: 0x30,
  memorySizeBytes: pageSizeBytes,
  lowestStart: physical(0x100000),
  fromBelow: true,
};
/**
 * The part of the kernel's file that is not loaded at its place, before the command line [log a1: buffer
 * 0x40e1].
 */
const setupSizeBytes = 0x4000;
const parametersLowest = physical(0x3000);
const kernelLowest = physical(0x100000);
/** CONFIG_PHYSICAL_ALIGN of the lab's kernel: it stands at 0x3c00000 and 0x6a00000. */
const kernelAlignmentBytes = 0x200000;
const initrdLowest = physical(0x1000000);
/** linux.md A1.7: the kernel and initrd of the live load. */
const defaultKernelPages = 0xe4d;
export const defaultInitrdBytes = 0x386000;
/** COMMAND_LINE_SIZE of kexec-tools on x86. */
const commandLineLimit = 2048;
/** A region below this is not worth its text (crashdump-x86.c:cmdline_add_memmap). */
const leastMemmapBytes = 100 * 1024;

export function planLoad(request: ToolRequest): ToolAnswer {
  const refusal = refusedOptions(request) ?? tooSmall(request);
  if (refusal !== undefined) return { type: 'tool.stopped', exit: refusal };
  const preparation = request.kind === 'plain' ? undefined : crashPreparation(request);
  const commandLine = commandLineOf(request, preparation);
  if (commandLine.length >= commandLineLimit) {
    return { type: 'tool.stopped', exit: toolExits.commandLineOverflow };
  }
  const wishes = [...(preparation?.wishes ?? []), ...bootWishes(request, commandLine)];
  const placed = placeSegments(wishes, loadableRam(request));
  if (placed.type === 'segments.no-room') {
    return { type: 'tool.stopped', exit: noRoomExit(placed.memorySizeBytes) };
  }
  const segments = withBackup(request, placed.segments);
  return {
    type: 'tool.planned',
    request: loadRequest(request, segments),
    segments,
    commandLine,
    mapOfB: preparation?.mapOfB ?? request.map,
    elfcorehdr: preparation?.elfcorehdr,
  };
}

function tooSmall(request: ToolRequest): ToolExit | undefined {
  const { kind, memMax = 0, kernelPath = '/boot/bzImage' } = request;
  return kind === 'jump' && ownRange(request).start >= memMax ? tooSmallExit(memMax, kernelPath) : undefined;
}

/** In the order of kexec-bzImage64.c, which decides who stands higher. */
function bootWishes(request: ToolRequest, commandLine: string): readonly SegmentWish[] {
  const {
    kernelPages = defaultKernelPages,
    initrdBytes = defaultInitrdBytes,
    hasRandomSeed = false,
  } = request;
  const kernelBytes = kernelPages * pageSizeBytes;
  const parameterBytes = setupSizeBytes + commandLine.length + 1 + spareCommandLineBytes;
  const kernel: SegmentWish = {
    purpose: 'kernel',
    bufferSizeBytes: request.kernelFileBytes ?? kernelBytes,
    memorySizeBytes: kernelBytes,
    lowestStart: kernelLowest,
    alignmentBytes: kernelAlignmentBytes,
  };
  return [
    purgatoryWish,
    wholeWish('boot parameters', parameterBytes, parametersLowest),
    kernel,
    ...(initrdBytes === 0 ? [] : [wholeWish('initrd', initrdBytes, initrdLowest)]),
    ...(hasRandomSeed ? [seedWish] : []),
  ];
}

function wholeWish(
  purpose: SegmentWish['purpose'],
  sizeBytes: number,
  lowestStart: SegmentWish['lowestStart'],
): SegmentWish {
  return { purpose, bufferSizeBytes: sizeBytes, memorySizeBytes: sizeBytes, lowestStart };
}

/** Only a jump gives anything back, so only a jump has something to keep. */
function withBackup(request: ToolRequest, placed: readonly PlannedSegment[]): readonly PlannedSegment[] {
  const memory = { memMin: request.memMin ?? 0, endExclusive: ownRange(request).endExclusive };
  const saved = request.kind === 'jump' ? savedRanges(request.map, memory, defectsIn(request)) : [];
  const all = [...placed, ...backupSegments(placed, saved)];
  return all.sort((one, other) => one.memoryStart - other.memoryStart);
}

function loadRequest({ kind }: ToolRequest, segments: readonly PlannedSegment[]): LoadRequest {
  const purgatoryStart = segments.find(({ purpose }) => purpose === 'purgatory')?.memoryStart ?? 0;
  const kindFlags = { plain: 0, jump: kexecFlags.preserveContext, crash: kexecFlags.onCrash };
  return {
    entry: physical(purgatoryStart + purgatoryLayout.entry),
    segments: segments.map(({ bufferSizeBytes, memoryStart, memorySizeBytes }) => {
      return { bufferSizeBytes, memoryStart, memorySizeBytes };
    }),
    flags: kexecArchitectureX8664 + kindFlags[kind],
  };
}

/** What comes behind the operator's words, in the order of logs a1 and a9. */
function commandLineOf(request: ToolRequest, preparation: CrashPreparation | undefined): string {
  const { commandLine, acpiRsdp, limitBy } = request;
  if (preparation === undefined) return commandLine;
  const { elfcorehdr, ownRam } = preparation;
  const isLimitedBy = (way: ToolRequest['limitBy']): boolean => request.kind === 'jump' && limitBy === way;
  return [
    commandLine,
    ...(isLimitedBy('mem') ? [`mem=${inKibibytes(ownRange(request).endExclusive)}`] : []),
    ...(acpiRsdp === undefined ? [] : [`acpi_rsdp=0x${acpiRsdp.toString(16)}`]),
    ...(elfcorehdr === undefined ? [] : [`elfcorehdr=${inKibibytes(elfcorehdr.start)}`]),
    ...(isLimitedBy('memmap') ? ['memmap=exactmap', ...ownRam.flatMap(memmapWords)] : []),
  ].join(' ');
}

const memmapWords = ({ start, endExclusive }: CrashPreparation['ownRam'][number]): readonly string[] => {
  const sizeBytes = endExclusive - start;
  return sizeBytes < leastMemmapBytes ? [] : [`memmap=${inKibibytes(sizeBytes)}@${inKibibytes(start)}`];
};

const inKibibytes = (bytes: number): string => `${Math.floor(bytes / 1024)}K`;
