/**
 * The jump itself: machine_kexec and relocate_kernel of the kernel that leaves, and, when it lands in a control page, the second half
 * of the relocate_kernel of the kernel that is entered again (linux.md A1.4, A1.5, A1.9 rows 4 to 8).
 *
 * Everything is read from emulated pages: the entry must be mapped by the identity table, the control page must hold the code, the
 * entry list is walked where it stands. What does not hold ends as it ends on a machine: triple fault, reset, no line.
 */
import { addressOf, frameOf, offsetInPage, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { Box } from '../box.ts';
import {
  type ControlPage,
  controlEntryAt,
  controlEntryOffsets,
  decodeControlPage,
  encodeControlPage,
  pushedWord,
  withPushedWords,
} from '../kexec/control-page.ts';
import { decodeCpuState } from '../kexec/cpu-state.ts';
import { linkTo, walkEntryList } from '../kexec/entry-list.ts';
import { type FrameWord, hexWord } from '../kexec/word.ts';
import { imageAddress } from '../linux/kernel-address.ts';
import { leafSizeBytes, translate } from '../linux/page-tables.ts';
import { settleStructures } from '../linux/structures/settle-structures.ts';
import type { ImageRecord, KernelName } from '../machine.ts';
import { item } from '../shape.ts';
import { savedStateFrame } from './processor.ts';
import { readPageOf } from './read-page.ts';
import { stopKernel, tripleFault } from './reset.ts';
import { isAlive } from './start-kernel.ts';

/** `kexec.jump`: leaves `kernel` with its preserved image. */
export function jump(box: Box, kernel: KernelName): void {
  const { image } = box.machine.kernels[kernel];
  assert(image.loaded, `kexec.jump: ${kernel} has no image; the chart must ask first`);
  settleStructures(box, kernel);
  const page = controlPageOf(box, kernel);
  box.memory.write(image.controlFrame as Pfn, box.contents.intern(encodeControlPage(page)));
  box.machine.kernels[kernel].state = 'away';
  box.leaveBehind(kernel);
  box.note({ type: 'jump.left', kernel });
  box.own('relocation');
  const target = addressOf(image.entry as Pfn) + image.entryOffset;
  if (!swapPages(box, page)) return tripleFault(box);
  pushReturnAddress(box, page.swapFrame, addressOf(image.controlFrame as Pfn) + controlEntryOffsets.jumpBack);
  if (!isIdentity(box, page.identityRoot, target)) return tripleFault(box);
  land(box, { target, from: page });
}

/**
 * `kexec.start`: machine_kexec without a preserved context. 6.12 swaps here too, though nobody will swap back; the word that is pushed is 0,
 * so that purgatory knows of no way back (linux.md A1.4 row 11, A1.5). What was A is no kernel any more.
 */
export function startNewKernel(box: Box, kernel: KernelName): void {
  const { image } = box.machine.kernels[kernel];
  assert(image.loaded, `kexec.start: ${kernel} has no image; the chart must ask first`);
  const target = addressOf(image.entry as Pfn) + image.entryOffset;
  box.own('relocation');
  stopKernel(box, kernel);
  const identityRoot = image.identityRoot as Pfn;
  if (!swapPages(box, { identityRoot, listHead: headOf(image) })) return tripleFault(box);
  if (!isIdentity(box, identityRoot, target)) return tripleFault(box);
  box.machine.kernels.dump.state = 'running';
  box.own('purgatory');
  box.arrive('dump', { type: 'control.arrived', by: 'plain' });
}

type Landing = { readonly target: number; readonly from: ControlPage };

/** A jump lands in purgatory the first time, and in a control page whenever a kernel that left is entered again. */
function land(box: Box, landing: Landing): void {
  const frame = frameOf(physical(landing.target));
  const bytes = box.contents.bytes(box.memory.read(frame));
  const entry = controlEntryAt(bytes, offsetInPage(physical(landing.target)));
  if (entry === 'jumpBack') return comeBack(box, bytes, landing);
  const { dump } = box.machine.kernels;
  // What stands at purgatory's entry is not looked at here: its own checksum is the next thing that happens.
  if (dump.state !== 'absent') return tripleFault(box);
  dump.state = 'running';
  box.own('purgatory');
  box.arrive('dump', { type: 'control.arrived', by: 'jump' });
}

/** A's control page continues: it loads its own identity table, swap page and list (linux.md A1.9 rows 5 to 7). */
function comeBack(box: Box, bytes: Uint8Array, { target, from }: Landing): void {
  const decoded = decodeControlPage(bytes);
  if (decoded.type === 'control-page.fault') return tripleFault(box);
  const { page } = decoded;
  if (!isIdentity(box, page.identityRoot, target)) return tripleFault(box);
  const peer = BigInt(`0x${pushedWord(box.contents.bytes(box.memory.read(from.swapFrame)), 0)}`);
  if (!swapPages(box, page)) return tripleFault(box);
  const kernel = box.pickUp(page.swapFrame);
  if (kernel === undefined || !kernelIsMapped(box, kernel, page) || !hasItsRegisters(box, kernel, page))
    return tripleFault(box);
  const state = box.machine.kernels[kernel];
  state.image.entry = frameOf(physical(Number(peer)));
  state.image.entryOffset = offsetInPage(physical(Number(peer)));
  if (!isAlive(box, kernel)) {
    state.state = 'stopped';
    return box.own('nobody');
  }
  state.state = 'running';
  box.own(kernel);
  box.note({ type: 'jump.arrived', kernel });
  box.arrive(kernel, { type: 'control.arrived', by: 'return' });
}

/** The page table that CR3 named when the kernel left must still lead to its code, or the first fetch faults. */
function kernelIsMapped(box: Box, kernel: KernelName, { cr3 }: ControlPage): boolean {
  const { text } = box.plan.layout[kernel];
  const found = translate(
    frameOf(physical(Number(BigInt(`0x${cr3}`)))),
    imageAddress(box.plan.layout, kernel, text.start),
    readPageOf(box),
  );
  return found.type === 'page-tables.mapped' && frameOf(found.physical) === text.start;
}

/** What relocate_kernel put into the page and into saved_context is one and the same; a stack or a mode that is not, is not survived. */
function hasItsRegisters(box: Box, kernel: KernelName, { stackPointer, cr0, cr4 }: ControlPage): boolean {
  const saved = decodeCpuState(box.contents.bytes(box.memory.read(savedStateFrame(box.plan, kernel))));
  return saved.sp === stackPointer && saved.cr0 === cr0 && saved.cr4 === cr4;
}

/** The identity table leads to the very address that is asked for; anywhere else stands other code, or nothing. */
function isIdentity(box: Box, root: Pfn, address: number): boolean {
  const found = translate(root, BigInt(address), readPageOf(box));
  return found.type === 'page-tables.mapped' && found.physical === address;
}

/**
 * Three copies for each page in Linux, over the swap page; the ids of two frames are exchanged here, and the swap page keeps the last
 * page that went over it. False when the list cannot be followed.
 */
function swapPages(box: Box, { identityRoot, listHead }: SwapOrder): boolean {
  const skipped = box.machine.faults.skipsSwap ? skippedMove(box, listHead) : undefined;
  const isReached = reaching(box, identityRoot);
  for (const move of walkEntryList(listHead, readPageOf(box))) {
    if (move.type === 'list.fault' || !isReached(move.source) || !isReached(move.destination)) return false;
    if (move.destination === skipped) continue;
    const source = box.memory.read(move.source);
    box.memory.write(move.source, box.memory.read(move.destination));
    box.memory.write(move.destination, source);
  }
  return true;
}

type SwapOrder = Pick<ControlPage, 'identityRoot' | 'listHead'>;

/** Asked once for each 2 MiB: no leaf of an identity table for RAM is smaller, its ragged ends apart. */
function reaching(box: Box, root: Pfn): (frame: Pfn) => boolean {
  const known = new Map<number, boolean>();
  return (frame) => {
    if (!isInMemory(box, frame)) return false;
    const stretch = Math.floor(frame / framesPerLeaf);
    const isKnown = known.get(stretch) ?? isIdentity(box, root, addressOf(frame));
    known.set(stretch, isKnown);
    return isKnown;
  };
}

const framesPerLeaf = leafSizeBytes[2] / pageSizeBytes;

/** No identity table maps what lies beyond all memory: the access faults, and nobody takes the fault. */
const isInMemory = ({ plan }: Box, frame: Pfn): boolean => frame < Math.ceil(plan.memoryEnd / pageSizeBytes);

/** A planned failure: the destination of a move that is left out, once. Of two equal pages nobody could tell. */
function skippedMove(box: Box, head: FrameWord): Pfn | undefined {
  const seen = [...walkEntryList(head, readPageOf(box))].filter(
    (move) =>
      move.type === 'list.move' &&
      isInMemory(box, move.source) &&
      isInMemory(box, move.destination) &&
      box.memory.read(move.source) !== box.memory.read(move.destination),
  );
  if (seen.length === 0) return undefined;
  box.machine.faults.skipsSwap = false;
  const move = item(seen, box.choose(seen.length, 'which page the swap leaves where it is'));
  return move.type === 'list.move' ? move.destination : undefined;
}

function pushReturnAddress(box: Box, swapFrame: Pfn, address: number): void {
  const bytes = box.contents.bytes(box.memory.read(swapFrame));
  box.memory.write(swapFrame, box.contents.intern(withPushedWords(bytes, [hexWord(address)])));
}

function controlPageOf(box: Box, kernel: KernelName): ControlPage {
  const { image } = box.machine.kernels[kernel];
  const saved = decodeCpuState(box.contents.bytes(box.memory.read(savedStateFrame(box.plan, kernel))));
  return {
    stackPointer: saved.sp,
    cr0: saved.cr0,
    cr3: saved.cr3,
    cr4: saved.cr4,
    identityRoot: image.identityRoot as Pfn,
    swapFrame: image.swapFrame as Pfn,
    listHead: headOf(image),
  };
}

/** A reserved region displaces nothing, its list is empty. */
export const headOf = ({ listFrame }: Pick<ImageRecord, 'listFrame'>): FrameWord =>
  linkTo(listFrame === 0 ? undefined : pfn(listFrame));
