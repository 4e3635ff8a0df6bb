/**
 * How an image is saved so that a power cut at any write leaves either a complete image or none: the order of writes, as data.
 *
 *   clear the commit sector · flush · write the data and the map · flush · write the commit sector · flush
 *
 * Between two flushes the disk may write in any order and lose what it likes. The first flush matters: without it the disk could
 * put new data under the commit of the image before.
 */
import { ImageError } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';
import type { Run } from '../../sink.ts';
import { addRun, type BlockRun, encodeMap, mapOffsetBytes } from './block-map.ts';
import { checksumOf } from './checksum.ts';
import { type Commit, commitSizeBytes, encodeCommit } from './commit.ts';

export type SaveRequest = Omit<Commit, 'state' | 'blockCount' | 'runCount' | 'checksum'> & {
  /** The data without its zeros: whole blocks, ascending (see vmcoreRuns). */
  readonly runs: Iterable<Run>;
};

/** Offsets are those of the partition. */
export type SaveStep = ({ readonly type: 'write' } & Run) | { readonly type: 'flush' };

export function* saveSteps(request: SaveRequest): Generator<SaveStep, Commit> {
  const { runs, ...facts } = request;
  const map: BlockRun[] = [];
  let blockCount = 0;
  let checksum = 0;
  yield { type: 'write', offset: 0, bytes: new Uint8Array(commitSizeBytes) };
  yield { type: 'flush' };
  for (const run of runs) {
    const firstBlock = firstBlockOf(run, request.lengthBytes);
    addRun(map, { firstBlock, blockCount: run.bytes.length / pageSizeBytes });
    blockCount += run.bytes.length / pageSizeBytes;
    checksum = checksumOf([{ firstBlock, bytes: run.bytes }], checksum);
    yield { type: 'write', offset: pageSizeBytes + run.offset, bytes: run.bytes };
  }
  yield { type: 'write', offset: mapOffsetBytes(request), bytes: encodeMap(map) };
  yield { type: 'flush' };
  const commit: Commit = { ...facts, state: 'committed', blockCount, runCount: map.length, checksum };
  yield { type: 'write', offset: 0, bytes: encodeCommit(commit) };
  yield { type: 'flush' };
  return commit;
}

/** Once the image is loaded, and before A runs: from then on nobody loads it again. */
export function* consumeSteps(commit: Commit): Generator<SaveStep, void> {
  yield { type: 'write', offset: 0, bytes: encodeCommit({ ...commit, state: 'consumed' }) };
  yield { type: 'flush' };
}

function firstBlockOf({ offset, bytes }: Run, lengthBytes: number): number {
  const isWhole = offset % pageSizeBytes === 0 && bytes.length % pageSizeBytes === 0;
  if (isWhole && offset + bytes.length <= mapOffsetBytes({ lengthBytes }) - pageSizeBytes)
    return offset / pageSizeBytes;
  throw new ImageError('run.misplaced', {
    offset: Math.floor(offset / pageSizeBytes),
    expected: `whole blocks within ${lengthBytes} bytes`,
    found: `${bytes.length} bytes at offset ${offset}`,
  });
}
