/**
 * What a booting kernel says about memory: the maps, the zones, what is reserved and what is left (setup_arch, mm_core_init).
 * Times: second kernel of log a1; the crashkernel line as in log b2.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import { type AddressRange, type FirmwareMap, mapOfLinux, ramPages, usableRanges } from '../firmware-map.ts';
import {
  type BootDescription,
  labKernelKib,
  rangeValues,
  type TimedLine,
  timedLine,
} from './boot-description.ts';
import { mapAfterParameters } from './memory-parameters.ts';
import { memparse } from './memparse.ts';
import type { MessageName } from './messages/index.ts';
import type { MessageValues } from './messages/template.ts';

/** The firmware's map, and the user's when `mem=` or `memmap=` changed it. The log has no stamps yet. */
export function mapLines({ commandLine, firmwareMap }: BootDescription): TimedLine[] {
  const words = commandLine.split(' ');
  const user = mapAfterParameters(firmwareMap, commandLine);
  const mapRange = (message: MessageName) => (range: FirmwareMap[number]) =>
    timedLine(0, message, { ...rangeValues(range), type: range.kind });
  return [
    timedLine(0, 'boot.firmwareMap'),
    ...firmwareMap.map(mapRange('boot.firmwareRange')),
    ...(words.includes('ignore_loglevel') ? [timedLine(0, 'boot.ignoreLoglevel')] : []),
    ...limitsOf(words).map((limit) => timedLine(0, 'boot.memLimit', { start: limit })),
    timedLine(0, 'boot.noExecute'),
    timedLine(0, 'boot.apicCalls'),
    ...(user.lines.length > 0
      ? [timedLine(0, 'boot.userMap'), ...user.map.map(mapRange('boot.userRange'))]
      : []),
  ];
}

const limitsOf = (words: readonly string[]): number[] =>
  words
    .filter((word) => word.startsWith('mem='))
    .map((word) => memparse(word.slice('mem='.length)).value)
    .filter((limit) => limit > 0);

export function memoryLines(box: BootDescription): TimedLine[] {
  const { map } = mapOfLinux(mapAfterParameters(box.firmwareMap, box.commandLine).map);
  const unknown = box.unknownParameters ?? [];
  return [
    timedLine(6.937, 'boot.firstPageReserved'),
    timedLine(7.058, 'boot.lowHoleRemoved'),
    timedLine(7.158, 'boot.lastPfn', { lastPfn: lastPfnOf(map) }),
    ...(box.initrd ? [timedLine(23.133, 'boot.initrdRange', rangeValues(box.initrd))] : []),
    ...crashkernelLines(box.crashkernel),
    ...zoneLines(map),
    ...nosaveRanges(map).map((range) => timedLine(32.723, 'boot.nosaveRange', range)),
    timedLine(33.489, 'boot.percpu', { cpus: box.cpuCount }),
    timedLine(45.631, 'boot.kernelCommandLine', { commandLine: box.commandLine }),
    ...(unknown.length > 0
      ? [timedLine(46.723, 'boot.unknownParameters', { parameters: unknown.join(' ') })]
      : []),
    timedLine(51.631, 'boot.zonelists', { pages: ramPages(map) }),
    timedLine(89.573, 'boot.console'),
    timedLine(378.127, 'boot.memory', sizeValues(box, map)),
    timedLine(384.034, 'boot.devtmpfs'),
  ];
}

const sizeValues = (
  { memory, kernelKib = labKernelKib }: BootDescription,
  map: FirmwareMap,
): MessageValues => ({
  free: memory.freeKib,
  present: (ramPages(map) * pageSizeBytes) / 1024,
  reserved: memory.reservedKib,
  ...kernelKib,
});

/** One millisecond before the zones, as in log b2. */
const crashkernelMs = 26.5;

