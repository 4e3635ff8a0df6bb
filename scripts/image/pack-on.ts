/** The threads that a verb works with, and the line that says how far it is. */
import { availableParallelism } from 'node:os';
import type { ProgressReport } from '../../image/formats/image-format.ts';
import { type Packer, packHere } from '../../image/packer.ts';
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Io } from '../cli/io.ts';
import { wholeNumber } from '../cli/options.ts';
import { progressOn } from '../cli/progress.ts';
import { threadPacker } from './thread-packer.ts';

/** More threads than this wait for the one that reads and writes. */
const mostThreads = 8;

export const threadsOption = wholeNumber<undefined>({
  takes: 'N',
  help: 'threads that pack and unpack; 0: none. One for each processor, 8 at most, when it is not given',
  otherwise: undefined,
});

export type Working = { readonly packer: Packer; readonly progress: ProgressReport };

export async function working<Result>(
  io: Pick<Io, 'err' | 'clockMs'>,
  threads: number | undefined,
  work: (working: Working) => Promise<Result>,
): Promise<Result> {
  const threadCount = Math.min(threads ?? availableParallelism(), mostThreads);
  const packer = threadCount === 0 ? undefined : threadPacker(threadCount);
  const line = progressOn(io);
  const progress = rateLine(line.show, io.clockMs);
  try {
    return await work({ packer: packer ?? packHere, progress });
  } finally {
    line.done();
    await packer?.close();
  }
}

/** `Copying data      : [ 52.3 %] 214 MB/s  eta: 2 s`, as makedumpfile shows it, with the rate beside. */
function rateLine(show: (text: () => string) => void, clockMs: () => number): ProgressReport {
  let current: { readonly what: string; readonly startMs: number } | undefined;
  return ({ what, done, total }) =>
    show(() => {
      const nowMs = clockMs();
      if (current?.what !== what) current = { what, startMs: nowMs };
      const percent = total === 0 ? 100 : (done / total) * 100;
      const seconds = (nowMs - current.startMs) / 1000;
      const bytesPerSecond = seconds > 0 ? (done * pageSizeBytes) / seconds : 0;
      const left = bytesPerSecond > 0 ? Math.ceil(((total - done) * pageSizeBytes) / bytesPerSecond) : 0;
      const head = `${what.padEnd(32)}: [${percent.toFixed(1).padStart(5)} %]`;
      return seconds > 0 ? `${head} ${Math.round(bytesPerSecond / 1e6)} MB/s  eta: ${left} s` : head;
    });
}
