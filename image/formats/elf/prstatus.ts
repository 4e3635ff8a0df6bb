/**
 * NT_PRSTATUS: the registers of one CPU at the crash or at the jump (linux.md C.3.3).
 *
 * Descriptor of 336 bytes (struct elf_prstatus, Linux 6.12 include/linux/elfcore.h, x86-64): process id at 32, 27 registers of
 * 8 bytes at 112 in the order of `registerNames` (struct user_regs_struct), "floating point is valid" at 328.
 * The kernel fills in only process id and registers (kernel/crash_core.c:crash_save_cpu); the rest is zero.
 */
import { ByteReader, ByteWriter, type Hex64 } from '../../bytes.ts';
import { ImageError } from '../../image-error.ts';
import { type Note, noteBuffer } from './notes.ts';

export type Prstatus = {
  readonly pid: number;
  /** 27 registers of 8 bytes, little-endian, in the order of `registerNames`. */
  readonly registers: Uint8Array;
};

// biome-ignore format: the order is the fact
export const registerNames = [
  'r15', 'r14', 'r13', 'r12', 'bp', 'bx', 'r11', 'r10', 'r9', 'r8', 'ax', 'cx', 'dx', 'si', 'di', 'orig_ax',
  'ip', 'cs', 'flags', 'sp', 'ss', 'fs_base', 'gs_base', 'ds', 'es', 'fs', 'gs',
] as const;
export type RegisterName = (typeof registerNames)[number];

export const registersSizeBytes = registerNames.length * 8;
/** Two note headers, the name "CORE" padded to 8, the descriptor: 368 = 0x170 [L b2]. */
export const crashNoteSizeBytes = 368;

const descriptorSizeBytes = 336;
const pidOffset = 32;
const registersOffset = 112;
const prstatusType = 1;

export function prstatusNote({ pid, registers }: Prstatus): Note {
  const descriptor = new Uint8Array(descriptorSizeBytes);
  if (registers.length !== registersSizeBytes) throw wrongSize(registersSizeBytes, registers.length);
  const writer = new ByteWriter(descriptor);
  writer.u32(pidOffset, pid);
  writer.bytes(registersOffset, registers);
  return { name: 'CORE', type: prstatusType, descriptor };
}

/** The per-CPU buffer in A's memory that a PT_NOTE of elfcorehdr points to. */
export const crashNoteBuffer = (status: Prstatus): Uint8Array =>
  noteBuffer(prstatusNote(status), crashNoteSizeBytes);

export const isPrstatus = (note: Note): boolean => note.name === 'CORE' && note.type === prstatusType;

export function decodePrstatus({ descriptor }: Note): Prstatus {
  if (descriptor.length !== descriptorSizeBytes) throw wrongSize(descriptorSizeBytes, descriptor.length);
  const reader = new ByteReader(descriptor);
  return { pid: reader.u32(pidOffset), registers: reader.bytes(registersOffset, registersSizeBytes) };
}

export const registerOf = (registers: Uint8Array, name: RegisterName): Hex64 =>
  new ByteReader(registers).hex64(registerNames.indexOf(name) * 8);

const wrongSize = (expected: number, found: number): ImageError =>
  new ImageError('prstatus.wrong-size', { offset: 0, expected: `${expected} bytes`, found: `${found}` });
