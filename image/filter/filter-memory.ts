/**
 * makedumpfile's filter: the memory of a dump without the pages of some kinds, decided from its own `struct page`s.
 *
 * Every page that is left out has one reason, in makedumpfile's order of tests (page-reason.ts). Pages of zeros are no matter of
 * `struct page`: they are found when pages are read, after all others; a dump stores all of them as one. Frames whose `struct page`
 * cannot be read are kept, and counted as `undecided`.
 */

import type { ProgressReport } from '../formats/image-format.ts';
import { ImageError } from '../image-error.ts';
import { kernelFacts } from '../linux/kernel-facts.ts';
import { type KernelMemory, kernelMemory } from '../linux/kernel-memory.ts';
import type { MemoryImage, MemoryRun, PageKind } from '../memory-image.ts';
import { FrameReasons } from './frame-reasons.ts';
import { pageLayout } from './page-layout.ts';
import { correctedRules, type FilterRules, levelBits, type PageTest, pageTest } from './page-reason.ts';
import { groupFrames, type StructPages, structPages } from './struct-pages.ts';

export type FilterOptions = {
  /** The bits of makedumpfile -d, 0 to 31. */
  readonly level: number;
  readonly rules?: FilterRules;
  readonly progress?: ProgressReport;
};

export type Filtered = {
  readonly memory: MemoryImage;
  readonly reasons: FrameReasons;
  /** Pages by what became of them; those of zeros are among the stored ones. */
  readonly counts: Readonly<Partial<Record<PageKind, number>>>;
  /** Pages that the image had before. */
  readonly pageCount: number;
  readonly undecided: number;
};

/** At level 0 and 1 nothing depends on a `struct page`, as in makedumpfile, and no VMCOREINFO is needed. */
export function filterMemory(memory: MemoryImage, options: FilterOptions): Filtered {
  const { level } = options;
  const reasons = new FrameReasons();
  const needsStructPages = (level & ~levelBits.zero) !== 0;
  const undecided = needsStructPages ? decide(memory, reasons, options) : 0;
  const runs = (): Iterable<MemoryRun> => appliedRuns(memory, reasons);
  const counts = pagesByKind(runs());
  return {
    memory: {
      ...memory,
      runs,
      machine: { ...memory.machine, dumpLevel: level | (memory.machine.dumpLevel ?? 0) },
    },
    reasons,
    counts,
    pageCount: totalPages(memory),
    undecided,
  };
}

export function pagesByKind(runs: Iterable<MemoryRun>): Readonly<Partial<Record<PageKind, number>>> {
  const counts: Partial<Record<PageKind, number>> = {};
  for (const { kind, count } of runs) counts[kind] = (counts[kind] ?? 0) + count;
  return counts;
}

export function kernelOf({ vmcoreinfo, readPage }: MemoryImage): KernelMemory {
  if (vmcoreinfo !== undefined) return kernelMemory({ readPage }, kernelFacts(vmcoreinfo));
  throw new ImageError('kernel.not-found', { offset: 0, expected: 'a VMCOREINFO note', found: 'none' });
}

function totalPages(memory: MemoryImage): number {
  let pageCount = 0;
  for (const run of memory.runs()) if (isHere(run)) pageCount += run.count;
  return pageCount;
}

const isHere = ({ kind }: MemoryRun): boolean => kind === 'stored' || kind === 'zero';

function* appliedRuns(memory: MemoryImage, reasons: FrameReasons): Generator<MemoryRun> {
  for (const run of memory.runs()) {
    if (isHere(run)) yield* reasons.applied(run);
    else yield run;
  }
}

/** Returns how many frames could not be decided. */
function decide(memory: MemoryImage, reasons: FrameReasons, options: FilterOptions): number {
  const { level, rules = correctedRules, progress } = options;
  const kernel = kernelOf(memory);
  const pages = structPages(kernel);
  const layout = pageLayout(kernel.facts);
  const deciding: Deciding = {
    pages,
    sizeBytes: layout.sizeBytes,
    test: pageTest(layout, level, rules),
    reasons,
  };
  const total = totalPages(memory);
  let done = 0;
  let undecided = 0;
  for (const run of memory.runs()) {
    if (!isHere(run)) continue;
    for (const { first, end } of groupsOf(run)) {
      undecided += decideGroup(deciding, first, end);
      done += end - first;
      progress?.({ what: 'Excluding unnecessary pages', done, total });
    }
  }
  return undecided;
}

type Deciding = {
  readonly pages: StructPages;
  readonly sizeBytes: number;
  readonly test: PageTest;
  readonly reasons: FrameReasons;
};

/** Pieces of a run that lie in one group of entries each. */
function* groupsOf({ startPfn, count }: MemoryRun): Generator<{ first: number; end: number }> {
  const end = startPfn + count;
  for (let first: number = startPfn; first < end; ) {
    const groupEnd = Math.min(end, (Math.floor(first / groupFrames) + 1) * groupFrames);
    yield { first, end: groupEnd };
    first = groupEnd;
  }
}

function decideGroup({ pages, sizeBytes, test, reasons }: Deciding, first: number, end: number): number {
  const groupStart = Math.floor(first / groupFrames) * groupFrames;
  const group = pages.entriesOf(groupStart);
  if (group === undefined) return end - first;
  for (let frame = first; frame < end; frame += 1) {
    // Decided by the head of its block: what it says itself is left from before.
    if (reasons.at(frame) !== undefined) continue;
    const verdict = test(group.entries, (frame - groupStart) * sizeBytes, frame);
    if (verdict === undefined) continue;
    for (let index = 0; index < verdict.pageCount; index += 1) reasons.set(frame + index, verdict.reason);
  }
  return group.isWhole ? 0 : end - first;
}
