/**
 * The partition that B saves to, as blocks of the disk: what image/formats/saved-partition describes as bytes.
 *
 *   block 0         commit sector
 *   blocks 1 to n   the vmcore file, holes not written
 *   blocks n+1 …    map of the blocks that were written; grows with every chunk, so it is true at any time
 *
 * Promises that the partition is all that has to be known: generation, map and checksum are read back from it, the
 * checksum over what the disk gives. Only how far B has come stands in B's record.
 * While B saves there is no commit sector, but the old one stays there without its magic: so a reader finds nothing,
 * and the next image still gets a higher generation, even when the power goes in between.
 */
import { ByteReader, bytesOfText } from '../../image/bytes.ts';
import {
  addRun,
  type BlockRun,
  encodeMap,
  mapOffsetBytes,
} from '../../image/formats/saved-partition/block-map.ts';
import { checksumOf, type SavedRun } from '../../image/formats/saved-partition/checksum.ts';
import {
  type Commit,
  commitMagic,
  commitSizeBytes,
  encodeCommit,
  inspectCommit,
} from '../../image/formats/saved-partition/commit.ts';
import { ImageError } from '../../image/image-error.ts';
import type { Box } from '../box.ts';
import { diskFlush, diskRead, diskWrite } from '../devices/disk-cache.ts';
import { diskLayout, type Partition } from '../disk-layout.ts';
import type { ContentId, Decoder } from '../memory/contents.ts';
import { pageSizeBytes } from '../pfn.ts';
import type { BlockToSave } from './save-blocks.ts';

/** What B tells the disk, in order; blocks are those of the whole disk. */
export type DiskStep =
  | { readonly type: 'write'; readonly block: number; readonly content: ContentId }
  | { readonly type: 'flush' };

/** An image that is being written: how long its file is, and how many blocks of it are on the disk. */
export type ImageSoFar = { readonly lengthBytes: number; readonly saved: number };

export const dumpPartition = ({ plan }: Pick<Box, 'plan'>): Partition => diskLayout(plan.ramBytes).dump;

export function performStep(box: Box, step: DiskStep): void {
  if (step.type === 'flush') diskFlush(box);
  else diskWrite(box, step.block, step.content);
}

/** The old image is gone before anything of the new one is written: see save-steps.ts of the format. */
export function clearSteps(box: Box): readonly DiskStep[] {
  const sector = withMagic(commitSector(box), '\0'.repeat(commitMagic.length));
  return [sectorStep(box, sector), { type: 'flush' }];
}

/** Commit sector, file and the least map: whether there is room is known before anything is touched. */
export const hasRoom = (box: Box, { lengthBytes }: Pick<ImageSoFar, 'lengthBytes'>): boolean =>
  mapOffsetBytes({ lengthBytes }) / pageSizeBytes < dumpPartition(box).count;

export type PlannedSteps = { readonly type: 'planned'; readonly steps: readonly DiskStep[] } | RefusedSteps;
/** ENOSPC: the map would reach beyond the partition. EIO: it is not the one that B wrote. */
export type RefusedSteps = { readonly type: 'refused'; readonly errno: 'ENOSPC' | 'EIO' };

/** More blocks of the file, ascending, and the end of the map with them. */
export function chunkSteps(box: Box, image: ImageSoFar, blocks: readonly BlockToSave[]): PlannedSteps {
  const { start, count } = dumpPartition(box);
  const end = endOfMap(box, image);
  if (end === undefined) return { type: 'refused', errno: 'EIO' };
  const runs = [...end.runs];
  for (const { block } of blocks) addRun(runs, { firstBlock: block, blockCount: 1 });
  const bytes = encodeMap(runs);
  if (end.block + bytes.length / pageSizeBytes > start + count) return { type: 'refused', errno: 'ENOSPC' };
  const map = Array.from({ length: bytes.length / pageSizeBytes }, (_, index): DiskStep => {
    const page = bytes.subarray(index * pageSizeBytes, (index + 1) * pageSizeBytes);
    return { type: 'write', block: end.block + index, content: box.contents.intern(page) };
  });
  const data = blocks.map(({ block, content }): DiskStep => {
    return { type: 'write', block: start + 1 + block, content };
  });
  return { type: 'planned', steps: [...data, ...map] };
}

