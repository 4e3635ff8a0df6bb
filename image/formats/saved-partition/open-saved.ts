/**
 * Reads a saved image: the commit, and the data with its holes as zeros. `verifySaved` also reads every saved block and compares
 * the checksum: whoever loads an image does that first.
 */
import { hex, ImageError } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { readBounded, type Source, type Stretch } from '../../sink.ts';
import { type BlockRun, readMap } from './block-map.ts';
import { checksumOf, type SavedRun } from './checksum.ts';
import { type Commit, commitSizeBytes, decodeCommit, inspectCommit } from './commit.ts';

export type SavedImage = {
  readonly commit: Commit;
  readonly runs: readonly BlockRun[];
  readonly data: Source;
};

/** Blocks read at once while checking: one MiB. */
const chunkBlocks = 256;

export function openSaved(source: Source): SavedImage {
  return imageOf(source, decodeCommit(readBounded(source, 0, commitSizeBytes)));
}

/** For whoever only looks: a consumed image too. */
export function inspectSaved(source: Source): SavedImage {
  return imageOf(source, inspectCommit(readBounded(source, 0, commitSizeBytes)));
}

/** Throws unless there is an image to load and every one of its blocks is as it was committed. */
export function verifySaved(source: Source): SavedImage {
  const image = openSaved(source);
  checkData(source, image);
  return image;
}

export function checkData(source: Source, { commit, runs }: SavedImage): void {
  const found = checksumOf(savedRuns(source, runs));
  if (found === commit.checksum) return;
  throw new ImageError('saved.damaged-data', {
    offset: pageSizeBytes,
    expected: `checksum ${hex(commit.checksum)} over ${commit.blockCount} blocks`,
    found: hex(found),
  });
}

function imageOf(source: Source, commit: Commit): SavedImage {
  const runs = readMap(source, commit);
  const data: Source = {
    length: commit.lengthBytes,
    readAt: (offset, length) => readData(source, runs, offset, length),
    dataStretches: () => runs.map(stretchOf),
  };
  return { commit, runs, data };
}

function* savedRuns(source: Source, runs: readonly BlockRun[]): Generator<SavedRun> {
  for (const { firstBlock, blockCount } of runs) {
    for (let done = 0; done < blockCount; done += chunkBlocks) {
      const lengthBytes = Math.min(chunkBlocks, blockCount - done) * pageSizeBytes;
      const block = firstBlock + done;
      yield { firstBlock: block, bytes: readBounded(source, (1 + block) * pageSizeBytes, lengthBytes) };
    }
  }
}

function readData(source: Source, runs: readonly BlockRun[], offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = firstRunBehind(runs, offset); index < runs.length; index++) {
    const run = runs[index];
    if (run === undefined) break;
    const stretch = stretchOf(run);
    if (stretch.offset >= offset + length) break;
    const from = Math.max(stretch.offset, offset);
    const to = Math.min(stretch.offset + stretch.length, offset + length);
    bytes.set(readBounded(source, pageSizeBytes + from, to - from), from - offset);
  }
  return bytes;
}

/** Index of the first run that ends behind `offset`, by bisection. */
function firstRunBehind(runs: readonly BlockRun[], offset: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const run = runs[middle];
    if (run !== undefined && (run.firstBlock + run.blockCount) * pageSizeBytes <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

const stretchOf = ({ firstBlock, blockCount }: BlockRun): Stretch => ({
  offset: firstBlock * pageSizeBytes,
  length: blockCount * pageSizeBytes,
});
