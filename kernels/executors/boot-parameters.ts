/**
 * What a kernel is told when it is started, as bytes in its memory: command line and memory map (linux.md A1.6, A1.8 row 1).
 *
 *   0x000  command line, ends with 0
 *   0x800  memory map: a count and entries of 20 bytes (linux.md C.1.4)
 *
 * In Linux these are struct boot_params and a string behind it; one page with these two parts is ours.
 */
import { type Pfn, pageSizeBytes } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { e820Bytes, type FirmwareMap, firmwareMapOf } from '../firmware-map.ts';
import type { KernelName } from '../machine.ts';

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

/** A is told by the boot loader; B reads the page whose address purgatory handed over. */
export function bootParameters(box: MemoryBox, kernel: KernelName): BootParameters {
  if (kernel === 'original') return { commandLine: box.plan.commandLine, map: box.plan.firmwareMap };
  return box.contents.decode(bootParametersDecoder, box.memory.read(parametersFrameOf(box)));
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
