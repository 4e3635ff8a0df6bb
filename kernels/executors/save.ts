/**
 * How B saves A: `vmcore.open`, `image.write`, `image.flush`, `image.commit`, each completed as slow work.
 *
 *   open · write a chunk · … · write the last chunk · flush · commit · flush
 *
 * B's one program copies /proc/vmcore to the partition of its own, holes left out (design section 6; the
 * order of writes is that of image/formats/saved-partition/save-steps.ts). Position and count stand in B's
 * record: `saveAt` is the next block of the file, 0 for an image not begun; `saved` is how many blocks were
 * written.
 * Promises: a failure leaves no commit sector of a new image, and the next try begins anew; without room
 * nothing is touched, so the old image stays.
 * Deviation: the checksum is taken within the step that commits, from blocks read back, and takes no time
 * there.
 */
import type { Commit } from '../../image/formats/saved-partition/commit.ts';
import { pageSizeBytes, physical } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { diskRequest } from '../devices/disk-cache.ts';
import { latencyNs } from '../latencies.ts';
import { errnoTable } from '../linux/errno.ts';
import type { Machine } from '../machine.ts';
import type { Plan } from '../plan.ts';
import { bootParameters, parameterOf } from './boot-parameters.ts';
import { machineUuid, rootChecksum } from './image-owner.ts';
import { isKilledForMemory } from './out-of-memory.ts';
import { type BlockToSave, blocksToSave } from './save-blocks.ts';
import { printVmcoreLines } from './save-lines.ts';
import {
  chunkSteps,
  clearSteps,
  commitSteps,
  type DiskStep,
  hasRoom,
  type PlannedSteps,
  performStep,
  type RefusedSteps,
} from './save-partition.ts';
import { vmcoreOf } from './save-vmcore.ts';

/**
 * Blocks that one step writes: 2 MiB. A box of 1 GiB, of which some 100 MiB were ever touched, is saved in
 * about 50 steps, and a power cut or a failing disk can come between any two of them.
 */
export const blocksPerChunk = 512;

/** vmcore_init. The line that says that there is none is the chart's; those that say why are printed here. */
export function openVmcore(box: Box): void {
  const record = box.machine.kernels.dump;
  const vmcore = vmcoreOf(box);
  printVmcoreLines(box, vmcore);
  record.vmcore = vmcore.type === 'ready' ? 'open' : 'none';
  record.saveAt = 0;
  record.saved = 0;
  box.reply('dump', { type: vmcore.type === 'ready' ? 'vmcore.opened' : 'vmcore.missing' });
}

export function writeChunk(box: Box): void {
  const refusal = diskRequest(box, 'dump');
  if (refusal !== 0) return fail(box, refusal);
  if (isKilledForMemory(box, 'dump')) return fail(box, -errnoTable.ENOMEM.number);
  const chunk = planChunk(box);
  if (chunk.type === 'refused') return fail(box, -errnoTable[chunk.errno].number);
  for (const step of chunk.steps) performStep(box, step);
  const record = box.machine.kernels.dump;
  record.saveAt = chunk.saveAt;
  record.saved = chunk.saved;
  box.reply('dump', { type: chunk.isLast ? 'image.written' : 'image.chunkWritten' });
}

export function flushImage(box: Box): void {
  const refusal = diskRequest(box, 'dump');
  if (refusal !== 0) return fail(box, refusal);
  performStep(box, { type: 'flush' });
  box.reply('dump', { type: 'image.flushed' });
}

export function commitImage(box: Box): void {
  const refusal = diskRequest(box, 'dump');
  if (refusal !== 0) return fail(box, refusal);
  const commit = planCommit(box);
  if (commit.type === 'refused') return fail(box, -errnoTable[commit.errno].number);
  for (const step of commit.steps) performStep(box, step);
  box.machine.kernels.dump.saveAt = 0;
  box.note({ type: 'image.committed' });
  box.reply('dump', { type: 'image.committed' });
}

