/**
 * What a boot log is computed from, and what it consists of.
 */
import type { AddressRange, FirmwareMap } from '../firmware-map.ts';
import type { CrashkernelReservation, CrashkernelWanted } from './crashkernel.ts';
import type { MessageName } from './messages/index.ts';
import type { MessageValues } from './messages/template.ts';

/** The part of the boot: setup_arch and start_kernel, the initcalls, the first program. */
export type BootStage = 'start' | 'probe' | 'userSpace';

export type BootLine = {
  readonly stage: BootStage;
  readonly timeMs: number;
  readonly message: MessageName;
  readonly values: MessageValues;
};

export type BootDescription = {
  /** In the banner of a kernel of the box; `banner` is that of a recorded one. */
  readonly release?: string;
  readonly banner?: MessageValues;
  readonly commandLine: string;
  readonly firmwareMap: FirmwareMap;
  readonly cpuCount: number;
  readonly megahertz?: number;
  readonly initrd?: AddressRange;
  readonly crashkernel?: { readonly wanted: CrashkernelWanted; readonly reservation: CrashkernelReservation };
  readonly memory: { readonly freeKib: number; readonly reservedKib: number };
  /** Sizes of the kernel's own parts; the lab kernel's when not given. */
  readonly kernelKib?: KernelKib;
  /** What became of elfcorehdr=; a good one and none at all print nothing. */
  readonly vmcore?: VmcoreOutcome;
  /** What the drivers print, device by device (probe-lines.ts). */
  readonly devices: readonly (readonly TimedLine[])[];
  /** Words of the command line that nobody in the kernel knows: they go to the first program. */
  readonly unknownParameters?: readonly string[];
};

export type KernelKib = Readonly<Record<'code' | 'data' | 'readOnly' | 'init' | 'bss', number>>;

/** linux.md A1.8 row 5 and the table after it. */
export type VmcoreOutcome =
  | { readonly type: 'headerNotFound' | 'headerNotSane' | 'zeroNotes' }
  | { readonly type: 'ioremapOnRam'; readonly page: AddressRange };

/** A line at its place in a boot: milliseconds of the boot clock, before the delay of further processors. */
export type TimedLine = {
  readonly atMs: number;
  readonly message: MessageName;
  readonly values: MessageValues;
};

export const timedLine = (atMs: number, message: MessageName, values: MessageValues = {}): TimedLine => ({
  atMs,
  message,
  values,
});

/** A range as the texts show it: the last byte, not the one after. */
export const rangeValues = ({ start, endExclusive }: AddressRange): MessageValues => ({
  start,
  end: endExclusive - 1,
});

/** Sizes of the lab kernel's parts. Log a1: the line "Memory:". */
export const labKernelKib: KernelKib = { code: 6144, data: 4428, readOnly: 2280, init: 904, bss: 2784 };

/** Log a1, second kernel: "Bringing up secondary CPUs". What comes after waits for them. */
export const cpusStartedMs = 371.622;

/** Log a1, second kernel: what its clock was calibrated to. */
export const logMegahertz = 2596.149;
