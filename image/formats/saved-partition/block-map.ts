/**
 * The map of saved blocks: which blocks of the data were written. All others are zero, whatever the partition holds there:
 * a partition is not erased between two saves, and without the map the second image would show holes filled by the first.
 *
 * Sixteen bytes for each run: number of its first block, number of its blocks, u64 each. Ascending, never touching each other.
 * It lies in the block after the data.
 */
import { ByteReader, ByteWriter } from '../../bytes.ts';
import { hex, ImageError } from '../../image-error.ts';
import { pageSizeBytes, pagesFor } from '../../pfn.ts';
import { readBounded, type Source } from '../../sink.ts';
import type { Commit } from './commit.ts';

export type BlockRun = { readonly firstBlock: number; readonly blockCount: number };

/** Our own limit, 256 MiB of map: more runs than that would also be slower to read than the zeros between them. */
export const runLimit = 2 ** 24;

const runSizeBytes = 16;

export function encodeMap(runs: readonly BlockRun[]): Uint8Array {
  const bytes = new Uint8Array(pagesFor(runs.length * runSizeBytes) * pageSizeBytes);
  const writer = new ByteWriter(bytes);
  for (const [index, { firstBlock, blockCount }] of runs.entries()) {
    writer.u64(index * runSizeBytes, firstBlock);
    writer.u64(index * runSizeBytes + 8, blockCount);
  }
  return bytes;
}

/** Adds a run behind the others; one that touches the last is joined to it. Changes `runs`. */
export function addRun(runs: BlockRun[], run: BlockRun): void {
  const last = runs.at(-1);
  const endBlock = last === undefined ? 0 : last.firstBlock + last.blockCount;
  if (run.firstBlock < endBlock || run.blockCount < 1) {
    const facts = {
      offset: run.firstBlock,
      expected: `blocks from ${endBlock} on`,
      found: `${run.blockCount} from there`,
    };
    throw new ImageError('run.misplaced', facts);
  }
  if (last !== undefined && endBlock === run.firstBlock) {
    runs[runs.length - 1] = { firstBlock: last.firstBlock, blockCount: last.blockCount + run.blockCount };
  } else {
    if (runs.length === runLimit) throw tooManyRuns(runs.length + 1);
    runs.push(run);
  }
}

export const mapOffsetBytes = ({ lengthBytes }: Pick<Commit, 'lengthBytes'>): number =>
  (1 + pagesFor(lengthBytes)) * pageSizeBytes;

export function readMap(source: Source, commit: Commit): BlockRun[] {
  if (commit.runCount > runLimit) throw tooManyRuns(commit.runCount);
  const baseOffset = mapOffsetBytes(commit);
  const reader = new ByteReader(readBounded(source, baseOffset, commit.runCount * runSizeBytes), baseOffset);
  const runs: BlockRun[] = [];
  let endBlock = -1;
  let blockCount = 0;
  for (let at = 0; at < reader.length; at += runSizeBytes) {
    const run = { firstBlock: reader.u64(at), blockCount: reader.u64(at + 8) };
    if (run.blockCount < 1 || run.firstBlock <= endBlock) {
      throw damagedMap(
        baseOffset + at,
        `a run behind block ${endBlock}`,
        `${run.blockCount} blocks at ${run.firstBlock}`,
      );
    }
    endBlock = run.firstBlock + run.blockCount;
    blockCount += run.blockCount;
    runs.push(run);
  }
  if (endBlock > pagesFor(commit.lengthBytes)) {
    throw damagedMap(
      baseOffset,
      `runs within ${pagesFor(commit.lengthBytes)} blocks`,
      `one up to block ${hex(endBlock)}`,
    );
  }
  if (blockCount === commit.blockCount) return runs;
  throw damagedMap(baseOffset, `${commit.blockCount} blocks in all runs`, `${blockCount}`);
}

const damagedMap = (offset: number, expected: string, found: string): ImageError =>
  new ImageError('saved.damaged-map', { offset, expected, found });

const tooManyRuns = (count: number): ImageError =>
  new ImageError('saved.too-many-runs', {
    offset: 48,
    expected: `at most ${runLimit} runs (runLimit)`,
    found: `${count}`,
  });
