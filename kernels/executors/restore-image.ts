/**
 * How C puts A back: `image.check`, `image.load`, `image.consume`, each completed as slow work.
 *
 *   check commit, checksum, machine, memory map, file system · load a stretch · … · (chart: load A's entry) · mark as consumed · flush
 *
 * C is one program over the machine's memory, as krestore of 2007 was: it writes A's pages straight to their frames through a
 * writable /dev/oldmem. Linux 6.12 has no such device (its /dev/mem and /proc/vmcore refuse or cannot write); the quirk
 * `loads-dump-by-kexec` shows what is left then. Frames of C's own range are passed over: A's pages of that range stand in its
 * backup pages, which are in the image, and A's own control page swaps them home (linux.md A2.2).
 *
 * Promises: nothing is written before everything was checked; an image is marked only by `image.consume`, which the chart orders
 * when all is loaded; a stretch can be loaded again. Position stands in C's record: `saveAt`, the next block of the file.
 * Facts: linux.md A2.1 (v3, v6), A2.2, A2.3; image/formats/saved-partition.
 */
import { readVmcore } from '../../image/formats/elf/vmcore.ts';
import { encodeCommit } from '../../image/formats/saved-partition/commit.ts';
import { openSaved, type SavedImage, verifySaved } from '../../image/formats/saved-partition/open-saved.ts';
import { hex, ImageError } from '../../image/image-error.ts';
import { pageSizeBytes, pfn } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { diskRequest } from '../devices/disk-cache.ts';
import { type FirmwareMap, usableRanges } from '../firmware-map.ts';
import { latencyNs } from '../latencies.ts';
import { errnoTable } from '../linux/errno.ts';
import { ramOf } from '../linux/frame-allocator.ts';
import type { Machine } from '../machine.ts';
import { zeroContent } from '../memory/contents.ts';
import type { Plan } from '../plan.ts';
import { mapNow } from './boot-parameters.ts';
import { machineUuid, rootChecksum } from './image-owner.ts';
import { framesOfLoad, pagesOfLoad, type SavedPages } from './image-pages.ts';
import { isKilledForMemory } from './out-of-memory.ts';
import { dumpPartition, performStep } from './save-partition.ts';
import { readSavedImage } from './save-source.ts';

/** Pages that one step loads: 8 MiB, so that a fault can come between any two. */
const pagesPerChunk = 2048;

export function checkImage(box: Box): void {
  const refusal = diskRequest(box, 'restore');
  if (refusal !== 0) return box.reply('restore', { type: 'image.failed', errno: refusal });
  box.machine.kernels.restore.saveAt = 0;
  const objection = objectionTo(box);
  if (objection === undefined) return box.reply('restore', { type: 'image.accepted' });
  box.show(`restore: ${objection}`);
  box.reply('restore', { type: 'image.rejected' });
}

/** Undefined: this image may be loaded on this machine. */
function objectionTo(box: Box): string | undefined {
  try {
    const saved = verifySaved(readSavedImage(box));
    const { kind, machineUuid: uuid, rootChecksum: checksum } = saved.commit;
    if (kind !== 'jump') return 'the image is of a machine that crashed: there is nothing to go back to';
    if (uuid !== machineUuid(box.machine)) return 'the image is of another machine';
    if (checksum !== rootChecksum(box)) return 'the root file system was mounted since the image was taken';
    return missingMemory(saved, mapNow(box));
  } catch (error) {
    if (error instanceof ImageError) return error.message;
    throw error;
  }
}

/** As swsusp: a page frame of the image must be usable memory now (linux.md A4.7). */
function missingMemory({ data }: SavedImage, map: FirmwareMap): string | undefined {
  const usable = usableRanges(map);
  for (const load of readVmcore(data).loads) {
    const end = load.physical + load.fileSizeBytes;
    if (usable.some((range) => load.physical >= range.start && end <= range.endExclusive)) continue;
    return `the memory map has changed: ${hex(load.physical)}-${hex(end - 1)} of the image is not all usable`;
  }
  return undefined;
}

export function loadChunk(box: Box): void {
  const refusal = diskRequest(box, 'restore');
  if (refusal !== 0) return box.reply('restore', { type: 'image.failed', errno: refusal });
  if (isKilledForMemory(box, 'restore'))
    return box.reply('restore', { type: 'image.failed', errno: -errnoTable.ENOMEM.number });
  const record = box.machine.kernels.restore;
  let pagesLeft = pagesPerChunk;
  for (const { start, count, id, block } of pagesToLoad(box, record.saveAt)) {
    // Zeros are no work for a disk: any number of them is one stretch.
    const taken = id === zeroContent ? count : Math.min(count, pagesLeft);
    box.memory.fill(start, taken, id);
    record.saveAt = block + taken;
    if (id !== zeroContent) pagesLeft -= taken;
    if (pagesLeft === 0) return box.reply('restore', { type: 'image.chunkLoaded' });
  }
  box.reply('restore', { type: 'image.loaded' });
}

/** Everything is read once before anything is written. */
export const checkImageLatencyNs = (_machine: Machine, { ramBytes }: Plan): number =>
  (ramBytes / pageSizeBytes) * latencyNs('memory.readPage');

export const loadChunkLatencyNs = (): number => pagesPerChunk * latencyNs('disk.write');

type PagesToLoad = SavedPages & { readonly block: number };

/** From a block of the file on, outside of C's own memory. */
function* pagesToLoad(box: Box, from: number): Generator<PagesToLoad> {
  const own = ramOf(box.plan, 'restore');
  for (const { pages, block } of pagesOfImage(box)) {
    if (block + pages.count <= from) continue;
    const skipped = Math.max(0, from - block);
    let next = pages.start + skipped;
    const end = pages.start + pages.count;
    while (next < end) {
      const around = own.find(({ start, count }) => next >= start && next < start + count);
      if (around !== undefined) {
        next = around.start + around.count;
        continue;
      }
      const ahead = own.filter(({ start }) => start > next).map(({ start }) => start);
      const stop = Math.min(end, ...ahead);
      yield { start: pfn(next), count: stop - next, id: pages.id, block: block + next - pages.start };
      next = stop;
    }
  }
}

/** In the order of the file, each with its first block. */
function* pagesOfImage(box: Box): Generator<{ readonly pages: SavedPages; readonly block: number }> {
  const saved = openSaved(readSavedImage(box));
  const loads = [...readVmcore(saved.data).loads].sort((one, other) => one.offset - other.offset);
  for (const load of loads) {
    const first = framesOfLoad(load).start;
    const firstBlock = Math.floor(load.offset / pageSizeBytes);
    for (const pages of pagesOfLoad(box, { saved, load }))
      yield { pages, block: firstBlock + pages.start - first };
  }
}

/** One sector, then a flush: from now on nobody loads this image again. */
export function consumeImage(box: Box): void {
  const refusal = diskRequest(box, 'restore');
  if (refusal !== 0) return box.reply('restore', { type: 'image.failed', errno: refusal });
  const { commit } = openSaved(readSavedImage(box));
  const page = new Uint8Array(pageSizeBytes);
  page.set(encodeCommit({ ...commit, state: 'consumed' }));
  const writes = [{ block: dumpPartition(box).start, content: box.contents.intern(page) }];
  performStep(box, { type: 'write', writes });
  performStep(box, { type: 'flush' });
  box.note({ type: 'image.consumed' });
  box.reply('restore', { type: 'image.consumed' });
}