/** Not flushed with success, the commit may stand in the disk's cache: it is taken back before B says that it failed. */
export function withdrawImage(box: Box): void {
  const refusal = diskRequest(box, 'dump');
  if (refusal !== 0) return fail(box, refusal);
  for (const step of clearSteps(box)) performStep(box, step);
  box.reply('dump', { type: 'image.withdrawn' });
}

/**
 * Of the next chunk. How many pages without content it has to look at is not known beforehand, so all of RAM
 * is counted with the first chunk.
 */
export function saveLatencyNs({ kernels }: Machine, plan: Plan): number {
  const pagesToLookAt = kernels.dump.saveAt === 0 ? plan.ramBytes / pageSizeBytes : 0;
  return blocksPerChunk * latencyNs('disk.write') + pagesToLookAt * latencyNs('memory.readPage');
}

export type Chunk = {
  readonly type: 'planned';
  readonly steps: readonly DiskStep[];
  readonly saveAt: number;
  readonly saved: number;
  readonly isLast: boolean;
};

/** The next chunk as orders to the disk; nothing is changed. */
export function planChunk(box: Box, limit: number = blocksPerChunk): Chunk | RefusedSteps {
  const vmcore = vmcoreOf(box);
  if (vmcore.type === 'absent') return { type: 'refused', errno: 'EIO' };
  const { layout } = vmcore;
  if (!hasRoom(box, layout)) return { type: 'refused', errno: 'ENOSPC' };
  const { saveAt, saved } = box.machine.kernels.dump;
  const isFirst = saveAt === 0;
  const image = { lengthBytes: layout.lengthBytes, saved: isFirst ? 0 : saved };
  const { blocks, next } = take(blocksToSave(box, layout, saveAt), limit);
  const chunk = chunkSteps(box, image, blocks);
  if (chunk.type === 'refused') return chunk;
  return {
    type: 'planned',
    steps: [...(isFirst ? clearSteps(box) : []), ...chunk.steps],
    saveAt: next?.block ?? layout.lengthBytes / pageSizeBytes,
    saved: image.saved + blocks.length,
    isLast: next === undefined,
  };
}

/** The commit as orders to the disk; nothing is changed. */
export function planCommit(box: Box): PlannedSteps {
  const vmcore = vmcoreOf(box);
  if (vmcore.type === 'absent') return { type: 'refused', errno: 'EIO' };
  const { saved } = box.machine.kernels.dump;
  const facts = { ...wayBack(box), machineUuid: machineUuid(box.machine), rootChecksum: rootChecksum(box) };
  return commitSteps(box, { lengthBytes: vmcore.layout.lengthBytes, saved }, facts);
}

/** As purgatory wrote it behind B's command line; after a crash there is none (linux.md A1.6). */
function wayBack(box: Box): Pick<Commit, 'kind' | 'jumpBackEntry'> {
  const entry = Number(parameterOf(bootParameters(box, 'dump').commandLine, 'kexec_jump_back_entry'));
  const isThere = Number.isSafeInteger(entry) && entry > 0 && entry < box.plan.memoryEnd;
  return isThere
    ? { kind: 'jump', jumpBackEntry: physical(entry) }
    : { kind: 'crash', jumpBackEntry: physical(0) };
}

/** So many blocks, and the one after them. */
function take(
  source: Iterable<BlockToSave>,
  limit: number,
): { readonly blocks: readonly BlockToSave[]; readonly next: BlockToSave | undefined } {
  const blocks: BlockToSave[] = [];
  for (const block of source) {
    if (blocks.length === limit) return { blocks, next: block };
    blocks.push(block);
  }
  return { blocks, next: undefined };
}

function fail(box: Box, errno: number): void {
  box.machine.kernels.dump.saveAt = 0;
  box.reply('dump', { type: 'image.failed', errno });
}
