/**
 * What the disk does with blocks: a small volatile cache in front of the medium.
 *
 * A written block is in the cache until the disk needs the room, until it is told to flush, or until the power goes; then chance
 * decides, block by block, what had reached the medium. A read sees the newest. Blocks are as large as a page, and a block is
 * written whole or not at all: torn blocks are not emulated. Slots stand in the order of their first write, oldest first, without
 * gaps, and a free slot is all zeros, so that two equal caches are equal records.
 *
 * The disk is the one device that `machine` has a record of its own for; this file is its own place, so its role may be named here.
 */
import type { Box } from '../box.ts';
import type { Errno } from '../commands.ts';
import { errnoTable } from '../linux/errno.ts';
import type { KernelName, Machine } from '../machine.ts';
import type { ContentId } from '../memory/contents.ts';
import { item } from '../shape.ts';
import { deviceRole } from './device-type.ts';

export const diskRole = deviceRole('disk');

type CachedBlock = Machine['disk']['cache'][number];

/** A refused request is counted in a field of 16 bits; more of them change nothing. */
const refusedLimit = 2 ** 16 - 1;

/** Set up by this kernel, powered, and its queue running: freezing stops the queue, which is its DMA. */
export function diskUsable(box: Pick<Box, 'machine' | 'plan'>, kernel: KernelName): boolean {
  const disk = box.machine.devices[box.plan.devices.indexOf(diskRole)];
  return (
    disk !== undefined && disk.power === 'on' && disk.setUpBy === kernel && disk.dma && disk.card === 'same'
  );
}

/** Asks the disk to take a request: 0, or -EIO when it cannot (that is counted) or when it was planned to fail (once). */
export function diskRequest(box: Box, kernel: KernelName): Errno {
  const { disk } = box.machine;
  if (!diskUsable(box, kernel)) {
    disk.refused = Math.min(disk.refused + 1, refusedLimit);
    return -errnoTable.EIO.number;
  }
  if (!disk.fails) return 0;
  disk.fails = false;
  return -errnoTable.EIO.number;
}

export function diskRead(box: Box, block: number): ContentId {
  const cached = box.machine.disk.cache.find((slot) => slot.used && slot.block === block);
  return cached === undefined ? box.medium.read(block) : contentOf(cached);
}

export function diskWrite(box: Box, block: number, content: ContentId): void {
  const { cache } = box.machine.disk;
  const cached = cache.find((slot) => slot.used && slot.block === block);
  if (cached !== undefined) {
    cached.holds = content;
    return;
  }
  if (cache.length === 0) {
    box.medium.write(block, content);
    return;
  }
  const free = cache.find((slot) => !slot.used) ?? destageOldest(box, cache);
  free.used = true;
  free.block = block;
  free.holds = content;
}

export function diskFlush(box: Box): void {
  for (const slot of box.machine.disk.cache) {
    if (!slot.used) continue;
    box.medium.write(slot.block, contentOf(slot));
    release(slot);
  }
}

/** The power goes: of every cached block chance decides whether it had reached the medium. The first choice is that it had not. */
export function loseCache(box: Box): void {
  for (const slot of box.machine.disk.cache) {
    if (!slot.used) continue;
    const reached = box.choose(2, `block ${slot.block} had reached the medium`) === 1;
    if (reached) box.medium.write(slot.block, contentOf(slot));
    release(slot);
  }
}

/** Writes the oldest block to the medium, moves the others up, and gives the slot that is free then. */
function destageOldest(box: Box, cache: readonly CachedBlock[]): CachedBlock {
  const oldest = item(cache, 0);
  box.medium.write(oldest.block, contentOf(oldest));
  for (let index = 1; index < cache.length; index++) {
    const younger = item(cache, index);
    const older = item(cache, index - 1);
    older.block = younger.block;
    older.holds = younger.holds;
  }
  return item(cache, cache.length - 1);
}

function release(slot: CachedBlock): void {
  slot.used = false;
  slot.block = 0;
  slot.holds = 0;
}

// Records hold plain numbers, so that they can be packed; the shape says that this one is a content.
const contentOf = (slot: CachedBlock): ContentId => slot.holds as ContentId;
