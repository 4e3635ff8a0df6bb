/**
 * Pages that changed places or went to the disk and came back, counted where they moved: on the entry lists that jumps follow, on the
 * medium, and in the frames that C writes.
 *
 * A block without content is a hole in the image and costs nothing either way. What C reads to check an image before it loads it, and
 * what A reads to load a B that was kept, is not counted: the medium does not tell who looked at it.
 */
import { pfn } from '../../image/pfn.ts';
import { blockSizeBytes, diskLayout } from '../../kernels/disk-layout.ts';
import { ramOf } from '../../kernels/linux/frame-allocator.ts';
import { type KernelName, kernelNames } from '../../kernels/machine.ts';
import { zeroContent } from '../../kernels/memory/contents.ts';
import { displacedPages } from '../../machines/laws/excepted.ts';
import { frameCount, joined, without } from '../../machines/laws/frame-ranges.ts';
import { momentView } from '../../machines/laws/moment-view.ts';
import type { History } from '../../machines/system/history.ts';
import type { StepRecord, World } from '../../machines/system/world.ts';

export type PagesMoved = {
  /** Exchanges of two pages, over all jumps there and back. */
  readonly swappedPages: number;
  /** What reached the medium while B had the machine. */
  readonly writtenByDumpBytes: number;
  /** Put back into frames of A from the image. */
  readonly readBackBytes: number;
  /** B, as A keeps it for later. */
  readonly keptBytes: number;
};

export function pagesMoved(history: History): PagesMoved {
  const sums = { swappedPages: 0, writtenBlocks: 0, readBackBlocks: 0, keptBlocks: 0 };
  const { kept } = diskLayout(history.rules.plan.ramBytes);
  for (const [index, record] of history.allRecords.entries()) {
    const [before, after] = [history.worldAt(index), history.worldAt(index + 1)];
    sums.swappedPages += swapped(history, record, { before, after });
    sums.readBackBlocks += readBack(history, record, before);
    const { owner } = before.machine;
    if (owner === 'dump') sums.writtenBlocks += blocksWritten({ before, after });
    if (owner === 'original') sums.keptBlocks += blocksWritten({ before, after }, kept);
  }
  return {
    swappedPages: sums.swappedPages,
    writtenByDumpBytes: sums.writtenBlocks * blockSizeBytes,
    readBackBytes: sums.readBackBlocks * blockSizeBytes,
    keptBytes: sums.keptBlocks * blockSizeBytes,
  };
}

type Around = { readonly before: World; readonly after: World };

/** The list of the kernel that leaves, as it stands before, and that of the one that is entered again, which its own code follows. */
function swapped(history: History, { commands, notes }: StepRecord, { before, after }: Around): number {
  const leaves = commands.find(({ type }) => type === 'kexec.jump' || type === 'kexec.start')?.by;
  const leaver = kernelNames.find((name) => name === leaves);
  const arrival = notes.find((note) => note.type === 'jump.arrived');
  const pages = (world: World, kernel: KernelName): number =>
    displacedPages(world.machine.kernels[kernel].image, momentView(history.rules, world).readPage).length;
  const going = leaver === undefined ? 0 : pages(before, leaver);
  return going + (arrival === undefined ? 0 : pages(after, arrival.kernel));
}

/** What C writes outside of its own memory while it loads. */
function readBack({ rules }: History, { writes }: StepRecord, { machine }: World): number {
  if (machine.work.command !== 'image.load') return 0;
  const filled = writes
    .filter(({ by }) => by === 'restore')
    .flatMap(({ before, after }) => [...before.differences(after)])
    .filter(({ after }) => after !== zeroContent)
    .map(({ index, count }) => ({ start: pfn(index), count }));
  return frameCount(without(joined(filled), ramOf(rules.plan, 'restore')));
}

function blocksWritten(
  { before, after }: Around,
  { start, count }: { readonly start: number; readonly count: number } = {
    start: 0,
    count: before.medium.size,
  },
): number {
  let sum = 0;
  for (const change of before.medium.differences(after.medium)) {
    const from = Math.max(change.index, start);
    sum += Math.max(0, Math.min(change.index + change.count, start + count) - from);
  }
  return sum;
}
