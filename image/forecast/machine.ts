/** The machine that is to resume: what its log says, and what whoever asks knows beyond that. What neither knows is undefined. */
import type { Hex64 } from '../bytes.ts';
import { pageSizeBytes } from '../pfn.ts';
import { type FrameSpan, firmwareMapCrc, usableFrames } from './firmware-map.ts';
import type { MachineLog } from './machine-log.ts';
import type { Loader } from './snapshot-loader.ts';

export type Machine = Loader & {
  readonly release: string | undefined;
  /** Words of the command line. */
  readonly parameters: readonly string[] | undefined;
  /** What the kernel compares: undefined when it cannot be known. */
  readonly hardwareSignature: number | undefined;
  readonly availableFrames: number | undefined;
  readonly isResumeSeen: boolean;
  readonly isLockedDown: boolean;
  readonly refusals: readonly string[];
  readonly missingCodecs: readonly string[];
};

/** Each wins over the log. */
export type GivenMachine = {
  readonly log?: MachineLog;
  readonly release?: string;
  readonly frameCount?: number;
  /** Other RAM than the log's has another memory map, which nobody knows. */
  readonly ramBytes?: number;
  readonly hardwareSignature?: number;
  readonly memoryMapCrc?: Hex64;
};

export function machineOf(given: GivenMachine): Machine {
  const log = given.log === undefined ? undefined : withRam(given.log, given.ramBytes);
  const release = given.release ?? log?.release;
  const parameters = log?.commandLine?.split(/\s+/).filter((word) => word !== '');
  return {
    release,
    parameters,
    memoryMapCrc: given.memoryMapCrc ?? crcOf(log),
    formerMapCrc: log === given.log ? undefined : crcOf(given.log),
    frameCount: given.frameCount ?? frameCountOf(log, parameters),
    ramBytes: given.ramBytes,
    zones: zonesOf(log, given.frameCount),
    availableFrames: log?.availableFrames,
    hardwareSignature: given.hardwareSignature ?? defaultSignature(parameters),
    knowsZeroPages: isAtLeast(release, 6, 6) ?? true,
    isResumeSeen: log?.isResumeSeen ?? false,
    isLockedDown: log?.isLockedDown ?? false,
    refusals: log?.refusals ?? [],
    missingCodecs: log?.missingCodecs ?? [],
  };
}

const crcOf = (log: MachineLog | undefined): Hex64 | undefined =>
  log?.firmwareMap === undefined ? undefined : firmwareMapCrc(log.firmwareMap);

/** Frames told by the firmware count only where nothing on the command line may take some away. */
function frameCountOf(
  log: MachineLog | undefined,
  parameters: readonly string[] | undefined,
): number | undefined {
  if (log?.frameCount !== undefined) return log.frameCount;
  const isCut = parameters?.some((word) => /^(mem|memmap|efi_fake_mem)=/.test(word)) ?? false;
  if (log?.presentFrames !== undefined) return log.presentFrames;
  return log?.firmwareMap === undefined || isCut ? undefined : usableFrames(log.firmwareMap);
}

/** Another number of frames than the log's has other zones. */
function zonesOf(
  log: MachineLog | undefined,
  frameCount: number | undefined,
): readonly FrameSpan[] | undefined {
  return frameCount === undefined || frameCount === log?.frameCount ? log?.zones : undefined;
}

/** Firmware keeps some of the RAM: up to a sixteenth less in the log is taken for the same machine. */
function withRam(log: MachineLog, ramBytes: number | undefined): MachineLog {
  const logBytes = (log.frameCount ?? 0) * pageSizeBytes;
  if (ramBytes === undefined || (logBytes <= ramBytes && logBytes > (ramBytes / 16) * 15)) return log;
  return {
    ...log,
    firmwareMap: undefined,
    frameCount: undefined,
    presentFrames: undefined,
    availableFrames: undefined,
    zones: undefined,
  };
}

/**
 * Linux compares the signature of the firmware only when told so with acpi_sleep=s4_hwsig; otherwise it takes 0
 * (6.12 drivers/acpi/sleep.c, acpi_sleep_hibernate_setup; log x9).
 */
function defaultSignature(parameters: readonly string[] | undefined): number | undefined {
  const isCompared = parameters?.some((word) => /^acpi_sleep=(.*,)?s4_hwsig(,|$)/.test(word)) ?? false;
  return isCompared ? undefined : 0;
}

/** Undefined when the release is not known. */
export function isAtLeast(release: string | undefined, major: number, minor: number): boolean | undefined {
  const [, foundMajor, foundMinor] = /^(\d+)\.(\d+)/.exec(release ?? '') ?? [];
  if (foundMajor === undefined || foundMinor === undefined) return undefined;
  return Number(foundMajor) > major || (Number(foundMajor) === major && Number(foundMinor) >= minor);
}
