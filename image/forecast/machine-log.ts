/**
 * What a kernel's log says of the machine that is to resume: the last boot in it that shows a memory map counts.
 *
 * Time stamps, priorities and whatever journals put before a line do not matter; every fact may be missing, and then is not known.
 * A log never says whether a driver will freeze: refusals that it shows are kept, and told as what may happen again.
 * Sources: the lines as Linux 6.12 prints them (arch/x86/kernel/e820.c, mm/mm_init.c, kernel/power/*), logs c1 to c10, x1 to x12, e1.
 */
import { ImageError } from '../image-error.ts';
import { pageSizeBytes } from '../pfn.ts';
import { type FrameSpan, type MapEntry, mapEntryOf } from './firmware-map.ts';

export type MachineLog = {
  readonly release: string | undefined;
  /** Undefined when the log does not show it. */
  readonly commandLine: string | undefined;
  readonly firmwareMap: readonly MapEntry[] | undefined;
  /** get_num_physpages, as the line "Memory: …K/…K available" has it. */
  readonly frameCount: number | undefined;
  readonly availableFrames: number | undefined;
  /** Of all nodes; undefined when the log does not show them. */
  readonly presentFrames: number | undefined;
  /** What each zone of each node spans; undefined when the log does not show it. */
  readonly zones: readonly FrameSpan[] | undefined;
  /** Whether something asked the kernel to resume, at boot or later. */
  readonly isResumeSeen: boolean;
  readonly isLockedDown: boolean;
  /** Devices that refused to quiesce in this log. */
  readonly refusals: readonly string[];
  readonly missingCodecs: readonly string[];
};

/** A log of a gigabyte is no log. */
const lineLimit = 4_000_000;

type Boot = {
  release: string | undefined;
  commandLine: string | undefined;
  firmwareMap: MapEntry[];
  extendedMap: MapEntry[];
  zoneRanges: FrameSpan[];
  nodeRanges: { readonly node: number; readonly range: FrameSpan }[];
  memory: { readonly frames: number; readonly available: number } | undefined;
  isResumeSeen: boolean;
  isLockedDown: boolean;
  refusals: string[];
  missingCodecs: string[];
};

const emptyBoot = (): Boot => ({
  release: undefined,
  commandLine: undefined,
  firmwareMap: [],
  extendedMap: [],
  zoneRanges: [],
  nodeRanges: [],
  memory: undefined,
  isResumeSeen: false,
  isLockedDown: false,
  refusals: [],
  missingCodecs: [],
});

export function readMachineLog(text: string): MachineLog {
  const boots = [emptyBoot()];
  let lineNumber = 0;
  for (const line of text.split(/\r?\n/)) {
    lineNumber += 1;
    if (lineNumber > lineLimit) throw notALog(lineNumber, `more than ${lineLimit} lines (lineLimit)`);
    const boot = bootOf(boots, line);
    for (const { pattern, take } of lineKinds) {
      const match = pattern.exec(line);
      if (match === null) continue;
      take(boot, match, lineNumber);
      break;
    }
  }
  const boot = boots.findLast(isUseful);
  if (boot === undefined) throw notALog(lineNumber, 'no line of a boot in it');
  return machineOf(boot);
}

const isUseful = (boot: Boot): boolean => boot.firmwareMap.length > 0 || boot.release !== undefined;