function crashkernelLines(crashkernel: BootDescription['crashkernel']): TimedLine[] {
  if (!crashkernel) return [];
  const { wanted, reservation } = crashkernel;
  if (reservation.type === 'crashkernel.reserved') {
    const { region, lowRegion } = reservation;
    const low = lowRegion
      ? [timedLine(crashkernelMs, 'crashkernel.lowReserved', regionValues(lowRegion))]
      : [];
    return [...low, timedLine(crashkernelMs, 'crashkernel.reserved', regionValues(region))];
  }
  switch (reservation.reason) {
    case 'in-use':
      return [timedLine(crashkernelMs, 'crashkernel.inUse')];
    case 'no-room':
      return [timedLine(crashkernelMs, 'crashkernel.noMemory', { sizeBytes: wanted.sizeBytes })];
    case 'no-low-room':
      return [timedLine(crashkernelMs, 'crashkernel.noLowMemory', { sizeBytes: wanted.lowSizeBytes })];
  }
}

/** This text shows the byte after the region. */
const regionValues = ({ start, endExclusive }: AddressRange): MessageValues => ({
  start,
  end: endExclusive,
  megabytes: Math.floor((endExclusive - start) / 2 ** 20),
});

/** Zone DMA32 ends at 4 GiB (arch/x86/mm/init.c:zone_sizes_init); the lab kernel has no zone DMA. */
const dma32EndPfn = 2 ** 20;

function zoneLines(map: FirmwareMap): TimedLine[] {
  const lastPfn = lastPfnOf(map);
  const spans = wholePages(map);
  const node = { start: spans[0]?.start ?? 0, end: spans.at(-1)?.end ?? 0 };
  const zone = (name: string, start: number, endPfn: number): MessageValues => ({
    zone: name,
    start,
    end: endPfn * pageSizeBytes - 1,
  });
  return [
    timedLine(27.511, 'boot.zones'),
    timedLine(27.536, 'boot.zoneRange', zone('DMA32', node.start, Math.min(lastPfn, dma32EndPfn))),
    lastPfn > dma32EndPfn
      ? timedLine(27.613, 'boot.zoneRange', zone('Normal', dma32EndPfn * pageSizeBytes, lastPfn))
      : timedLine(27.613, 'boot.zoneEmpty', { zone: 'Normal' }),
    timedLine(27.628, 'boot.movableZone'),
    timedLine(27.652, 'boot.nodes'),
    ...spans.map((span) => timedLine(27.673, 'boot.nodeRange', span)),
    timedLine(27.866, 'boot.nodeSetUp', node),
  ];
}

/** e820.c:e820__end_ram_pfn: the page in which usable memory ends is cut off. */
const lastPfnOf = (map: FirmwareMap): number =>
  Math.max(...usableRanges(map).map(({ endExclusive }) => Math.floor(endExclusive / pageSizeBytes)));

/** Addresses as the texts show them: the last byte. */
type Span = { readonly start: number; readonly end: number };

/** memblock keeps whole pages (e820.c:e820__memblock_setup). */
const wholePages = (map: FirmwareMap): Span[] =>
  usableRanges(map)
    .map(({ start, endExclusive }) => ({
      start: Math.ceil(start / pageSizeBytes) * pageSizeBytes,
      end: Math.floor(endExclusive / pageSizeBytes) * pageSizeBytes - 1,
    }))
    .filter(({ start, end }) => start < end);

/** Pages before, between and after usable ranges, broken ones included: e820.c:e820__register_nosave_regions. */
function nosaveRanges(map: FirmwareMap): Span[] {
  const usable = usableRanges(map);
  const starts = [0, ...usable.map(({ endExclusive }) => Math.floor(endExclusive / pageSizeBytes))];
  const ends = [...usable.map(({ start }) => Math.ceil(start / pageSizeBytes)), lastPfnOf(map)];
  return starts
    .map((pfn, index) => ({ start: pfn * pageSizeBytes, end: (ends[index] ?? 0) * pageSizeBytes - 1 }))
    .filter(({ start, end }) => start < end);
}
