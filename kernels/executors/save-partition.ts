/**
 * The partition that B saves to, in blocks of the disk: what image/formats/saved-partition has in bytes.
 *
 *   block 0         commit sector
 *   blocks 1 to n   the vmcore file, holes not written
 *   blocks n+1 …    map of the blocks that were written; grows with every chunk, so it is true at any time
 *
 * Promises that the partition is all that has to be known: generation, map and checksum are read back from
 * it, the checksum over what the disk gives. Only how far B has come stands in B's record.
 * While B saves there is no commit sector, but the old one stays there without its magic: so a reader finds
 * nothing, and the next image still gets a higher generation, even when the power goes in between.
 * Left out: a map of more than the format's limit of runs. That takes 64 GiB of pages with a hole after each;
 * readers would refuse the image.
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
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { diskFlush, diskRead, diskWrite } from '../devices/disk-cache.ts';
import { diskLayout, type Partition } from '../disk-layout.ts';
import type { ContentId, Decoder } from '../memory/contents.ts';
import type { BlockToSave } from './save-blocks.ts';

/** What B tells the disk, in order; blocks are those of the whole disk. */
export type DiskStep =
  | { readonly type: 'write'; readonly writes: readonly BlockWrite[] }
  | { readonly type: 'flush' };
export type BlockWrite = { readonly block: number; readonly content: ContentId };

/** An image that is being written: how long its file is, and how many blocks of it are on the disk. */
export type ImageSoFar = { readonly lengthBytes: number; readonly saved: number };

export const dumpPartition = ({ plan }: Pick<Box, 'plan'>): Partition => diskLayout(plan.ramBytes).dump;

export function performStep(box: Box, step: DiskStep): void {
  if (step.type === 'flush') diskFlush(box);
  else writeBlocks(box, step.writes);
}

/**
 * As one write after the other. The cache is a queue, so of many new blocks all but the last end on the
 * medium; moving the slots up for each of them would cost more than all the rest.
 */
function writeBlocks(box: Box, writes: readonly BlockWrite[]): void {
  const { cache } = box.machine.disk;
  const cached = new Set(cache.filter(({ used }) => used).map(({ block }) => block));
  const throughCount = writes.length - cache.length;
  const areNew = throughCount > 0 && !writes.some(({ block }) => cached.has(block));
  for (const [index, { block, content }] of writes.entries()) {
    if (areNew && index < throughCount) box.medium.write(block, content);
    else diskWrite(box, block, content);
  }
}

/** The old image is gone before anything of the new one is written: see save-steps.ts of the format. */
export function clearSteps(box: Box): readonly DiskStep[] {
  const sector = withMagic(commitSector(box), '\0'.repeat(commitMagic.length));
  return [sectorStep(box, sector), { type: 'flush' }];
}

/** Commit sector, file and the least map: whether there is room is known before anything is touched. */
export const hasRoom = (box: Box, { lengthBytes }: Pick<ImageSoFar, 'lengthBytes'>): boolean =>
  !box.machine.faults.dumpHasNoRoom &&
  mapOffsetBytes({ lengthBytes }) / pageSizeBytes < dumpPartition(box).count;

export type PlannedSteps = { readonly type: 'planned'; readonly steps: readonly DiskStep[] } | RefusedSteps;
/** ENOSPC: the map would reach beyond the partition. EIO: it is not the one that B wrote. */
export type RefusedSteps = { readonly type: 'refused'; readonly errno: 'ENOSPC' | 'EIO' };

/** More blocks of the file, ascending, and the end of the map with them. */
export function chunkSteps(box: Box, image: ImageSoFar, blocks: readonly BlockToSave[]): PlannedSteps {
  const { start, count } = dumpPartition(box);
  const end = endOfMap(box, image);
  if (end === undefined || !isBehind(blocks[0], end.runs.at(-1))) return { type: 'refused', errno: 'EIO' };
  const runs = [...end.runs];
  for (const { block } of blocks) addRun(runs, { firstBlock: block, blockCount: 1 });
  const bytes = encodeMap(runs);
  if (end.block + bytes.length / pageSizeBytes > start + count) return { type: 'refused', errno: 'ENOSPC' };
  const map = Array.from({ length: bytes.length / pageSizeBytes }, (_, index) => {
    const page = bytes.subarray(index * pageSizeBytes, (index + 1) * pageSizeBytes);
    return { block: end.block + index, content: box.contents.intern(page) };
  });
  const data = blocks.map(({ block, content }) => ({ block: start + 1 + block, content }));
  const steps = [data, map].map((writes): DiskStep => ({ type: 'write', writes }));
  return { type: 'planned', steps };
}

const isBehind = (block: BlockToSave | undefined, run: BlockRun | undefined): boolean =>
  block === undefined || run === undefined || block.block >= run.firstBlock + run.blockCount;

/** The commit sector over what the disk has. The data were flushed before; this is not flushed yet. */
export function commitSteps(
  box: Box,
  image: ImageSoFar,
  facts: Pick<Commit, 'kind' | 'jumpBackEntry' | 'machineUuid' | 'rootChecksum'>,
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
  const content = box.contents.intern(page);
  return { type: 'write', writes: [{ block: dumpPartition(box).start, content }] };
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

/**
 * The ascending runs that a block of the map begins with: what stands behind them is no map, or an older one.
 */
const mapBlockDecoder: Decoder<readonly BlockRun[]> = {
  name: 'map of saved blocks',
  decode(bytes) {
    const reader = new ByteReader(bytes);
    const runs: BlockRun[] = [];
    let next = 0;
    for (let at = 0; at < pageSizeBytes; at += runSizeBytes) {
      // Not read as numbers below 2^53, because anything may stand there.
      const firstBlock = Number(`0x${reader.hex64(at)}`);
      const blockCount = Number(`0x${reader.hex64(at + 8)}`);
      if (blockCount === 0 || firstBlock < next) break;
      next = firstBlock + blockCount;
      runs.push({ firstBlock, blockCount });
    }
    return runs;
  },
};

/** See block-map.ts: two numbers of 8 bytes. */
const runSizeBytes = 16;

type MapBlock = { readonly block: number; readonly runs: readonly BlockRun[] };

/**
 * The blocks of the map with the runs of this image: they end where they add up to what was saved, or never.
 */
function* mapBlocks(box: Box, { lengthBytes, saved }: ImageSoFar): Generator<MapBlock, boolean> {
  const { start, count } = dumpPartition(box);
  const mapStart = mapOffsetBytes({ lengthBytes }) / pageSizeBytes;
  let left = saved;
  let next = 0;
  for (let block = start + mapStart; block < start + count; block += 1) {
    const runs = runsUpTo(left, box.contents.decode(mapBlockDecoder, diskRead(box, block)));
    const last = runs.at(-1);
    if ((runs[0]?.firstBlock ?? next) < next) return false;
    yield { block, runs };
    left -= sumOf(runs);
    next = last === undefined ? next : last.firstBlock + last.blockCount;
    if (left === 0) return next < mapStart;
    if (left < 0 || last === undefined) return false;
  }
  return false;
}

function runsUpTo(blockCount: number, runs: readonly BlockRun[]): readonly BlockRun[] {
  const taken: BlockRun[] = [];
  let left = blockCount;
  for (const run of runs) {
    if (left <= 0) break;
    taken.push(run);
    left -= run.blockCount;
  }
  return taken;
}

const sumOf = (runs: readonly BlockRun[]): number =>
  runs.reduce((sum, { blockCount }) => sum + blockCount, 0);

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
