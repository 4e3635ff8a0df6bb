/**
 * A bit of what the jump depends on flips in memory: the control page that is entered, the identity table that is walked, the region in
 * which B waits. Who notices is the processor, which faults, or purgatory, which sums; for what nobody sums see test/faults.
 * Lists: list-bit-flips; segments while purgatory looks: image-damaged.
 */
import { type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import type { Box } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import { readPageOf } from '../../kernels/executors/read-page.ts';
import { headOf } from '../../kernels/executors/relocation.ts';
import { controlPageOffsets } from '../../kernels/kexec/control-page.ts';
import { walkEntryList } from '../../kernels/kexec/entry-list.ts';
import type { FrameRange } from '../../kernels/linux/memory-layout.ts';
import { tableFramesOf } from '../../kernels/linux/page-tables.ts';
import type { ImageRecord } from '../../kernels/machine.ts';
import { zeroContent } from '../../kernels/memory/contents.ts';
import { item } from '../../kernels/shape.ts';
import type { Fault } from './fault.ts';
import { ofAllKernels } from './places.ts';

export const controlPageDamaged: Fault = {
  name: 'control-page-damaged',
  about: 'a word of the control page that is entered has another bit',
  source: 'ours: a memory error; linux.md A1.4, A1.9 rows 5 to 7, D.3',
  // What A enters the first time is purgatory; later, and from B and C, it is a control page.
  places: (plan) =>
    ofAllKernels(plan, ['kexec.jump']).map((place) => (place === 'kexec.jump' ? `${place}#2` : place)),
  strike: atJump((box, image) => {
    const offsets = Object.values(controlPageOffsets);
    const offset = item(offsets, box.choose(offsets.length, 'which word of the control page is hit'));
    flip(box, pfn(image.entry), { offset: offset + 1, bit: box.choose(8, 'which bit of it') });
  }),
};

export const identityTableDamaged: Fault = {
  name: 'identity-table-damaged',
  about: 'an entry of the page tables that the jump runs on is no longer present',
  source: 'ours: a memory error; linux.md A1.8 row 7: what is not mapped ends in a triple fault',
  places: (plan) => ofAllKernels(plan, ['kexec.jump']),
  strike: atJump((box, image) => {
    const tables = [...tableFramesOf(pfn(image.identityRoot), readPageOf(box))];
    const frame = item(tables, box.choose(tables.length, 'which page of the tables is hit'));
    const bytes = box.contents.bytes(box.memory.read(frame));
    const present = Array.from({ length: pageSizeBytes / 8 }, (_, index) => index * 8).filter(
      (offset) => ((bytes[offset] ?? 0) & 1) !== 0,
    );
    flip(box, frame, { offset: item(present, box.choose(present.length, 'which entry is hit')), bit: 0 });
  }),
};

export const regionOverwritten: Fault = {
  name: 'region-overwritten',
  about: 'a wild write of A hits the pages in which B waits, right before the jump',
  source: '[L b3] "sha256 digests do not match :("; linux.md E row 6',
  places: () => ['kexec.jump'],
  strike: atJump((box, image) => {
    const frames = framesOfB(box, image).filter((frame) => box.memory.read(frame) !== zeroContent);
    const frame = item(frames, box.choose(frames.length, 'which page of B is hit'));
    flip(box, frame, { offset: box.choose(pageSizeBytes, 'which byte of it'), bit: 0 });
  }),
};

/** Where the pages stand that will be B's: in the region, or in the source pages of the list. */
function framesOfB(box: Box, image: ImageRecord): readonly Pfn[] {
  const moves = [...walkEntryList(headOf(image), readPageOf(box))];
  const sources = moves.flatMap((move) => (move.type === 'list.move' ? [move.source] : []));
  return sources.length > 0 ? sources : box.plan.layout.dumpRam.flatMap(framesIn);
}

const framesIn = ({ start, count }: FrameRange): readonly Pfn[] =>
  Array.from({ length: count }, (_, index) => pfn(start + index));

type AtJump = (box: Box, image: ImageRecord) => void;

function atJump(strike: AtJump) {
  return (box: Box, command: Command): void => {
    if (command.type === 'kexec.jump') strike(box, box.machine.kernels[command.kernel].image);
  };
}

function flip(
  box: Box,
  frame: Pfn,
  { offset, bit }: { readonly offset: number; readonly bit: number },
): void {
  const bytes = box.contents.bytes(box.memory.read(frame)).slice();
  bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
  box.memory.write(frame, box.contents.intern(bytes));
}
