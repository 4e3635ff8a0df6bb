/** What `kjump image forecast` takes, and what follows from it for the machine. */
import { type GivenMachine, type Machine, machineOf } from '../../image/forecast/machine.ts';
import { type MachineLog, readMachineLog } from '../../image/forecast/machine-log.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import type { Files } from '../cli/files.ts';
import {
  address,
  flag,
  type OptionTable,
  oneOfWords,
  optionalText,
  type ValuesOf,
  wholeNumber,
} from '../cli/options.ts';

export const forecastTable = {
  dmesg: optionalText({
    takes: 'LOG',
    help: 'the log of the machine, or as much of it as shows its memory map',
  }),
  kernel: optionalText({
    takes: 'RELEASE',
    help: 'of the kernel that resumes, such as 6.12',
    otherwise: "the log's",
  }),
  ram: address({ takes: 'SIZE', help: 'RAM of the machine, when it is not what the log shows' }),
  frames: wholeNumber({ takes: 'N', help: 'frames of RAM of the machine', otherwise: undefined }),
  'memory-map-crc': optionalText({
    takes: 'HEX',
    help: "of the machine's memory map",
    otherwise: "the log's",
  }),
  'hardware-signature': optionalText({
    takes: 'HEX',
    help: 'the ACPI signature that the kernel compares: it does with acpi_sleep=s4_hwsig',
  }),
  offset: address({
    takes: 'BYTES',
    help: 'where the header page of a swap file is, or where a stream begins; otherwise as resume_offset= says',
  }),
  saving: flag('the machine is about to hibernate onto FILE: will the image fit?'),
  meminfo: optionalText({ takes: 'FILE', help: '/proc/meminfo of the machine that is about to hibernate' }),
  'image-size': address({ takes: 'SIZE', help: '/sys/power/image_size (two fifths of RAM if not given)' }),
  'reserved-size': address({ takes: 'SIZE', help: '/sys/power/reserved_size (1M if not given)' }),
  'swap-free': address({
    takes: 'SIZE',
    help: 'free swap, when FILE is not the swap area or part of it is in use',
  }),
  compressor: oneOfWords(['lzo', 'lz4', 'none'], { takes: 'NAME', help: 'how the machine will compress' }),
} satisfies OptionTable;

export type ForecastValues = ValuesOf<typeof forecastTable>;

export type LogText = { readonly text: string; readonly log: MachineLog };

export function logOf(files: Files, { dmesg }: ForecastValues): LogText | undefined {
  if (dmesg === undefined) return undefined;
  const text = files.read(dmesg);
  return { text, log: readMachineLog(text) };
}

export function givenMachine(values: ForecastValues, log: MachineLog | undefined): Machine {
  const hardwareSignature = hexOf('--hardware-signature', values['hardware-signature']);
  const memoryMapCrc = hexOf('--memory-map-crc', values['memory-map-crc']);
  const given: GivenMachine = {
    ...(log !== undefined && { log }),
    ...(values.kernel !== undefined && { release: values.kernel }),
    ...(values.frames !== undefined && { frameCount: values.frames }),
    ...(values.ram !== undefined && { ramBytes: values.ram }),
    ...(hardwareSignature !== undefined && { hardwareSignature }),
    ...(memoryMapCrc !== undefined && { memoryMapCrc: memoryMapCrc.toString(16).padStart(16, '0') }),
  };
  return machineOf(given);
}

function hexOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits] = /^(?:0x)?([0-9a-f]{1,8})$/i.exec(text) ?? [];
  if (digits !== undefined) return Number(`0x${digits}`);
  throw new OptionError('option.text', { option, expected: 'up to 8 hex digits', found: text });
}
