/**
 * Writes a vmcore: what `cp /proc/vmcore` would write, with holes where memory is zero, so that a terabyte of which three pages
 * were ever touched costs three pages.
 */
import { ImageError } from '../../image-error.ts';
import { type Pfn, pageSizeBytes } from '../../pfn.ts';
import type { Run, Sink } from '../../sink.ts';
import type { VmcoreLayout, VmcoreLoad } from './vmcore-layout.ts';

export type PageRun = { readonly startPfn: Pfn; readonly count: number; readonly bytes: Uint8Array | 'zero' };

/** Gives the pages asked for: all of them, ascending, each once; how they are grouped into runs is the source's choice. */
export type PageSource = { runs(startPfn: Pfn, count: number): Iterable<PageRun> };

export function writeVmcore(sink: Sink, layout: VmcoreLayout, pages: PageSource): void {
  for (const { offset, bytes } of vmcoreRuns(layout, pages)) sink.writeAt(offset, bytes);
  sink.setLength(layout.lengthBytes);
}

/** The same file as runs of whole blocks, ascending; what lies between is zero. */
export function* vmcoreRuns(layout: VmcoreLayout, pages: PageSource): Generator<Run> {
  yield { offset: 0, bytes: layout.header };
  for (const load of layout.loads) yield* runsOfLoad(load, pages);
}

function* runsOfLoad({ firstFrame, pageCount, fileOffset }: VmcoreLoad, pages: PageSource): Generator<Run> {
  let done = 0;
  for (const run of pages.runs(firstFrame, pageCount)) {
    checkRun(run, firstFrame + done, pageCount - done);
    if (run.bytes !== 'zero') yield { offset: fileOffset + done * pageSizeBytes, bytes: run.bytes };
    done += run.count;
  }
  if (done === pageCount) return;
  throw misplaced(firstFrame + done, `${pageCount - done} more pages`, 'the end of the runs');
}

function checkRun(run: PageRun, expectedFrame: number, mostPages: number): void {
  const { startPfn, count, bytes } = run;
  if (startPfn !== expectedFrame)
    throw misplaced(expectedFrame, 'a run that begins here', `one at frame ${startPfn}`);
  if (!Number.isSafeInteger(count) || count < 1 || count > mostPages) {
    throw misplaced(expectedFrame, `1 to ${mostPages} pages`, `${count}`);
  }
  if (bytes === 'zero' || bytes.length === count * pageSizeBytes) return;
  throw misplaced(expectedFrame, `${count * pageSizeBytes} bytes`, `${bytes.length}`);
}

const misplaced = (frame: number, expected: string, found: string): ImageError =>
  new ImageError('run.misplaced', { offset: frame, expected, found });
