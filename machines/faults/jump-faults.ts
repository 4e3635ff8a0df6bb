/**
 * The jump itself goes wrong without anyone noticing at that moment. In a reserved region nothing is displaced, so A's list is empty and
 * has neither entries nor pages to spoil; B's list has one page, swapped with its own copy.
 */
import { pfn } from '../../image/pfn.ts';
import { assert } from '../../kernels/assert.ts';
import type { Box } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import type { Fault } from './fault.ts';
import { ofAllKernels } from './places.ts';

/** D.2 of linux.md: 512 words of 8 bytes a page; IND_DONE and IND_INDIRECTION end what is on it. */
const wordsPerPage = 512;
const wordSizeBytes = 8;
const endBits = 4 | 2;

export const listBitFlips: Fault = {
  name: 'list-bit-flips',
  about: 'one bit of the entry list flips in memory, right before the jump walks it',
  source: 'ours: a memory error; the list is read where it stands (linux.md A1.5, D.2)',
  places: (plan) =>
    ofAllKernels(plan, ['kexec.jump']).filter((place) => plan.load === 'on-demand' || place !== 'kexec.jump'),
  strike: flipListBit,
  // An entry may lead to another frame of A: purgatory sums what it finds at the right ones.
  breaks: ['memory-comes-back', 'processors-come-back', 'image-holds-what-it-should'],
};

function flipListBit(box: Box, command: Command): void {
  if (command.type !== 'kexec.jump') return;
  const frame = pfn(box.machine.kernels[command.kernel].image.listFrame);
  const bytes = box.contents.bytes(box.memory.read(frame)).slice();
  const word = box.choose(wordsIn(bytes), 'which entry of the list is hit');
  const bit = box.choose(wordSizeBytes * 8, 'which bit of it flips');
  const at = word * wordSizeBytes + (bit >> 3);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
  box.memory.write(frame, box.contents.intern(bytes));
}

/** Entries of the first page, the last one among them. */
function wordsIn(page: Uint8Array): number {
  const last = Array.from({ length: wordsPerPage }, (_, index) => page[index * wordSizeBytes] ?? 0).findIndex(
    (low) => (low & endBits) !== 0,
  );
  assert(last >= 0, 'list-bit-flips: the list page has no end');
  return last + 1;
}

export const swapSkipsPage: Fault = {
  name: 'swap-skips-page',
  about: 'the swap leaves one page of the list where it is: on the way out, or (dump/) on the way back',
  source: 'ours: shows who notices; linux.md A1.5',
  places: (plan) => (plan.load === 'on-demand' ? ofAllKernels(plan, ['kexec.jump']) : []),
  strike: ({ machine }) => {
    machine.faults.skipsSwap = true;
  },
  // Nobody notices: that is what the laws are for. The page that is skipped first has the code that starts processors.
  breaks: ['memory-comes-back', 'processors-come-back', 'image-holds-what-it-should'],
};

export const registerForgotten: Fault = {
  name: 'register-forgotten',
  about: 'one register of the boot processor is not restored after the return',
  source: 'ours: shows who notices; linux.md A1.9 rows 7 and 9',
  places: () => ['processor.restore'],
  strike: ({ machine }) => {
    machine.faults.forgetsRegister = true;
  },
  breaks: ['registers-come-back'],
};
