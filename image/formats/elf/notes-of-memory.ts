/** The notes that a dump of a memory has: those it came with, or made from its registers and its VMCOREINFO. */
import { bytesOfText } from '../../bytes.ts';
import type { MemoryImage } from '../../memory-image.ts';
import { encodeNote, type Note, noteHeaderSizeBytes } from './notes.ts';
import { prstatusNote } from './prstatus.ts';
import { isVmcoreinfo, vmcoreinfoNoteOf } from './vmcoreinfo.ts';

export type EncodedNotes = {
  /** One after the other, without an end mark, as in /proc/vmcore. */
  readonly bytes: Uint8Array;
  /** Where the text of VMCOREINFO is in them. */
  readonly vmcoreinfo: { readonly offset: number; readonly sizeBytes: number };
};

export function encodedNotes(memory: Pick<MemoryImage, 'cpus' | 'vmcoreinfo' | 'notes'>): EncodedNotes {
  const notes = notesOf(memory);
  const parts = notes.map(encodeNote);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let vmcoreinfo = { offset: 0, sizeBytes: 0 };
  let at = 0;
  for (const [index, part] of parts.entries()) {
    bytes.set(part, at);
    const note = notes[index];
    if (note !== undefined && isVmcoreinfo(note)) {
      // Name and its zero, padded to 4, stand between header and text.
      const nameSizeBytes = Math.ceil((note.name.length + 1) / 4) * 4;
      vmcoreinfo = { offset: at + noteHeaderSizeBytes + nameSizeBytes, sizeBytes: note.descriptor.length };
    }
    at += part.length;
  }
  return { bytes, vmcoreinfo };
}

function notesOf({
  cpus,
  vmcoreinfo,
  notes,
}: Pick<MemoryImage, 'cpus' | 'vmcoreinfo' | 'notes'>): readonly Note[] {
  if (notes !== undefined && notes.length > 0) return notes;
  const registers = cpus.map(prstatusNote);
  return vmcoreinfo === undefined ? registers : [...registers, vmcoreinfoNoteOf(bytesOfText(vmcoreinfo))];
}
