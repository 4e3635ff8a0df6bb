/**
 * The plan of a box: what it is made of and how the run is meant to go. Constant over a run, part of no world; two runs with the
 * same plan and the same picks are the same run.
 */
import type { DeviceRole } from './devices/device-role.ts';
import type { FirmwareMap } from './firmware-map.ts';
import type { Defects } from './kexec/defects.ts';
import type { MemoryLayout } from './linux/memory-layout.ts';
import type { Size } from './machine.ts';

export type LoadKind = 'reserved' | 'on-demand';

export type Plan = {
  readonly path: string;
  readonly variant: string;
  /** How often a variant that goes round does so. */
  readonly rounds: number;
  readonly load: LoadKind;
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
};

export type PlannedFault = { readonly name: string; readonly where?: string };
