/**
 * The lines that a kernel of the box prints while it boots, computed from a description of the box: a subset of what a real one
 * prints, in its order and with its values.
 *
 * Times are those of the second kernel of log a1: one processor, not slowed down by initcall_debug. Lines it did not print stand where
 * log b2 (crashkernel) and logs a8 and a9 (vmcore) have them; each further processor takes what the one of log a3 took.
 * The kernel calls itself our own: release, builder and compiler in the banner are the box's.
 * Left out: ACPI, PCI, RCU, hash tables, and what the lab kernel printed about its processor.
 */
import { assert } from '../assert.ts';
import type { BootDescription, BootLine, BootStage, TimedLine } from './boot-description.ts';
import { cpusStartedMs, labKernelKib, logMegahertz, rangeValues, timedLine } from './boot-description.ts';
import { mapLines, memoryLines } from './boot-memory-lines.ts';
import { kernelBuild, kernelRelease } from './kernel-banner.ts';
import type { MessageValues } from './messages/template.ts';

export function bootLog(box: BootDescription): BootLine[] {
  const stages: Record<BootStage, readonly TimedLine[]> = {
    start: [...firstLines(box), ...memoryLines(box), ...cpuLines(box)],
    probe: [...vmcoreLines(box), ...initrdLines(box), ...box.devices.flat()],
    userSpace: userSpaceLines(box),
  };
  const linesOf = (stage: BootStage): BootLine[] =>
    [...stages[stage]]
      .sort((one, other) => one.atMs - other.atMs)
      .map(({ atMs, message, values }) => ({ stage, timeMs: timeOf(box, atMs), message, values }));
  return [...linesOf('start'), ...linesOf('probe'), ...linesOf('userSpace')];
}

const timeOf = ({ cpuCount }: BootDescription, atMs: number): number =>
  atMs > cpusStartedMs ? atMs + (cpuCount - 1) * msPerCpu : atMs;

/** Log a3: "Booting SMP configuration" 429.394 to "Brought up" 544.634, one processor. */
const msPerCpu = 115.24;

/** Ours: nobody built this kernel. The form is that of init/version-timestamp.c. */
const ourBanner = (release: string = kernelRelease): MessageValues => ({
  release,
  builder: 'kjump@box',
  compiler: 'kexec-jump, not compiled',
  build: `${kernelBuild} SMP`,
});

function firstLines(box: BootDescription): TimedLine[] {
  const { banner = ourBanner(box.release), commandLine, megahertz = logMegahertz } = box;
  return [
    timedLine(0, 'boot.banner', banner),
    timedLine(0, 'boot.commandLine', { commandLine }),
    ...mapLines(box),
    timedLine(0, 'boot.tscCalibrated'),
    timedLine(0, 'boot.tscDetected', { megahertz: megahertz.toFixed(3) }),
  ];
}

/** CONFIG_HZ of the lab kernel: 5192.29 BogoMIPS are 10,384,596 loops a tick (log a1). */
const ticksPerSecond = 250;

function cpuLines({ cpuCount, megahertz = logMegahertz }: BootDescription): TimedLine[] {
  const loopsPerJiffy = Math.floor((Math.round(megahertz * 1000) * 1000) / ticksPerSecond);
  const processor = {
    model: 'AMD QEMU Virtual CPU version 2.5+',
    family: 0xf,
    modelNumber: 0x6b,
    stepping: 1,
  };
  return [
    timedLine(133.623, 'boot.delayLoop', { bogoMips: bogoMips(loopsPerJiffy), loopsPerJiffy }),
    timedLine(221.155, 'boot.freed', { what: 'SMP alternatives', size: 16 }),
    // QEMU's default processor, as in every log.
    timedLine(357.15, 'boot.cpu', processor),
    timedLine(cpusStartedMs, 'smp.begin'),
    ...otherCpuLines(cpuCount),
    timedLine(373.026, 'smp.done', { cpus: cpuCount, plural: cpuCount === 1 ? '' : 's' }),
    timedLine(373.22, 'smp.total', { cpus: cpuCount, bogoMips: bogoMips(loopsPerJiffy * cpuCount) }),
  ];
}

