/**
 * From options to the plan of a box: names looked up in the registries, sizes checked, memory laid out, the crash region reserved by
 * the kernel's own rules. Bad options end in an OptionError that names what is registered.
 */
import { pageSizeBytes, pfn } from '../../image/pfn.ts';
import { deviceTypes } from '../../kernels/devices/index.ts';
import { type FirmwareMap, firmwareMap, mapOfLinux, usableRanges } from '../../kernels/firmware-map.ts';
import { defectsOf } from '../../kernels/kexec/defects.ts';
import { crashkernelParameter, reserveCrashkernel } from '../../kernels/linux/crashkernel.ts';
import { placeGivenMemory } from '../../kernels/linux/given-memory.ts';
import { type FrameRange, memoryLayout } from '../../kernels/linux/memory-layout.ts';
import { structureTableNamed, structureTables } from '../../kernels/linux/structures/index.ts';
import { framesPerSection } from '../../kernels/linux/structures/memory-map-layout.ts';
import type { Plan } from '../../kernels/plan.ts';
import { workloads } from '../../kernels/workloads/index.ts';
import { faultNamed, faults } from '../faults/index.ts';
import { placeInTime } from '../faults/places.ts';
import { pathNamed, paths } from '../paths/index.ts';
import type { Path, Variant } from '../paths/path.ts';
import { defectsAmong, quirkNamed, quirks } from '../quirks/index.ts';
import { type BoxOptions, defaultOptions } from './box-options.ts';
import { dumpCpuCountOf, kexecOrderOf, memMaxOf } from './kexec-order.ts';
import { OptionError } from './option-error.ts';

const mebibyte = 2 ** 20;
/** The kernel at 16 MiB, B's range of 81 MiB or a region of 128 MiB, and room to work. */
const leastRamBytes = 256 * mebibyte;
/** MAXMEM of 4-level page tables is 64 TiB; the box is kept to what has been tried. */
export const mostRamBytes = 4 * 2 ** 40;
const cpuLimit = 8;
const taskLimit = 8;
const unitLimit = 4096;
/** Cached blocks of the disk, packets that arrive in a run: enough to matter, few enough to search. */
const cacheBlockCount = 16;
const packetCount = 64;
/** What distributions reserve on small machines (peers.md D7: 160 MB and more); B of the box is small. */
const crashkernelOption = 'crashkernel=128M';

export function planOf(given: Partial<BoxOptions>): Plan {
  const options = { ...defaultOptions, ...given };
  const cleared = planWithoutMemory(options);
  const { memory } = options;
  const plan =
    memory === undefined ? cleared : { ...cleared, memory: placeGivenMemory(cleared, memory.pages) };
  checkFaults(plan);
  return plan;
}

function planWithoutMemory(options: BoxOptions): Plan {
  const { path, variant } = pathOf(options);
  const devices = deviceRolesOf(options.devices);
  checkNumbers(options);
  const quirkNames = quirkNamesOf(options);
  const defects = defectsOf(...defectsAmong(quirkNames));
  const load = path.handsOver ? 'on-demand' : path.needsRegion ? 'reserved' : options.load;
  const needsRegion = load === 'reserved';
  const commandLine = `console=ttyS0,115200 root=/dev/sda1${needsRegion ? ` ${crashkernelOption}` : ''}${options.noConsoleSuspend ? ' no_console_suspend' : ''}`;
  const map = firmwareMap({ ramBytes: options.ramBytes });
  const usable = usableRanges(mapOfLinux(map).map);
  const size = {
    cpuCount: options.cpus,
    deviceCount: devices.length,
    taskCount: options.tasks,
    cacheBlockCount,
    packetCount,
    faultCount: options.faults.length,
  };
  const ramEnd = Math.max(...usable.map(({ endExclusive }) => Math.floor(endExclusive / pageSizeBytes)));
  return {
    path: path.name,
    variant: variant.name,
    rounds: options.rounds,
    attempts: options.attempts,
    load,
    kexec: kexecOrderOf(options, defects),
    dumpCpuCount: dumpCpuCountOf(options, path.handsOver ? options.cpus : 1),
    ramBytes: options.ramBytes,
    memoryEnd: Math.max(
      ...map.filter(({ kind }) => kind === 'usable').map(({ endExclusive }) => endExclusive),
    ),
    size,
    devices,
    devicesBetween: options.devicesBetween,
    workload: options.workload,
    seed: options.seed,
    workUnits: options.work,
    freezer: options.freezer,
    kernelVersion: '6.12',
    kernelLayout: kernelLayoutOf(options),
    kaslr: options.kaslr,
    noConsoleSuspend: options.noConsoleSuspend,
    pmPrintTimes: options.pmPrintTimes,
    quirks: quirkNames,
    defects,
    commandLine,
    faults: options.faults,
    firmwareMap: map,
    layout: memoryLayout({
      ...size,
      ramEnd,
      ram: wholeFrames(map),
      ...(options.kaslr && { kaslrSeed: options.seed }),
      region: regionOf(commandLine, options.ramBytes, map),
      load,
      memMax: memMaxOf(options, defects),
      usedSections: sectionsOf(options),
      ...(path.handsOver && { allRam: wholeFrames(map) }),
    }),
    memory: null,
  };
}

const sectionsOf = ({ memory }: BoxOptions): ReadonlySet<number> =>
  new Set(memory?.pages.pages.map(({ frame }) => Math.floor(frame / framesPerSection)));

