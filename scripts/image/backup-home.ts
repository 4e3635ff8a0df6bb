/**
 * The image of an on-demand jump as A knows its own memory. The jump had swapped what A had in B's range out to backup frames, and an
 * image shows memory as it was then (linux.md A1.5, A2.2). A's control page, where the jump-back entry lies, names the list of those
 * moves: with it every frame gets its own page back, and the backup frames, which held B's image before, are left out.
 *
 * Follows the layout of linux.md D.3 and the entry list of 6.12; the relocation code in the page is not looked at.
 */
import type { MemoryImage, MemoryRun, PageKind } from '../../image/memory-image.ts';
import { overlay } from '../../image/overlay.ts';
import { frameOf, type Pfn, pfn, physical } from '../../image/pfn.ts';
import { decodeControlPage } from '../../kernels/kexec/control-page.ts';
import { type ListMove, walkEntryList } from '../../kernels/kexec/entry-list.ts';
import { OptionError } from '../../machines/options/option-error.ts';

export function withBackupHome(memory: MemoryImage, entry: number): MemoryImage {
  const kinds = kindsIn(memory);
  const homes = new Map(
    movesOf(memory, kinds, entry).map(({ destination, source }) => [destination, source]),
  );
  const away = [...homes.values()].filter((source) => !homes.has(source));
  const changed: MemoryRun[] = [
    ...[...homes].map(([frame, source]) => ({ startPfn: frame, count: 1, kind: kinds(source) ?? 'leftOut' })),
    ...away.map((frame): MemoryRun => ({ startPfn: frame, count: 1, kind: 'leftOut' })),
  ];
  const { batches: _batches, ...rest } = memory;
  return {
    ...rest,
    runs: () => joined(overlay([...memory.runs(), ...changed].map(asRange))),
    readPage: (frame) => memory.readPage(homes.get(frame) ?? frame),
  };
}

type Kinds = (frame: Pfn) => PageKind | undefined;

function kindsIn(memory: MemoryImage): Kinds {
  const runs = [...memory.runs()];
  return (frame) => {
    let low = 0;
    let high = runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const run = runs[middle];
      if (run !== undefined && run.startPfn + run.count <= frame) low = middle + 1;
      else high = middle;
    }
    const run = runs[low];
    return run !== undefined && frame >= run.startPfn ? run.kind : undefined;
  };
}

function movesOf(memory: MemoryImage, kinds: Kinds, entry: number): readonly ListMove[] {
  const readPage = (frame: Pfn): Uint8Array | undefined =>
    kinds(frame) === 'stored' ? memory.readPage(frame).slice() : undefined;
  const page = readPage(frameOf(physical(entry)));
  const control = page && decodeControlPage(page);
  if (control?.type !== 'control-page.decoded') throw noWayBack(entry, 'no control page there');
  const moves: ListMove[] = [];
  for (const move of walkEntryList(control.page.listHead, readPage)) {
    if (move.type === 'list.fault')
      throw noWayBack(entry, `an entry list that cannot be followed (${move.reason})`);
    moves.push(move);
  }
  return moves;
}

const noWayBack = (entry: number, found: string): OptionError =>
  new OptionError('option.size', {
    option: '--entry',
    expected: 'the jump-back entry of the kernel in the image',
    found: `0x${entry.toString(16)}: ${found}`,
    help: 'B has it on its command line: kexec_jump_back_entry=.',
  });

const asRange = (run: MemoryRun) => ({ ...run, start: run.startPfn, end: run.startPfn + run.count });

/** Neighbours of one kind are one run. */
function* joined(
  parts: Iterable<{ readonly start: number; readonly end: number; readonly item: MemoryRun }>,
): Generator<MemoryRun> {
  let open: MemoryRun | undefined;
  for (const { start, end, item } of parts) {
    if (open !== undefined && open.kind === item.kind && open.startPfn + open.count === start) {
      open = { ...open, count: open.count + end - start };
      continue;
    }
    if (open !== undefined) yield open;
    open = { startPfn: pfn(start), count: end - start, kind: item.kind };
  }
  if (open !== undefined) yield open;
}
