/** What is wrong with a kdump that can be read all the same, as sentences; without looking at descriptors (verify-kdump.ts does). */
import { hex } from '../../image-error.ts';
import { statusBits } from './headers.ts';
import type { KdumpFile } from './kdump-file.ts';

export function kdumpProblems({
  headers,
  source,
  dataOffset,
  kept,
  present,
  notes,
  vmcoreinfo,
}: KdumpFile): string[] {
  const problems: string[] = [];
  if ((headers.status & statusBits.incomplete) !== 0) {
    problems.push('the dump is incomplete: makedumpfile had no room for all of it');
  }
  if (dataOffset > source.length) {
    problems.push(`the file ends at offset ${hex(source.length)}, its descriptors at ${hex(dataOffset)}`);
  }
  if (notes.length === 0) problems.push('no notes: the registers of no CPU are in the dump');
  if (vmcoreinfo === undefined) problems.push('no VMCOREINFO: makedumpfile and crash need vmlinux instead');
  const strays = kept.bytes.findIndex((byte, index) => (byte & ~(present[index] ?? 0)) !== 0);
  if (strays >= 0)
    problems.push(`frame ${hex(strays * 8)} or one of the next 7 is kept, but the machine did not have it`);
  return problems;
}
