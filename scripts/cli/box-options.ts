import type { CodecName } from '../../image/codecs/codec.ts';
/**
 * The options of a box, as the commands that run one take them (`run`, `step`, `visualize run`): names, forms and defaults of
 * design section 6. Whether names and numbers fit is checked by planOf, which knows the registries.
 */
import { deviceTypes } from '../../kernels/devices/index.ts';
import { structureTables } from '../../kernels/linux/structures/index.ts';
import { jumpTools, waysBack } from '../../kernels/plan.ts';
import { workloads } from '../../kernels/workloads/index.ts';
import { type BoxOptions, defaultOptions } from '../../machines/options/box-options.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import { paths } from '../../machines/paths/index.ts';
import { scenarioNamed, scenarios } from '../../machines/scenarios/index.ts';
import {
  address,
  faultList,
  flag,
  name,
  names,
  type OptionTable,
  oneOfWords,
  optionalText,
  size,
  wholeNumber,
} from './options.ts';
import type { Given, Parsed } from './parse.ts';

/** Two processors: one could not show what happens to the others. */
const commandDefaults: BoxOptions = { ...defaultOptions, cpus: 2 };

/** What B can write by now; more formats and codecs come with the image command. */
export const dumpFormats = ['vmcore-elf', 'kdump-compressed', 'swsusp'] as const;
export const codecs = [
  'none',
  'zlib',
  'lzo',
  'lz4',
  'snappy',
  'zstd',
] as const satisfies readonly CodecName[];

export const boxTable = {
  scenario: optionalText({
    takes: 'NAME',
    help: 'the options of a recorded boot; single options given beside it win; --list names scenarios',
    words: scenarios.map((scenario) => scenario.name),
  }),
  path: name({
    takes: 'NAME',
    help: 'the way of suspending',
    words: paths.map((path) => path.name),
    otherwise: commandDefaults.path,
  }),
  variant: optionalText({
    takes: 'NAME',
    help: 'of the path',
    words: paths.flatMap((path) => path.variants.map((variant) => variant.name)),
    otherwise: 'the first of the path',
  }),
  rounds: wholeNumber({
    takes: 'N',
    help: 'how often the variant rounds goes round',
    otherwise: commandDefaults.rounds,
  }),
  attempts: wholeNumber({
    takes: 'N',
    help: 'how often the variant try-again tries',
    otherwise: commandDefaults.attempts,
  }),
  load: oneOfWords(['reserved', 'on-demand'], {
    takes: 'KIND',
    help: 'whether B waits in a region that A never had, or is swapped into the memory of A',
  }),
  'mem-min': address({ takes: 'ADDR', help: 'on demand: where the memory of B begins, as kexec takes it' }),
  'mem-max': address({
    takes: 'ADDR',
    help: 'on demand: the last address of B, as kexec takes it (0x50fffff, or 0x4ffffff to show control-page-unmapped)',
  }),
  'b-append': optionalText({
    takes: 'WORDS',
    help: 'added to the command line of B: mem=81M, memmap=…, nr_cpus=2',
  }),
  'pass-memmap-cmdline': flag('kexec limits B by memmap= on its command line'),
  'way-back': oneOfWords(waysBack, {
    takes: 'HOW',
    help: 'how B gets back: kexec itself, an empty segment at 0x1000, a real page, a whole kernel with the entry of A',
  }),
  'jump-by': oneOfWords(jumpTools, {
    takes: 'HOW',
    help: 'whether A leaves by kexec -e or by a bare reboot()',
  }),
  'jump-back-by': oneOfWords(jumpTools, { takes: 'HOW', help: 'the same for B' }),
  ram: size({ takes: 'SIZE', help: 'memory of the box', otherwise: commandDefaults.ramBytes }),
  cpus: wholeNumber({ takes: 'N', help: 'processors', otherwise: commandDefaults.cpus }),
  devices: names({
    takes: 'NAME,…',
    help: 'devices',
    words: deviceTypes.map(({ role }) => role),
    otherwise: 'all of them',
  }),
  workload: name({
    takes: 'NAME',
    help: 'what the tasks of A do',
    words: workloads.map((workload) => workload.name),
    otherwise: commandDefaults.workload,
  }),
  tasks: wholeNumber({ takes: 'N', help: 'tasks of A', otherwise: commandDefaults.tasks }),
  work: wholeNumber({ takes: 'N', help: 'units of work of each task', otherwise: commandDefaults.work }),
  seed: wholeNumber({ takes: 'N', help: 'another seed, other work', otherwise: commandDefaults.seed }),
  fault: faultList('something goes wrong at a place; may be given several times; --list names faults'),
  freezer: oneOfWords(['on', 'off'], { takes: 'ON', help: 'whether tasks are frozen before devices' }),
  'devices-between': oneOfWords(['quiet', 'powered-down'], {
    takes: 'HOW',
    help: 'how A leaves its devices to B',
  }),
  kernel: oneOfWords(['corrected', '6.12'], {
    takes: 'WHICH',
    help: 'without or with the defects of Linux 6.12',
  }),
  'kernel-layout': name({
    takes: 'VERSION',
    help: 'of Linux, whose structures A has in its memory',
    words: structureTables.map(({ version }) => version),
    otherwise: commandDefaults.kernelLayout,
  }),
  kaslr: oneOfWords(['off', 'on'], { takes: 'ON', help: 'whether A lies at random addresses' }),
  tools: oneOfWords(['corrected', 'shipped'], {
    takes: 'WHICH',
    help: 'without or with the defects of kexec-tools',
  }),
  quirk: names({ takes: 'NAME,…', help: 'single defects; --list names them', otherwise: 'none' }),
  'no-console-suspend': flag(
    'A and B boot with no_console_suspend: their consoles go on while devices sleep',
  ),
  'pm-print-times': flag('A and B print a line for each callback of a device'),
} satisfies OptionTable;

