/**
 * What the operator asks of kexec-tools when loading a kernel, and which memory that leaves to choose from.
 * Source: kexec-tools kexec/kexec.c:main, kexec/arch/i386/kexec-x86-common.c (mem_min and mem_max of a crash
 * load); linux.md A1.7.
 */
import { type PhysicalAddress, physical } from '../../image/pfn.ts';
import { type AddressRange, type FirmwareMap, usableRanges } from '../firmware-map.ts';
import { type Defects, defectsOf } from './defects.ts';
import { clipped } from './place-segments.ts';
import { rangeStart } from './range-of-dump-kernel.ts';
import { type ToolExit, toolExits } from './tool-messages.ts';

export type ToolRequest = {
  /** `kexec -l`, `kexec -l --load-preserve-context`, `kexec -p`. */
  readonly kind: 'plain' | 'jump' | 'crash';
  /** As the running kernel shows it in /proc/iomem: `mapOfLinux`. */
  readonly map: FirmwareMap;
  readonly commandLine: string;
  /**
   * What the kernel takes while it boots (init_size), and its file: A1.7 has 0xe4d pages and an initrd of
   * 0x386.
   */
  readonly kernelPages?: number;
  readonly kernelFileBytes?: number;
  readonly initrdBytes?: number;
  readonly kernelPath?: string;
  readonly cpuCount?: number;
  readonly memMin?: PhysicalAddress;
  /** Last address that B may have. */
  readonly memMax?: PhysicalAddress;
  readonly crashReservation?: AddressRange;
  /**
   * How a jump keeps B to its range: by boot parameters, by --pass-memmap-cmdline, or by a `mem=` that the
   * operator adds.
   */
  readonly limitBy?: 'boot parameters' | 'memmap' | 'mem';
  readonly acpiRsdp?: PhysicalAddress;
  /** The random generator is ready, so a seed goes along [logs a15, b1 have it, a1 not]. */
  readonly hasRandomSeed?: boolean;
  /** Newer tools take kexec_file_load unless told -c, and that call knows no jump. */
  readonly usesFileCall?: boolean;
  readonly defects?: Defects;
};

/** What can be wrong with the options alone, in the order in which main() looks. */
export function refusedOptions({
  kind,
  crashReservation,
  memMax,
  usesFileCall,
}: ToolRequest): ToolExit | undefined {
  if (kind === 'crash' && crashReservation === undefined) return toolExits.noReservation;
  if (kind === 'jump' && memMax === undefined) return toolExits.noMemMax;
  if (kind === 'jump' && usesFileCall === true) return toolExits.needsLoadCall;
  return undefined;
}

export const defectsIn = ({ defects }: ToolRequest): Defects => defects ?? defectsOf();

/** B's own memory above 1 MiB; for a plain load, which shares nothing, all there is. */
export function ownRange(request: ToolRequest): AddressRange {
  const { kind, map, memMax, crashReservation } = request;
  if (kind === 'crash' && crashReservation !== undefined) return crashReservation;
  const endExclusive = physical(memMax === undefined ? 2 ** 64 : memMax + 1);
  return { start: rangeStart(map, defectsIn(request)), endExclusive };
}

/**
 * RAM that segments may be put into. A crash load has the reservation as its limits, whatever the options say.
 */
export function loadableRam(request: ToolRequest): readonly AddressRange[] {
  const own = ownRange(request);
  const lowest = request.kind === 'crash' ? own.start : (request.memMin ?? 0);
  return clipped(usableRanges(request.map), lowest, own.endExclusive);
}