function kernelLayoutOf({ kernelLayout }: BoxOptions): string {
  if (structureTableNamed(kernelLayout)) return kernelLayout;
  throw unknown(
    '--kernel-layout',
    kernelLayout,
    structureTables.map(({ version }) => ({ name: version })),
  );
}

const wholeFrames = (map: FirmwareMap): readonly FrameRange[] =>
  usableRanges(mapOfLinux(map).map).map(({ start, endExclusive }) => {
    const first = Math.ceil(start / pageSizeBytes);
    return { start: pfn(first), count: Math.floor(endExclusive / pageSizeBytes) - first };
  });

function regionOf(commandLine: string, ramBytes: number, map: FirmwareMap): FrameRange {
  const parameter = crashkernelParameter(commandLine, ramBytes);
  if (parameter.type !== 'crashkernel.wanted') return { start: pfn(0), count: 0 };
  const reservation = reserveCrashkernel(parameter, { usable: usableRanges(mapOfLinux(map).map), taken: [] });
  if (reservation.type === 'crashkernel.failed') return { start: pfn(0), count: 0 };
  const { start, endExclusive } = reservation.region;
  return { start: pfn(start / pageSizeBytes), count: (endExclusive - start) / pageSizeBytes };
}

export function pathOf({ path: name, variant: wanted }: BoxOptions): {
  readonly path: Path;
  readonly variant: Variant;
} {
  const path = pathNamed(name);
  if (!path) throw unknown('--path', name, paths);
  const variant =
    wanted === undefined ? path.variants[0] : path.variants.find((each) => each.name === wanted);
  if (!variant) throw unknown('--variant', wanted ?? '', path.variants);
  return { path, variant };
}

function deviceRolesOf(names: readonly string[] | undefined): Plan['devices'] {
  if (names === undefined) return deviceTypes.map(({ role }) => role);
  for (const name of names) {
    const type = deviceTypes.find(({ role }) => role === name);
    if (!type)
      throw unknown(
        '--devices',
        name,
        deviceTypes.map(({ role }) => ({ name: role })),
      );
    if (type.parent !== undefined && !names.includes(type.parent)) {
      throw new OptionError('option.combination', {
        option: '--devices',
        expected: `${type.parent} beside ${name}, which hangs on it`,
        found: names.join(','),
      });
    }
  }
  const required = deviceTypes.filter(({ role }) => role === 'disk' && !names.includes(role));
  if (required.length > 0) {
    throw new OptionError('option.combination', {
      option: '--devices',
      expected: 'a disk',
      found: names.join(','),
      help: 'A has its root file system and B its image there.',
    });
  }
  return deviceTypes.filter(({ role }) => names.includes(role)).map(({ role }) => role);
}

function checkNumbers({ ramBytes, cpus, tasks, work, seed, workload, rounds, attempts }: BoxOptions): void {
  if (!workloads.some(({ name }) => name === workload)) throw unknown('--workload', workload, workloads);
  if (ramBytes % mebibyte !== 0 || ramBytes < leastRamBytes || ramBytes > mostRamBytes) {
    throw new OptionError('option.size', {
      option: '--ram',
      expected: 'whole MiB from 256M to 4T',
      found: `${ramBytes} bytes`,
      help: 'Write 512M, 1G, 1T.',
    });
  }
  const counts = [
    { option: '--cpus', value: cpus, least: 1, limit: cpuLimit },
    { option: '--tasks', value: tasks, least: 1, limit: taskLimit },
    { option: '--rounds', value: rounds, least: 1, limit: 8 },
    { option: '--attempts', value: attempts, least: 1, limit: 8 },
    { option: '--work', value: work, least: 0, limit: unitLimit },
    { option: '--seed', value: seed, least: 0, limit: 2 ** 32 - 1 },
  ];
  for (const { option, value, least, limit } of counts) {
    if (Number.isInteger(value) && value >= least && value <= limit) continue;
    throw new OptionError('option.number', {
      option,
      expected: `a whole number from ${least} to ${limit}`,
      found: String(value),
    });
  }
}

function quirkNamesOf({ kernel, tools, quirks: named }: BoxOptions): readonly string[] {
  for (const name of named) if (!quirkNamed(name)) throw unknown('--quirk', name, quirks);
  const on = quirks.filter(
    (quirk) =>
      named.includes(quirk.name) ||
      (quirk.of === 'kernel' && kernel === '6.12') ||
      (quirk.of === 'tools' && tools === 'shipped'),
  );
  return on.map(({ name }) => name);
}

/** Throws unless every planned fault has a place in the box. */
export function checkFaults(plan: Plan): void {
  for (const { name, where } of plan.faults) {
    const fault = faultNamed(name);
    if (!fault) throw unknown('--fault', name, faults);
    const places = fault.places(plan);
    if (where === undefined ? places.length === 1 : isPlaceOf(places, where)) continue;
    throw new OptionError('option.place', {
      option: `--fault ${name}`,
      expected: `one of the places ${places.slice(0, 12).join(', ')}${places.length > 12 ? ` and ${places.length - 12} more` : ''}`,
      found: where ?? 'no place',
      help: `Write --fault ${name}@PLACE.`,
    });
  }
}

/** A place is one at every time; one that is named with its time (`firmware.load#2`) from then on. */
function isPlaceOf(places: readonly string[], where: string): boolean {
  const wanted = placeInTime(where);
  return places.map(placeInTime).some(({ place, time }) => place === wanted.place && time <= wanted.time);
}

const unknown = (option: string, found: string, known: readonly { readonly name: string }[]): OptionError =>
  new OptionError('option.unknown', {
    option,
    expected: `one of ${known.map(({ name }) => name).join(', ')}`,
    found,
  });
