/** What a box can be ordered with, and what it is without an order (design section 6, `run` options and defaults). */
import type { LoadKind, PlannedFault } from '../../kernels/plan.ts';

export type BoxOptions = {
  readonly path: string;
  /** Undefined: the first of the path. */
  readonly variant: string | undefined;
  readonly rounds: number;
  readonly load: LoadKind;
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
  readonly tools: 'corrected' | 'shipped';
  readonly quirks: readonly string[];
  /** Linux's own options: the console goes on while devices sleep; a line for each callback. */
  readonly noConsoleSuspend: boolean;
  readonly pmPrintTimes: boolean;
};

export const defaultOptions: BoxOptions = {
  path: 'kexec-jump',
  variant: undefined,
  rounds: 2,
  load: 'reserved',
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
  tools: 'corrected',
  quirks: [],
  noConsoleSuspend: false,
  pmPrintTimes: false,
};