/** Of the file that --save writes beside B's own: taken wherever a box is run, so that a saved run can be opened with its options. */
export const imageTable = {
  format: oneOfWords(dumpFormats, { takes: 'NAME', help: 'of the image that --save writes' }),
  codec: oneOfWords(codecs, { takes: 'NAME', help: 'how its pages are packed' }),
  level: wholeNumber({
    takes: 'N',
    help: 'which pages it leaves out, as makedumpfile -d counts them',
    otherwise: 0,
  }),
} satisfies OptionTable;

/** Taken wherever a box is run; read by given-memory.ts, which needs the disk. */
export const memoryTable = {
  memory: optionalText({
    takes: 'FILE',
    help: 'a dump or a hibernation image whose pages A has in its memory, each in its own frame; raw memory and swap files: image convert them first',
    otherwise: 'cleared memory',
  }),
} satisfies OptionTable;

export type BoxTable = typeof boxTable;

/** What was given, and nothing else: what was not may come from a saved run. */
export function givenBoxOptions({ values, given }: Parsed<BoxTable>): Partial<BoxOptions> {
  const read = {
    // First, so that every other option wins.
    scenario: values.scenario === undefined ? {} : scenarioOptions(values.scenario),
    path: { path: values.path },
    variant: { variant: values.variant },
    rounds: { rounds: values.rounds },
    attempts: { attempts: values.attempts },
    load: { load: values.load },
    'mem-min': { memMin: values['mem-min'] },
    'mem-max': { memMax: values['mem-max'] },
    'b-append': { bAppend: values['b-append'] ?? '' },
    'pass-memmap-cmdline': { passMemmap: values['pass-memmap-cmdline'] },
    'way-back': { wayBack: values['way-back'] },
    'jump-by': { jumpBy: values['jump-by'] },
    'jump-back-by': { jumpBackBy: values['jump-back-by'] },
    ram: { ramBytes: values.ram },
    cpus: { cpus: values.cpus },
    devices: { devices: values.devices },
    workload: { workload: values.workload },
    tasks: { tasks: values.tasks },
    work: { work: values.work },
    seed: { seed: values.seed },
    fault: { faults: values.fault },
    freezer: { freezer: values.freezer === 'on' },
    'devices-between': { devicesBetween: values['devices-between'] },
    kernel: { kernel: values.kernel },
    'kernel-layout': { kernelLayout: values['kernel-layout'] },
    kaslr: { kaslr: values.kaslr === 'on' },
    tools: { tools: values.tools },
    quirk: { quirks: values.quirk ?? [] },
    'no-console-suspend': { noConsoleSuspend: values['no-console-suspend'] },
    'pm-print-times': { pmPrintTimes: values['pm-print-times'] },
  } satisfies Record<keyof BoxTable, Partial<BoxOptions>>;
  const parts = Object.entries(read).filter(([option]) => given.some((each) => each.name === option));
  return Object.assign({}, ...parts.map(([, part]) => part));
}

function scenarioOptions(wanted: string): Partial<BoxOptions> {
  const scenario = scenarioNamed(wanted);
  if (scenario) return scenario.options;
  throw new OptionError('option.unknown', {
    option: '--scenario',
    expected: `one of ${scenarios.map((each) => each.name).join(', ')}`,
    found: wanted,
  });
}

export const boxOptionsOf = (given: Partial<BoxOptions>): BoxOptions => ({ ...commandDefaults, ...given });

/** Whether an option says which box it is: to be typed again behind another command. */
export const isBoxOption = ({ name: option }: Given): boolean =>
  Object.hasOwn(boxTable, option) || Object.hasOwn(memoryTable, option);
