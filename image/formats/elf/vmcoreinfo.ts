/**
 * VMCOREINFO: what a dump says about the kernel it was taken from, as lines KEY=VALUE (linux.md C.3.3, C.3.4).
 *
 * Keys keep their order and may repeat; what they mean is not this file's business.
 * The text has at most 4,096 bytes (Linux 6.12 include/linux/vmcore_info.h: VMCOREINFO_BYTES is one page).
 */
import { bytesOfText, textOf } from '../../bytes.ts';
import { ImageError } from '../../image-error.ts';
import { type Note, noteBuffer } from './notes.ts';

export type VmcoreinfoPair = readonly [key: string, value: string];

export const vmcoreinfoLimitBytes = 4096;
/** Two note headers, the name padded to 12, the longest text: 4132 = 0x1024 [L b2]. */
export const vmcoreinfoBufferSizeBytes = 4132;

const noteName = 'VMCOREINFO';

export function encodeVmcoreinfo(pairs: readonly VmcoreinfoPair[]): string {
  const text = pairs.map(([key, value], index) => lineOf(key, value, index)).join('');
  if (text.length <= vmcoreinfoLimitBytes) return text;
  const facts = {
    offset: vmcoreinfoLimitBytes,
    expected: `at most ${vmcoreinfoLimitBytes} bytes`,
    found: `${text.length}`,
  };
  throw new ImageError('vmcoreinfo.too-long', facts);
}

/** The last line may lack its newline: the kernel cuts the text off at its limit. */
export function decodeVmcoreinfo(text: string): VmcoreinfoPair[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => {
    const middle = line.indexOf('=');
    if (middle < 1) throw badLine(index, line);
    return [line.slice(0, middle), line.slice(middle + 1)];
  });
}

export const vmcoreinfoValue = (pairs: readonly VmcoreinfoPair[], key: string): string | undefined =>
  pairs.find((pair) => pair[0] === key)?.[1];

/** One value out of a text, without reading the rest of it. */
export const vmcoreinfoTextValue = (text: string | undefined, key: string): string | undefined =>
  text
    ?.split('\n')
    .find((line) => line.startsWith(`${key}=`))
    ?.slice(key.length + 1);

export const vmcoreinfoNote = (pairs: readonly VmcoreinfoPair[]): Note =>
  vmcoreinfoNoteOf(bytesOfText(encodeVmcoreinfo(pairs)));

/** Of a text that is taken as it stands. */
export const vmcoreinfoNoteOf = (descriptor: Uint8Array): Note => ({ name: noteName, type: 0, descriptor });

/** The buffer in A's memory that the last PT_NOTE of elfcorehdr points to. */
export const vmcoreinfoBuffer = (pairs: readonly VmcoreinfoPair[]): Uint8Array =>
  noteBuffer(vmcoreinfoNote(pairs), vmcoreinfoBufferSizeBytes);

export const isVmcoreinfo = (note: Note): boolean => note.name === noteName;

export const vmcoreinfoOf = (note: Note): VmcoreinfoPair[] => decodeVmcoreinfo(textOf(note.descriptor));

function lineOf(key: string, value: string, index: number): string {
  const line = `${key}=${value}`;
  if (key === '' || key.includes('=') || line.includes('\n')) throw badLine(index, line);
  return `${line}\n`;
}

const badLine = (index: number, line: string): ImageError =>
  new ImageError('vmcoreinfo.bad-line', {
    offset: index + 1,
    expected: 'KEY=VALUE',
    found: JSON.stringify(line.slice(0, 80)),
  });
