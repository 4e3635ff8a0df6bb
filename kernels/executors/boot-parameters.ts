/**
 * What a kernel is told when it is started, as bytes in its memory: command line and memory map (linux.md A1.6, A1.8 row 1).
 *
 *   0x000  command line, ends with 0
 *   0x800  memory map: a count and entries of 20 bytes (linux.md C.1.4)
 *
 * In Linux these are struct boot_params and a string behind it; one page with these two parts is ours.
 */
import { addressOf, type Pfn, pageSizeBytes, physical } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { e820Bytes, type FirmwareMap, firmwareMapOf, mapOfLinux, withRange } from '../firmware-map.ts';
import { mapAfterParameters } from '../linux/memory-parameters.ts';
import type { KernelName } from '../machine.ts';
import type { Plan } from '../plan.ts';

type MemoryBox = Pick<Box, 'memory' | 'contents' | 'machine' | 'plan'>;

/** COMMAND_LINE_SIZE, arch/x86/include/asm/setup.h. */
const commandLineLimit = 2048;

export type BootParameters = { readonly commandLine: string; readonly map: FirmwareMap };

export function encodeBootParameters({ commandLine, map }: BootParameters): Uint8Array {
  const page = new Uint8Array(pageSizeBytes);
  page.set(new TextEncoder().encode(commandLine).subarray(0, commandLineLimit - 1));
  page.set(e820Bytes(map), commandLineLimit);
  return page;
}

export const bootParametersDecoder = {
  name: 'boot parameters',
  decode: (bytes: Uint8Array): BootParameters => {
    const end = bytes.indexOf(0);
    const text = bytes.subarray(0, end < 0 || end > commandLineLimit ? commandLineLimit : end);
    return {
      commandLine: new TextDecoder('latin1').decode(text),
      map: firmwareMapOf(bytes.subarray(commandLineLimit)),
    };
  },
};

/** A and C are told by the boot loader; B reads the page whose address purgatory handed over. */
export function bootParameters(box: MemoryBox, kernel: KernelName): BootParameters {
  if (kernel === 'original') return { commandLine: box.plan.commandLine, map: box.plan.firmwareMap };
  if (kernel === 'restore') return { commandLine: commandLineOfC(box.plan), map: mapNow(box) };
  return box.contents.decode(bootParametersDecoder, box.memory.read(parametersFrameOf(box)));
}

/** The memory that a kernel takes itself to have: what it was told, what its command line leaves of it, and its own repairs. */
export function knownMap(box: MemoryBox, kernel: KernelName): FirmwareMap {
  const { map, commandLine } = bootParameters(box, kernel);
  return mapOfLinux(mapAfterParameters(map, commandLine).map).map;
}

/** The boot loader's entry for C keeps it in B's range: `memmap=exactmap`, as the usage texts of 2007 have it (linux.md A2.2 row 8). */
function commandLineOfC({ layout, commandLine }: Plan): string {
  const console = commandLine.split(' ').filter((word) => word.startsWith('console='));
  const ranges = layout.dumpRam.map(
    ({ start, count }) => `memmap=${(count * pageSizeBytes) / 1024}K@${addressOf(start) / 1024}K`,
  );
  return [...console, 'memmap=exactmap', ...ranges].join(' ');
}

/** A firmware that moved its tables reports 64 KiB of what was RAM as reserved. */
export function mapNow({ plan, machine }: Pick<Box, 'plan' | 'machine'>): FirmwareMap {
  if (!machine.faults.movesMemoryMap) return plan.firmwareMap;
  const low = plan.firmwareMap.filter(({ kind, start }) => kind === 'usable' && start < 2 ** 32).at(-1);
  if (low === undefined) return plan.firmwareMap;
  const start = physical(low.endExclusive - 0x10000);
  return withRange(plan.firmwareMap, { start, endExclusive: low.endExclusive, kind: 'reserved' });
}

/** A crash image is only ever started by a panic, after which nothing else runs. */
export function parametersFrameOf(box: Pick<Box, 'machine'>): Pfn {
  // Frames are stored as plain bounded numbers.
  return startedImage(box).parametersFrame as Pfn;
}

export function startedImage({ machine }: Pick<Box, 'machine'>) {
  const { image, crashImage, state } = machine.kernels.original;
  return state === 'stopped' ? crashImage : image;
}

/** `key=value` words; the last one wins, as for most parameters of Linux. */
export function parameterOf(commandLine: string, key: string): string | undefined {
  const words = commandLine.split(' ').filter((word) => word.startsWith(`${key}=`));
  return words.at(-1)?.slice(key.length + 1);
}
