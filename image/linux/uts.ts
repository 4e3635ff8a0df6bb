/** struct new_utsname: six texts of 65 bytes, each ended by a zero (linux.md C.4.1). In init_uts_ns and in the header of a kdump. */
import { ByteReader, ByteWriter, textOf } from '../bytes.ts';
import { type Uts, utsFields } from '../memory-image.ts';
import type { KernelMemory } from './kernel-memory.ts';

export const utsFieldSizeBytes = 65;
export const utsSizeBytes = utsFields.length * utsFieldSizeBytes;

export function decodeUts(bytes: Uint8Array): Uts {
  const reader = new ByteReader(bytes);
  const texts = utsFields.map((field, index) => {
    const field65 = reader.bytes(index * utsFieldSizeBytes, utsFieldSizeBytes);
    const end = field65.indexOf(0);
    return [field, textOf(end < 0 ? field65 : field65.subarray(0, end))];
  });
  // The compiler cannot see that the entries are one for each field.
  return Object.fromEntries(texts) as Uts;
}

export function encodeUts(uts: Uts): Uint8Array {
  const bytes = new Uint8Array(utsSizeBytes);
  const writer = new ByteWriter(bytes);
  for (const [index, field] of utsFields.entries())
    writer.text(index * utsFieldSizeBytes, uts[field].slice(0, utsFieldSizeBytes - 1));
  return bytes;
}

export function readUts(kernel: KernelMemory): Uts {
  const { facts } = kernel;
  // OFFSET(uts_namespace.name) came in 5.10; before, a kref of four bytes stood before the name.
  const within = facts.has('OFFSET(uts_namespace.name)') ? facts.offset('uts_namespace.name') : 4;
  return decodeUts(kernel.read(facts.symbol('init_uts_ns') + BigInt(within), utsSizeBytes));
}
