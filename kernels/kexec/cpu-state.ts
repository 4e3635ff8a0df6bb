/**
 * What a processor holds in its registers, as the first 256 bytes of a page.
 *
 *   0x00  the 27 registers of an NT_PRSTATUS note, in its order: a crash note takes these 216 bytes as they are
 *   0xd8  CR0
 *   0xe0  CR3
 *   0xe8  CR4
 *   0xf0  limit of the GDT (the processor has 2 bytes, here 8)
 *   0xf8  limit of the IDT (the same)
 *
 * Sources: linux.md C.3.3, A1.4 rows 6 and 9; Linux 6.12 arch/x86/include/asm/user_64.h:user_regs_struct.
 * Left out: vector registers, debug and model-specific registers, the bases of the descriptor tables.
 */
import type { Hex64 } from '../../image/bytes.ts';
import { pageSizeBytes } from '../../image/pfn.ts';
import { readWord, wordSizeBytes, writeWord, zeroWord } from './word.ts';

// biome-ignore format: one row for each eight registers
export const noteRegisterNames = [
  'r15', 'r14', 'r13', 'r12', 'bp', 'bx', 'r11', 'r10',
  'r9', 'r8', 'ax', 'cx', 'dx', 'si', 'di', 'origAx',
  'ip', 'cs', 'flags', 'sp', 'ss', 'fsBase', 'gsBase', 'ds',
  'es', 'fs', 'gs',
] as const;
export const registerNames = [...noteRegisterNames, 'cr0', 'cr3', 'cr4', 'gdtLimit', 'idtLimit'] as const;
export type RegisterName = (typeof registerNames)[number];
export type CpuState = Readonly<Record<RegisterName, Hex64>>;

export const noteRegisterSizeBytes = noteRegisterNames.length * wordSizeBytes;
export const cpuStateSizeBytes = registerNames.length * wordSizeBytes;

/** A register that is not named is 0. */
export function encodeCpuState(state: Partial<CpuState>): Uint8Array {
  const bytes = new Uint8Array(pageSizeBytes);
  registerNames.forEach((name, index) => {
    writeWord(bytes, index * wordSizeBytes, state[name] ?? zeroWord);
  });
  return bytes;
}

export function decodeCpuState(bytes: Uint8Array): CpuState {
  const words = registerNames.map((name, index) => [name, readWord(bytes, index * wordSizeBytes)]);
  // The cast restores what Object.fromEntries forgets: the keys are exactly the names of the table.
  return Object.fromEntries(words) as CpuState;
}

export const readRegister = (bytes: Uint8Array, name: RegisterName): Hex64 =>
  readWord(bytes, registerNames.indexOf(name) * wordSizeBytes);

/** A copy with one register changed. */
export function withRegister(bytes: Uint8Array, name: RegisterName, word: Hex64): Uint8Array {
  const copy = Uint8Array.from(bytes);
  writeWord(copy, registerNames.indexOf(name) * wordSizeBytes, word);
  return copy;
}
