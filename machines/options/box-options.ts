/** What a box can be ordered with, and what it is without an order (design section 6, `run` options and defaults). */
import type { GivenPages } from '../../kernels/memory/given-pages.ts';
import type { JumpTool, LoadKind, PlannedFault, WayBack } from '../../kernels/plan.ts';

/** Pages of a dump or an image, read: the box itself opens no files. */
export type GivenMemory = { readonly file: string; readonly format: string; readonly pages: GivenPages };

export type BoxOptions = {
  readonly path: string;
  /** Undefined: the first of the path. */
  readonly variant: string | undefined;
  readonly rounds: number;
  /** How often the variant try-again does. */
  readonly attempts: number;
  readonly load: LoadKind;
  /** kexec's own options for a jump on demand. Undefined: those of log a1, or others if a quirk cannot be seen with them. */
  readonly memMin: number | undefined;
  readonly memMax: number | undefined;
  /** What B is told on its command line beyond the console: mem=, memmap=, nr_cpus=. */
  readonly bAppend: string;
  readonly passMemmap: boolean;
  readonly wayBack: WayBack;
  /** What A leaves by, and B. */
  readonly jumpBy: JumpTool;
  readonly jumpBackBy: JumpTool;
  readonly ramBytes: number;
  readonly cpus: number;
  /** Undefined: all registered ones. */
  readonly devices: readonly string[] | undefined;
  readonly workload: string;
  readonly tasks: number;
  /** Work units of each task. */
  readonly work: number;
  readonly seed: number;
  readonly faults: readonly PlannedFault[];
  readonly freezer: boolean;
  readonly devicesBetween: 'quiet' | 'powered-down';
  readonly kernel: 'corrected' | '6.12';
  /** Which version's structures A has in its memory. */
  readonly kernelLayout: string;
  /** Whether A lies at random addresses, which follow from the seed. */
  readonly kaslr: boolean;
  readonly tools: 'corrected' | 'shipped';
  readonly quirks: readonly string[];
  /** Linux's own options: the console goes on while devices sleep; a line for each callback. */
  readonly noConsoleSuspend: boolean;
  readonly pmPrintTimes: boolean;
  /** What A has in its memory from another machine. */
  readonly memory: GivenMemory | undefined;
};

export const defaultOptions: BoxOptions = {
  path: 'kexec-jump',
  variant: undefined,
  rounds: 2,
  attempts: 8,
  load: 'reserved',
  memMin: undefined,
  memMax: undefined,
  bAppend: '',
  passMemmap: false,
  wayBack: 'helper',
  jumpBy: 'kexec',
  jumpBackBy: 'kexec',
  ramBytes: 2 ** 30,
  cpus: 1,
  devices: undefined,
  workload: 'editor',
  tasks: 4,
  work: 24,
  seed: 1,
  faults: [],
  freezer: true,
  devicesBetween: 'quiet',
  kernel: 'corrected',
  kernelLayout: '6.12',
  kaslr: false,
  tools: 'corrected',
  quirks: [],
  noConsoleSuspend: false,
  pmPrintTimes: false,
  memory: undefined,
};
