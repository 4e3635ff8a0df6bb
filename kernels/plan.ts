/**
 * The plan of a box: what it is made of and how the run is meant to go. Constant over a run, part of no world; two runs with the
 * same plan and the same picks are the same run.
 */
import type { DeviceRole } from './devices/device-role.ts';
import type { FirmwareMap } from './firmware-map.ts';
import type { Defects } from './kexec/defects.ts';
import type { MemoryLayout } from './linux/memory-layout.ts';
import type { KernelName, Size } from './machine.ts';
import type { PlannedMemory } from './memory/given-pages.ts';

export type LoadKind = 'reserved' | 'on-demand';

/**
 * How A asks for B, and B for its way back: `helper` is `kexec --load-jump-back-helper`, `empty-page` the lab's own loader with one
 * empty segment at 0x1000 (logs a0c to a9), `real-page` another lab's, with one real page beside A's control page (linux.md A1.8, the second
 * way), `entry` is `kexec -l --load-preserve-context --entry` with a whole kernel (log a10).
 */
export const waysBack = ['helper', 'empty-page', 'real-page', 'entry'] as const;
export type WayBack = (typeof waysBack)[number];

export const jumpTools = ['kexec', 'reboot'] as const;
export type JumpTool = (typeof jumpTools)[number];

/** What the operator types behind `kexec`, the memory of B apart, which stands in the layout. */
export type KexecOrder = {
  /** --mem-min. */
  readonly memMin: number;
  /** --append, beyond the console. */
  readonly append: string;
  /** --pass-memmap-cmdline. */
  readonly passesMemmap: boolean;
  readonly wayBack: WayBack;
  /** In each kernel: `kexec -e`, or the bare system call of the lab's own program, which says nothing of its own. */
  readonly jumpsBy: Readonly<Record<KernelName, JumpTool>>;
};

export type Plan = {
  readonly path: string;
  readonly variant: string;
  /** How often a variant that goes round does so. */
  readonly rounds: number;
  /** How often a variant that tries again does so. */
  readonly attempts: number;
  readonly load: LoadKind;
  readonly kexec: KexecOrder;
  /** Processors that B brings up: nr_cpus= on its command line. */
  readonly dumpCpuCount: number;
  readonly ramBytes: number;
  /** First address beyond all memory, holes counted. */
  readonly memoryEnd: number;
  readonly size: Size;
  readonly devices: readonly DeviceRole[];
  readonly devicesBetween: 'quiet' | 'powered-down';
  readonly workload: string;
  readonly seed: number;
  /** Work units that each task does before it is done. */
  readonly workUnits: number;
  readonly freezer: boolean;
  readonly kernelVersion: '6.12';
  /** Whose structures A has in its memory: linux/structures. */
  readonly kernelLayout: string;
  /** Whether A lies at random addresses (layout.addresses). */
  readonly kaslr: boolean;
  /** Command line options that decide what is shown: no_console_suspend, pm_print_times. */
  readonly noConsoleSuspend: boolean;
  readonly pmPrintTimes: boolean;
  readonly quirks: readonly string[];
  /** Of the quirks, those of kexec-tools. */
  readonly defects: Defects;
  /** Start-up options of A that are not the default; unknown to no one who reads /proc/cmdline. */
  readonly commandLine: string;
  readonly faults: readonly PlannedFault[];
  readonly firmwareMap: FirmwareMap;
  readonly layout: MemoryLayout;
  /** What stands in A's memory from another machine; null: nothing. */
  readonly memory: PlannedMemory | null;
};

export const cpuCountOf = ({ size, dumpCpuCount }: Plan, kernel: KernelName): number =>
  kernel === 'original' ? size.cpuCount : kernel === 'dump' ? dumpCpuCount : 1;

export type PlannedFault = { readonly name: string; readonly where?: string };