/** announce_cpu writes a table: every number is as wide as the number of processors, and the boot processor's place stays empty. */
function otherCpuLines(cpuCount: number): TimedLine[] {
  if (cpuCount === 1) return [];
  const columns = String(cpuCount).length + 1;
  const others = Array.from({ length: cpuCount - 1 }, (_cpu, index) => index + 1);
  return [
    timedLine(cpusStartedMs, 'smp.booting'),
    timedLine(cpusStartedMs, 'smp.node', { padding: ' '.repeat(columns + 1) }),
    ...others.map((cpu) =>
      timedLine(cpusStartedMs, 'smp.nodeCpu', { cpu, padding: ' '.repeat(columns - String(cpu).length) }),
    ),
  ];
}

/** Two decimals, cut and not rounded: init/calibrate.c:calibrate_delay, smpboot.c:impress_friends. */
function bogoMips(loops: number): string {
  const hundredths = Math.floor((loops * ticksPerSecond) / 5000);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}

function vmcoreLines({ vmcore, commandLine }: BootDescription): TimedLine[] {
  const clockSource = timedLine(596.037, 'boot.clockSource', { name: 'tsc-early' });
  if (!vmcore) return [clockSource];
  assert(commandLine.includes('elfcorehdr='), 'boot-log: without elfcorehdr= no kernel looks for a vmcore');
  return [clockSource, ...vmcoreCauseLines(vmcore), timedLine(600.1, 'vmcore.notInitialized')];
}

/** Logs a1, a8, a9: what stands before "vmcore not initialized". */
function vmcoreCauseLines(vmcore: NonNullable<BootDescription['vmcore']>): TimedLine[] {
  const atMs = 599.919;
  switch (vmcore.type) {
    case 'headerNotFound':
      return [timedLine(atMs, 'vmcore.headerNotFound')];
    case 'headerNotSane':
      return [timedLine(atMs, 'vmcore.headerNotSane')];
    case 'zeroNotes': {
      const where = { file: 'mm/vmalloc.c', line: 3838, symbol: '__vmalloc_node_range_noprof+0x3f/0x4b8' };
      return [timedLine(atMs, 'vmcore.zeroNotes'), ...warningLines(atMs, [], where)];
    }
    case 'ioremapOnRam': {
      const where = {
        file: 'arch/x86/mm/ioremap.c',
        line: 217,
        symbol: '__ioremap_caller.constprop.0+0xa5/0x260',
      };
      return warningLines(atMs, [timedLine(atMs, 'vmcore.ioremapOnRam', rangeValues(vmcore.page))], where);
    }
  }
}

/** A warning without its registers and its trace. */
const warningLines = (atMs: number, reason: readonly TimedLine[], where: MessageValues): TimedLine[] => [
  timedLine(atMs, 'warning.begin'),
  ...reason,
  timedLine(atMs, 'warning.where', { cpu: 0, pid: 1, ...where }),
  timedLine(atMs, 'warning.end'),
];

function initrdLines({ initrd }: BootDescription): TimedLine[] {
  if (!initrd) return [];
  const size = (initrd.endExclusive - initrd.start) / 1024;
  return [
    timedLine(621.534, 'boot.initrdUnpacking'),
    timedLine(987.464, 'boot.freed', { what: 'initrd', size }),
  ];
}

/** Text and read-only data each end at a 2 MiB border; what is left over behind the data is freed. */
const hugePageKib = 2048;
const huge = (kib: number): number => Math.ceil(kib / hugePageKib) * hugePageKib;

function userSpaceLines({ kernelKib = labKernelKib, unknownParameters = [] }: BootDescription): TimedLine[] {
  const { code, init, readOnly } = kernelKib;
  const words = ['HOME=/', 'TERM=linux', ...unknownParameters];
  return [
    timedLine(1487.583, 'boot.freed', { what: 'unused kernel image (initmem)', size: init }),
    timedLine(1487.942, 'boot.writeProtecting', { size: huge(code) + huge(readOnly) }),
    timedLine(1493.455, 'boot.freed', {
      what: 'unused kernel image (rodata/data gap)',
      size: huge(readOnly) - readOnly,
    }),
    timedLine(1493.834, 'boot.init', { program: '/init' }),
    timedLine(1493.91, 'boot.initArguments'),
    timedLine(1493.974, 'boot.initWord', { word: '/init' }),
    timedLine(1494.024, 'boot.initEnvironment'),
    ...words.map((word) => timedLine(1494.088, 'boot.initWord', { word })),
  ];
}
