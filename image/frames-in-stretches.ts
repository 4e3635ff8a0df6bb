/** A run of frames that lie together in a file, cut where the file knows its holes: frames in a hole are told as zero. */
import type { MemoryRun } from './memory-image.ts';
import { pageSizeBytes, pfn } from './pfn.ts';
import type { Source, Stretch } from './sink.ts';

/** `fileOffset`: where the file has the first byte of the first frame. */
export function* framesInStretches(source: Source, run: MemoryRun, fileOffset: number): Generator<MemoryRun> {
  if (source.dataStretches === undefined) {
    yield run;
    return;
  }
  const { startPfn, count } = run;
  let done = 0;
  for (const stretch of source.dataStretches()) {
    const { first, end } = framesOfStretch(stretch, fileOffset, count);
    if (first >= count) break;
    if (end <= done) continue;
    if (first > done) yield { startPfn: pfn(startPfn + done), count: first - done, kind: 'zero' };
    const from = Math.max(first, done);
    yield { startPfn: pfn(startPfn + from), count: end - from, kind: run.kind };
    done = end;
  }
  if (done < count) yield { startPfn: pfn(startPfn + done), count: count - done, kind: 'zero' };
}

function framesOfStretch(
  { offset, length }: Stretch,
  fileOffset: number,
  count: number,
): { first: number; end: number } {
  return {
    first: Math.max(0, Math.floor((offset - fileOffset) / pageSizeBytes)),
    end: Math.min(count, Math.ceil((offset + length - fileOffset) / pageSizeBytes)),
  };
}
