/**
 * ELF notes as Linux lays them out (linux.md C.3.3): each is
 *
 *    0 size of the name with its NUL, u32
 *    4 size of the descriptor, u32
 *    8 type, u32
 *   12 name, padded to 4
 *    . descriptor, padded to 4
 *
 * In the per-CPU buffers of kernel A twelve zero bytes end the list; the merged note of /proc/vmcore has no such end.
 */
import { ByteReader, ByteWriter } from '../../bytes.ts';
import { ImageError } from '../../image-error.ts';

export type Note = {
  readonly name: string;
  readonly type: number;
  readonly descriptor: Uint8Array;
};

export const noteHeaderSizeBytes = 12;

export function encodeNote({ name, type, descriptor }: Note): Uint8Array {
  const nameSizeBytes = name.length + 1;
  const descriptorOffset = noteHeaderSizeBytes + padded(nameSizeBytes);
  const bytes = new Uint8Array(descriptorOffset + padded(descriptor.length));
  const writer = new ByteWriter(bytes);
  writer.u32(0, nameSizeBytes);
  writer.u32(4, descriptor.length);
  writer.u32(8, type);
  writer.text(noteHeaderSizeBytes, name);
  writer.bytes(descriptorOffset, descriptor);
  return bytes;
}

/** The notes up to the end mark or the end of the bytes; every note takes at least 12 bytes, so the bytes bound the loop. */
export function decodeNotes(bytes: Uint8Array, baseOffset = 0): Note[] {
  const reader = new ByteReader(bytes, baseOffset);
  const notes: Note[] = [];
  for (let at = 0; at < bytes.length; ) {
    const nameSizeBytes = reader.u32(at);
    if (nameSizeBytes === 0) break;
    const sizeBytes = noteSizeBytes(nameSizeBytes, reader.u32(at + 4));
    if (at + sizeBytes > bytes.length) throw pastTheEnd(baseOffset + at, sizeBytes, bytes.length - at);
    const descriptorOffset = at + noteHeaderSizeBytes + padded(nameSizeBytes);
    notes.push({
      name: withoutNul(reader.text(at + noteHeaderSizeBytes, nameSizeBytes)),
      type: reader.u32(at + 8),
      descriptor: reader.bytes(descriptorOffset, reader.u32(at + 4)),
    });
    at += sizeBytes;
  }
  return notes;
}

export const noteSizeBytes = (nameSizeBytes: number, descriptorSizeBytes: number): number =>
  noteHeaderSizeBytes + padded(nameSizeBytes) + padded(descriptorSizeBytes);

/** What A keeps for one CPU or for VMCOREINFO: the note, the end mark, and zeros up to the size of the buffer. */
export function noteBuffer(note: Note, sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  const encoded = encodeNote(note);
  new ByteWriter(bytes).bytes(0, encoded);
  new ByteWriter(bytes).bytes(encoded.length, new Uint8Array(noteHeaderSizeBytes));
  return bytes;
}

const padded = (sizeBytes: number): number => Math.ceil(sizeBytes / 4) * 4;

const withoutNul = (name: string): string => {
  const end = name.indexOf('\0');
  return end < 0 ? name : name.slice(0, end);
};

const pastTheEnd = (offset: number, sizeBytes: number, leftBytes: number): ImageError =>
  new ImageError('note.damaged', {
    offset,
    expected: `${sizeBytes} bytes of note`,
    found: `${leftBytes} left`,
  });
