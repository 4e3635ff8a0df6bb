/** Verifying an image: what its structure says is wrong, then every page of it read once. */
import type { ImageContents, VerifyOptions, VerifyReport } from './formats/image-format.ts';
import type { LostPage, MemoryRun } from './memory-image.ts';
import { pageBatches, pageCountOf } from './page-batches.ts';

/** Reasons beyond these many are counted, not told: a torn file would tell a million. */
const toldReasons = 20;

export async function readEveryPage(
  { memory, problems }: Pick<ImageContents, 'memory' | 'problems'>,
  { packer, progress }: Pick<VerifyOptions, 'packer' | 'progress'>,
): Promise<VerifyReport> {
  const total = totalOf(memory.runs());
  const lost: LostPage[] = [];
  let pagesRead = 0;
  for await (const batch of pageBatches(memory, storedRuns(memory.runs()), packer)) {
    for (const page of batch.lost) lost.push(page);
    pagesRead += pageCountOf(batch.runs) - batch.lost.length;
    batch.release?.();
    progress?.({ what: 'reading pages', done: pagesRead + lost.length, total });
  }
  return { pagesRead, problems: [...problems, ...lostProblems(lost)], lost: lostRuns(lost) };
}

export function* storedRuns(runs: Iterable<MemoryRun>): Generator<MemoryRun> {
  for (const run of runs) if (run.kind === 'stored') yield run;
}

export function totalOf(runs: Iterable<MemoryRun>): number {
  let total = 0;
  for (const { count, kind } of runs) if (kind === 'stored') total += count;
  return total;
}

export function lostRuns(lost: readonly LostPage[]): MemoryRun[] {
  const runs: { startPfn: LostPage['frame']; count: number; kind: 'lost' }[] = [];
  for (const { frame } of lost) {
    const last = runs.at(-1);
    if (last !== undefined && last.startPfn + last.count === frame) last.count += 1;
    else runs.push({ startPfn: frame, count: 1, kind: 'lost' });
  }
  return runs;
}

function lostProblems(lost: readonly LostPage[]): string[] {
  const told = lost
    .slice(0, toldReasons)
    .map(({ frame, reason }) => `frame 0x${frame.toString(16)}: ${reason}`);
  if (lost.length <= toldReasons) return told;
  return [...told, `and ${lost.length - toldReasons} more damaged pages`];
}
