/** What is wrong with a kdump that can be read all the same, as sentences; without looking at descriptors (verify-kdump.ts does). */
import { textOf } from '../../bytes.ts';
import { hex } from '../../image-error.ts';
import { isPrstatus } from '../elf/prstatus.ts';
import { isVmcoreinfo } from '../elf/vmcoreinfo.ts';
import { statusBits } from './headers.ts';
import type { KdumpFile } from './kdump-file.ts';

export const kdumpProblems = (file: KdumpFile): string[] => [...kdumpDamage(file), ...missingNotes(file)];

/** Only what was there and is not as it was: a dump without registers may be whole. */
export function kdumpDamage(file: KdumpFile): string[] {
  const { headers, source, dataOffset } = file;
  const problems: string[] = [];
  if ((headers.status & statusBits.incomplete) !== 0) {
    problems.push('the dump is incomplete: makedumpfile had no room for all of it');
  }
  if (dataOffset > source.length) {
    problems.push(`the file ends at offset ${hex(source.length)}, its descriptors at ${hex(dataOffset)}`);
  }
  return [...problems, ...noteProblems(file), ...bitmapProblems(file)];
}

function noteProblems({ headers, notes, vmcoreinfo }: KdumpFile): string[] {
  if (headers.notes.sizeBytes > 0 && notes.length === 0) {
    return [`the header tells of notes at offset ${hex(headers.notes.offset)}, where none are`];
  }
  const note = notes.find(isVmcoreinfo);
  const isToldApart =
    note === undefined ? headers.vmcoreinfo.sizeBytes > 0 : textOf(note.descriptor) !== vmcoreinfo;
  if (notes.length === 0 || !isToldApart) return [];
  return ['the header says that VMCOREINFO is elsewhere than in the notes'];
}

function bitmapProblems({ kept, present }: KdumpFile): string[] {
  const strays = kept.bytes.findIndex((byte, index) => (byte & ~(present[index] ?? 0)) !== 0);
  if (strays < 0) return [];
  return [`frame ${hex(strays * 8)} or one of the next 7 is kept, but the machine did not have it`];
}

function missingNotes({ notes, vmcoreinfo }: KdumpFile): string[] {
  const problems: string[] = [];
  if (!notes.some(isPrstatus)) {
    problems.push('no NT_PRSTATUS note: the registers of no CPU are in the dump');
  }
  if (vmcoreinfo === undefined) problems.push('no VMCOREINFO: makedumpfile and crash need vmlinux instead');
  return problems;
}