/** The commit sector over what the disk has. The data were flushed before; this is not flushed yet. */
export function commitSteps(
  box: Box,
  image: ImageSoFar,
  facts: Pick<Commit, 'kind' | 'jumpBackEntry'>,
): PlannedSteps {
  const runs = savedRuns(box, image);
  if (runs === undefined) return { type: 'refused', errno: 'EIO' };
  const sector = encodeCommit({
    ...facts,
    state: 'committed',
    generation: lastGeneration(box) + 1,
    lengthBytes: image.lengthBytes,
    blockCount: image.saved,
    runCount: runs.length,
    checksum: checksumOf(blocksOnDisk(box, runs)),
  });
  return { type: 'planned', steps: [sectorStep(box, sector)] };
}

function sectorStep(box: Box, sector: Uint8Array): DiskStep {
  const page = new Uint8Array(pageSizeBytes);
  page.set(sector);
  return { type: 'write', block: dumpPartition(box).start, content: box.contents.intern(page) };
}

const commitSector = (box: Box): Uint8Array =>
  box.contents.bytes(diskRead(box, dumpPartition(box).start)).slice(0, commitSizeBytes);

/** 0 when there never was an image. */
function lastGeneration(box: Box): number {
  try {
    return inspectCommit(withMagic(commitSector(box), commitMagic)).generation;
  } catch (error) {
    if (error instanceof ImageError) return 0;
    throw error;
  }
}

/** The CRC of a commit sector covers the magic, so it is right again once the magic is back. */
function withMagic(sector: Uint8Array, text: string): Uint8Array {
  const changed = Uint8Array.from(sector);
  changed.set(bytesOfText(text));
  return changed;
}

/** Runs of one block of the map, as far as they are any. */
const mapBlockDecoder: Decoder<readonly BlockRun[]> = {
  name: 'map of saved blocks',
  decode(bytes) {
    const reader = new ByteReader(bytes);
    const runs: BlockRun[] = [];
    for (let at = 0; at < pageSizeBytes; at += runSizeBytes) {
      // Whatever stands behind the runs of this image need not be numbers below 2^53: it is not looked at.
      const [firstBlock, blockCount] = [Number(`0x${reader.hex64(at)}`), Number(`0x${reader.hex64(at + 8)}`)];
      if (blockCount === 0) break;
      runs.push({ firstBlock, blockCount });
    }
    return runs;
  },
};

/** See block-map.ts: two numbers of 8 bytes. */
const runSizeBytes = 16;

type MapBlock = { readonly block: number; readonly runs: readonly BlockRun[] };

/** The blocks of the map with the runs of this image; it ends where they add up to what was saved. */
function* mapBlocks(box: Box, { lengthBytes, saved }: ImageSoFar): Generator<MapBlock, boolean> {
  const { start, count } = dumpPartition(box);
  const first = start + mapOffsetBytes({ lengthBytes }) / pageSizeBytes;
  let left = saved;
  for (let block = first; block < start + count; block += 1) {
    const runs: BlockRun[] = [];
    for (const run of box.contents.decode(mapBlockDecoder, diskRead(box, block))) {
      if (left <= 0) break;
      left -= run.blockCount;
      runs.push(run);
    }
    yield { block, runs };
    if (left === 0) return true;
    if (left < 0 || runs.length === 0) return false;
  }
  return false;
}

/** Undefined: what stands there is not what B wrote. */
function endOfMap(box: Box, image: ImageSoFar): MapBlock | undefined {
  const blocks = mapBlocks(box, image);
  let last: MapBlock | undefined;
  for (let next = blocks.next(); ; next = blocks.next()) {
    if (next.done === true) return next.value ? last : undefined;
    last = next.value;
  }
}

function savedRuns(box: Box, image: ImageSoFar): readonly BlockRun[] | undefined {
  if (endOfMap(box, image) === undefined) return undefined;
  return [...mapBlocks(box, image)].flatMap(({ runs }) => runs);
}

function* blocksOnDisk(box: Box, runs: readonly BlockRun[]): Generator<SavedRun> {
  const { start } = dumpPartition(box);
  for (const { firstBlock, blockCount } of runs) {
    for (let block = firstBlock; block < firstBlock + blockCount; block += 1) {
      yield { firstBlock: block, bytes: box.contents.bytes(diskRead(box, start + 1 + block)) };
    }
  }
}
