/**
 * The control page of a loaded image: code that runs while memory changes hands, and what it needs when nothing
 * else is left.
 *
 *   0x000  relocation code, up to 2,048 bytes      0x000 the way out, 0x0f2 the jump-back entry
 *   0x800  stack pointer of the kernel that left
 *   0x808  CR0
 *   0x810  CR3
 *   0x818  CR4
 *   0x820  address of the identity page table
 *   0x828  address of the swap page
 *   0x830  head of the entry list
 *   0x838  unused, then a small stack that grows down from the end
 *
 * The code is not machine code: it is a pattern that can be recognised. All it promises is where it may be
 * entered; a box that "executes" looks whether the pattern stands there, so a control page that was overwritten
 * is as fatal as it is in a machine.
 * Sources: linux.md A1.4, A1.6, D.3; Linux 6.12 arch/x86/kernel/relocate_kernel_64.S.
 * Left out: the memory-encryption flag, which stays in a register.
 */
import type { Hex64 } from '../../image/bytes.ts';
import { type Pfn, pageSizeBytes } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import { type FrameWord, readFrameWord, readWord, wordSizeBytes, writeFrameWord, writeWord } from './word.ts';

export type ControlPage = {
  readonly stackPointer: Hex64;
  readonly cr0: Hex64;
  readonly cr3: Hex64;
  readonly cr4: Hex64;
  readonly identityRoot: Pfn;
  readonly swapFrame: Pfn;
  readonly listHead: FrameWord;
};

export type DecodedControlPage =
  | { readonly type: 'control-page.decoded'; readonly page: ControlPage }
  /** Not the address of a page: whoever follows it is lost. */
  | {
      readonly type: 'control-page.fault';
      readonly field: 'identityRoot' | 'swapFrame' | 'listHead';
      readonly offset: number;
      readonly word: Hex64;
    };

/** KEXEC_CONTROL_CODE_MAX_SIZE (6.12 arch/x86/include/asm/kexec.h). */
export const controlCodeSizeBytes = 2048;
/**
 * Where control enters: relocate_kernel from the kernel; the jump-back entry from the peer (0xf2 in 6.12.117
 * [log a1]).
 */
export const controlEntryOffsets = { relocateKernel: 0, jumpBack: 0xf2 } as const;
export type ControlEntry = keyof typeof controlEntryOffsets;

export const controlPageOffsets = {
  stackPointer: 0x800,
  cr0: 0x808,
  cr3: 0x810,
  cr4: 0x818,
  identityRoot: 0x820,
  swapFrame: 0x828,
  listHead: 0x830,
} as const satisfies Record<keyof ControlPage, number>;

/** Twelve bytes each, made up; 0xcc (a breakpoint on x86) stands everywhere else in the code. */
const entryMarks: Readonly<Record<ControlEntry, string>> = {
  relocateKernel: 'KJUMP>LEAVE:',
  jumpBack: 'KJUMP<ENTER:',
};

/** `pushed` are the words on the small stack, in the order of pushing. */
export function encodeControlPage(page: ControlPage, pushed: readonly Hex64[] = []): Uint8Array {
  const bytes = relocationCode();
  writeWord(bytes, controlPageOffsets.stackPointer, page.stackPointer);
  writeWord(bytes, controlPageOffsets.cr0, page.cr0);
  writeWord(bytes, controlPageOffsets.cr3, page.cr3);
  writeWord(bytes, controlPageOffsets.cr4, page.cr4);
  writeFrameWord(bytes, controlPageOffsets.identityRoot, { frame: page.identityRoot, lowBits: 0 });
  writeFrameWord(bytes, controlPageOffsets.swapFrame, { frame: page.swapFrame, lowBits: 0 });
  writeFrameWord(bytes, controlPageOffsets.listHead, page.listHead);
  return withPushedWords(bytes, pushed);
}

export function decodeControlPage(bytes: Uint8Array): DecodedControlPage {
  const identityRoot = pageAddress(bytes, controlPageOffsets.identityRoot);
  if (identityRoot === undefined) return faultAt(bytes, 'identityRoot');
  const swapFrame = pageAddress(bytes, controlPageOffsets.swapFrame);
  if (swapFrame === undefined) return faultAt(bytes, 'swapFrame');
  const listHead = readFrameWord(bytes, controlPageOffsets.listHead);
  if (listHead === undefined) return faultAt(bytes, 'listHead');
  const page: ControlPage = {
    stackPointer: readWord(bytes, controlPageOffsets.stackPointer),
    cr0: readWord(bytes, controlPageOffsets.cr0),
    cr3: readWord(bytes, controlPageOffsets.cr3),
    cr4: readWord(bytes, controlPageOffsets.cr4),
    identityRoot,
    swapFrame,
    listHead,
  };
  return { type: 'control-page.decoded', page };
}

/** A page with the code alone: what machine_kexec copies before the rest is filled in. */
export function relocationCode(): Uint8Array {
  const bytes = new Uint8Array(pageSizeBytes);
  bytes.fill(0xcc, 0, controlCodeSizeBytes);
  bytes.set(markOf('relocateKernel'), controlEntryOffsets.relocateKernel);
  bytes.set(markOf('jumpBack'), controlEntryOffsets.jumpBack);
  return bytes;
}

/** What a processor that fetches at this offset runs into; undefined: nothing that is code. */
export function controlEntryAt(bytes: Uint8Array, offset: number): ControlEntry | undefined {
  const stands = (entry: ControlEntry): boolean =>
    controlEntryOffsets[entry] === offset &&
    markOf(entry).every((byte, index) => bytes[offset + index] === byte);
  if (stands('relocateKernel')) return 'relocateKernel';
  return stands('jumpBack') ? 'jumpBack' : undefined;
}

/** The page with words pushed onto a stack that starts at its end; the page given stays as it is. */
export function withPushedWords(bytes: Uint8Array, words: readonly Hex64[]): Uint8Array {
  const room = pageSizeBytes - controlPageOffsets.listHead - wordSizeBytes;
  assert(words.length * wordSizeBytes <= room, 'control-page: the stack must not reach the data');
  const page = Uint8Array.from(bytes);
  words.forEach((word, index) => {
    writeWord(page, pushedOffset(index), word);
  });
  return page;
}

/**
 * The word that was pushed after `index` others: on the swap page, word 0 is the return address that `call`
 * left there.
 */
export const pushedWord = (bytes: Uint8Array, index: number): Hex64 => readWord(bytes, pushedOffset(index));

const pushedOffset = (index: number): number => pageSizeBytes - (index + 1) * wordSizeBytes;

const markOf = (entry: ControlEntry): Uint8Array => new TextEncoder().encode(entryMarks[entry]);

function pageAddress(bytes: Uint8Array, offset: number): Pfn | undefined {
  const word = readFrameWord(bytes, offset);
  return word?.lowBits === 0 ? word.frame : undefined;
}

function faultAt(bytes: Uint8Array, field: 'identityRoot' | 'swapFrame' | 'listHead'): DecodedControlPage {
  const offset = controlPageOffsets[field];
  return { type: 'control-page.fault', field, offset, word: readWord(bytes, offset) };
}
