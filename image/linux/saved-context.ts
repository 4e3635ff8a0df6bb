/**
 * The registers of a hibernated kernel, out of its memory: the processor that made the image kept them in `saved_context`.
 *
 * VMCOREINFO does not name that symbol, but the code that goes on after a resume begins by loading its address: the entry point stands in
 * the image, and its first instructions are read for `mov $saved_context, %rax` (or `lea` of it) before the stack pointer is taken
 * from there. The frame that is told is the caller's, to which that code returns 0. The other processors were off.
 * Sources: Linux 6.12 arch/x86/power/hibernate_asm_64.S (restore_registers, swsusp_arch_suspend), arch/x86/include/asm/suspend_64.h
 * (struct saved_context begins with struct pt_regs, whose 21 words are the first of user_regs_struct).
 */
import { ByteReader, ByteWriter, type Hex64 } from '../bytes.ts';
import { type Prstatus, registerNames, registersSizeBytes } from '../formats/elf/prstatus.ts';
import { ImageError } from '../image-error.ts';
import type { MachineFacts } from '../memory-image.ts';
import type { KernelMemory } from './kernel-memory.ts';

const codeSizeBytes = 128;
const ptRegsSizeBytes = 21 * 8;
/** movq 152(%rax), %rsp: the stack pointer is at 152 in pt_regs. */
const loadStackPointer = [0x48, 0x8b, 0xa0, 152, 0, 0, 0];
/** movq $imm32, %rax, and leaq disp32(%rip), %rax; each with four bytes of operand. */
const moveImmediate = [0x48, 0xc7, 0xc0];
const loadRelative = [0x48, 0x8d, 0x05];
const loadSizeBytes = 7;

export function savedContext(kernel: KernelMemory, reentry: MachineFacts['reentry']): Prstatus | undefined {
  if (reentry === undefined) return undefined;
  try {
    const code = kernel.readPhysical(reentry.physical, codeSizeBytes);
    const address = contextAddress(code, BigInt(`0x${reentry.virtual}`));
    return address === undefined ? undefined : { pid: 0, registers: registersAt(kernel, address) };
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

function contextAddress(code: Uint8Array, start: bigint): bigint | undefined {
  const stackAt = indexOf(code, loadStackPointer);
  const at = stackAt - loadSizeBytes;
  if (at < 0) return undefined;
  const operand = BigInt(new DataView(code.buffer, code.byteOffset).getInt32(at + 3, true));
  const instruction = [...code.subarray(at, at + 3)];
  if (isSame(instruction, moveImmediate)) return BigInt.asUintN(64, operand);
  return isSame(instruction, loadRelative)
    ? BigInt.asUintN(64, start + BigInt(stackAt) + operand)
    : undefined;
}

function registersAt(kernel: KernelMemory, address: bigint): Uint8Array {
  const registers = new Uint8Array(registersSizeBytes);
  registers.set(kernel.read(address, ptRegsSizeBytes));
  const writer = new ByteWriter(registers);
  const place = (name: (typeof registerNames)[number]): number => registerNames.indexOf(name) * 8;
  const stack = BigInt(`0x${new ByteReader(registers).hex64(place('sp'))}`);
  // It is saved with the return address on top, and nothing else of the code segment is.
  writer.hex64(place('ip'), hex64(kernel.readWord(stack)));
  writer.hex64(place('sp'), hex64(stack + 8n));
  writer.u64(place('ax'), 0);
  writer.u64(place('cs'), kernelCodeSegment);
  writer.u64(place('ss'), kernelDataSegment);
  return registers;
}

/** __KERNEL_CS and __KERNEL_DS (Linux 6.12 arch/x86/include/asm/segment.h). */
const kernelCodeSegment = 0x10;
const kernelDataSegment = 0x18;

function indexOf(bytes: Uint8Array, wanted: readonly number[]): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(Uint8Array.from(wanted));
}

const isSame = (one: readonly number[], other: readonly number[]): boolean =>
  one.every((value, index) => value === other[index]);

const hex64 = (value: bigint): Hex64 => BigInt.asUintN(64, value).toString(16).padStart(16, '0');