/** A line that begins a boot begins a new one, unless nothing came before it. */
function bootOf(boots: Boot[], line: string): Boot {
  const last = boots.at(-1) ?? emptyBoot();
  const isStart = /\bLinux version \S+ \(/.test(line);
  if (!isStart || !isUseful(last)) return last;
  const next = emptyBoot();
  boots.push(next);
  return next;
}

type LineKind = {
  readonly pattern: RegExp;
  readonly take: (boot: Boot, match: RegExpExecArray, lineNumber: number) => void;
};

const lineKinds: readonly LineKind[] = [
  {
    pattern: /\bLinux version (\S+) \(/,
    take: (boot, [, release]) => {
      boot.release ??= release;
    },
  },
  {
    pattern: /(?:^|[\s\]>])Command line: (.*?)\s*$/,
    take: (boot, [, line]) => {
      boot.commandLine ??= line;
    },
  },
  {
    pattern: /\b(?:BIOS-e820|BIOS-e801|BIOS-88|Xen): (\[mem .*)$/,
    take: (boot, [, entry = ''], lineNumber) => boot.firmwareMap.push(mapEntryOf(entry, lineNumber)),
  },
  {
    pattern: /\bextended: (\[mem .*)$/,
    take: (boot, [, entry = ''], lineNumber) => boot.extendedMap.push(mapEntryOf(entry, lineNumber)),
  },
  {
    pattern: /\b(?:DMA|DMA32|Normal|Movable|Device)\s+\[mem 0x([0-9a-f]+)-0x([0-9a-f]+)\]/i,
    take: (boot, [, start, end]) => boot.zoneRanges.push(spanOf(start, end)),
  },
  {
    pattern: /\bnode\s+(\d+): \[mem 0x([0-9a-f]+)-0x([0-9a-f]+)\]/i,
    take: (boot, [, node, start, end]) =>
      boot.nodeRanges.push({ node: Number(node), range: spanOf(start, end) }),
  },
  {
    pattern: /\bMemory: (\d+)K\/(\d+)K available/,
    take: (boot, [, available, all]) => {
      boot.memory = { frames: framesOfKiB(all), available: framesOfKiB(available) };
    },
  },
  {
    pattern: /hibernation: resume from hibernation/,
    take: (boot) => {
      boot.isResumeSeen = true;
    },
  },
  {
    pattern: /Kernel is locked down from/,
    take: (boot) => {
      boot.isLockedDown = true;
    },
  },
  {
    pattern: /(?:^|\] ?|\s)(\S+ \S+): PM: (failed to quiesce.*?: error -?\d+)/,
    take: (boot, [, device, what]) => boot.refusals.push(`${device}: ${what}`),
  },
  {
    pattern: /\b(lzo|lz4) compression is not available/,
    take: (boot, [, codec = '']) => boot.missingCodecs.push(codec),
  },
];

/** 1 KiB is a quarter of a page. */
const framesOfKiB = (text: string | undefined): number => Math.floor((Number(text) * 1024) / pageSizeBytes);

function spanOf(start: string | undefined, end: string | undefined): FrameSpan {
  return {
    startFrame: Math.floor(Number(`0x${start}`) / pageSizeBytes),
    endFrame: Math.floor(Number(`0x${end}`) / pageSizeBytes) + 1,
  };
}

function machineOf(boot: Boot): MachineLog {
  const map = boot.extendedMap.length > 0 ? boot.extendedMap : boot.firmwareMap;
  return {
    release: boot.release,
    commandLine: boot.commandLine,
    firmwareMap: map.length > 0 ? map : undefined,
    frameCount: boot.memory?.frames,
    availableFrames: boot.memory?.available,
    presentFrames: presentFramesOf(boot),
    zones: zonesOf(boot),
    isResumeSeen: boot.isResumeSeen,
    isLockedDown: boot.isLockedDown,
    refusals: boot.refusals,
    missingCodecs: boot.missingCodecs,
  };
}

function presentFramesOf({ nodeRanges }: Boot): number | undefined {
  if (nodeRanges.length === 0) return undefined;
  return nodeRanges.reduce((sum, { range }) => sum + range.endFrame - range.startFrame, 0);
}

/** A zone of a node spans from the first to the last of the node's memory within the zone's range, holes and all. */
function zonesOf({ zoneRanges, nodeRanges }: Boot): FrameSpan[] | undefined {
  if (zoneRanges.length === 0 || nodeRanges.length === 0) return undefined;
  const nodes = [...new Set(nodeRanges.map(({ node }) => node))];
  return nodes.flatMap((node) =>
    zoneRanges.flatMap((zone) => {
      const parts = nodeRanges
        .filter((one) => one.node === node)
        .map(({ range }) => ({
          startFrame: Math.max(range.startFrame, zone.startFrame),
          endFrame: Math.min(range.endFrame, zone.endFrame),
        }))
        .filter(({ startFrame, endFrame }) => startFrame < endFrame);
      if (parts.length === 0) return [];
      return {
        startFrame: Math.min(...parts.map(({ startFrame }) => startFrame)),
        endFrame: Math.max(...parts.map(({ endFrame }) => endFrame)),
      };
    }),
  );
}

const notALog = (lineNumber: number, found: string): ImageError =>
  new ImageError('dmesg.no-boot', {
    offset: lineNumber,
    expected: 'the log of a kernel from its first line on',
    found,
  });
