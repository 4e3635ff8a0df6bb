/**
 * The log as text, byte for byte as `makedumpfile --dump-dmesg` writes it: seconds in five columns and microseconds in brackets,
 * further lines of a record indented below its first, bytes that are neither printable nor white space as \xNN. From 0x80 up makedumpfile
 * writes \xffffffNN, because its bytes are signed; `vmcore-dmesg` writes \xNN, and does not indent. Checked against both tools.
 * Source: makedumpfile 1.7.2 printk.c:dump_record.
 */
import type { LogRecord } from './printk-ring.ts';

export const formatDmesg = (records: readonly LogRecord[]): string => records.map(dmesgLine).join('');

export function dmesgLine({ timeNs, textBytes }: Pick<LogRecord, 'timeNs' | 'textBytes'>): string {
  const stamp = stampOf(timeNs);
  let text = '';
  for (const byte of textBytes) text += byte === newline ? `\n${' '.repeat(stamp.length)}` : shown(byte);
  return `${stamp}${text}\n`;
}

/** `[    6.175994] `, as on the console. */
export function stampOf(timeNs: number): string {
  const microseconds = Math.floor(timeNs / 1000);
  const seconds = Math.floor(microseconds / 1e6);
  return `[${String(seconds).padStart(5)}.${String(microseconds % 1e6).padStart(6, '0')}] `;
}

const newline = 0x0a;

/** isprint and isspace of the C locale: 0x20 to 0x7e, and tab to carriage return. */
function shown(byte: number): string {
  if ((byte >= 0x20 && byte <= 0x7e) || (byte >= 0x09 && byte <= 0x0d)) return String.fromCharCode(byte);
  const signExtension = byte >= 0x80 ? 'ffffff' : '';
  return `\\x${signExtension}${byte.toString(16).padStart(2, '0')}`;
}
