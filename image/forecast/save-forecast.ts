/**
 * Whether an image of a machine that is about to hibernate will fit: into memory first, where it is copied to, then onto swap.
 *
 *   maximum = (frames - metadata - 1024) / 2 - 2 x reserved pages     what may stay in use; everything beyond has to be freed before
 *
 * Left out: what Linux keeps back for itself (totalreserve_pages) is in no log, so a tenth of memory to either side of the rule counts
 * as not known. How well memory will compress lies in the future: what the last attempt came to is taken, with a quarter to spare.
 * Source: Linux 6.12 kernel/power/snapshot.c, hibernate_preallocate_memory; swap.c, enough_swap and swsusp_write (linux.md A4.2,
 * A4.4, D.8); log e10, where the rule comes out short.
 */
import { listPagesFor } from '../formats/snapshot-stream/frame-list.ts';
import { entriesPerMapPage } from '../formats/swsusp/map-chain.ts';
import { pagesOfUnit, unitPages, worstUnitBytes } from '../formats/swsusp/units.ts';
import { pagesFor } from '../pfn.ts';
import { type Check, errors, type Forecast, forecastOf, untilFailure } from './check.ts';
import type { MemoryUse, SaveAttempt } from './save-attempt.ts';

export type SavePlan = {
  readonly frameCount: number | undefined;
  readonly use: MemoryUse | undefined;
  readonly attempt: SaveAttempt | undefined;
  /** /sys/power/image_size; 2/5 of RAM by default. */
  readonly imageSizeBytes: number | undefined;
  /** /sys/power/reserved_size. */
  readonly reservedBytes: number;
  /** Free pages of the swap area that the image goes to; 0 when there is none. */
  readonly swapFreePages: number | undefined;
  readonly isCompressed: boolean;
};

/** PAGES_FOR_IO: 4 MiB. */
const pagesForIo = 1024;
export const defaultReservedBytes = 2 ** 20;

/** Of all frames: what Linux may keep back. */
const reserveShare = 0.1;
/** Of a size that was estimated. */
const estimateShare = 0.25;

export function saveForecast(plan: SavePlan): Forecast {
  return forecastOf(untilFailure(saveChecks(plan)), 'the image fits into memory and onto swap');
}

function* saveChecks(plan: SavePlan): Generator<Check> {
  yield memoryCheck(plan);
  yield swapCheck(plan);
  const failure = plan.attempt?.failure;
  if (failure === undefined) return;
  yield {
    name: 'last attempt',
    result: 'unknown',
    says: 'it failed in this log; whether the next one does depends on what is in use by then',
    log: [failure],
  };
}

/** Pages that may stay in use while the rest of memory takes their copies. */
export function maximumPages(frameCount: number, reservedBytes: number): number {
  const usable = frameCount - metadataPages(frameCount) - pagesForIo;
  return Math.floor(usable / 2) - 2 * pagesFor(reservedBytes);
}

/** Two bitmaps, a page of each for 32,768 frames, and the tree above them (snapshot_additional_pages). */
const metadataPages = (frameCount: number): number => 2 * (Math.ceil(frameCount / (4096 * 8)) + 1);

function memoryCheck({ frameCount, use, attempt, imageSizeBytes, reservedBytes }: SavePlan): Check {
  const name = 'room in memory';
  if (frameCount === undefined)
    return { name, result: 'unknown', says: 'how much RAM the machine has is not known' };
  const maximum = maximumPages(frameCount, reservedBytes);
  const target = Math.min(maximum, pagesFor(imageSizeBytes ?? (frameCount * 4096 * 2) / 5));
  const expected = `at most ${maximum} pages in use, ${target} wished for`;
  if (use === undefined) return knownByAttempt(name, maximum, attempt);
  const saveable = frameCount - use.freePages;
  const least = Math.max(0, saveable - use.reclaimablePages);
  const found = `${saveable} in use, ${least} of them for good`;
  const reserve = Math.ceil(frameCount * reserveShare);
  if (least > maximum)
    return {
      name,
      result: 'fail',
      says: 'more memory is in use than can be copied, even when all is dropped that can be',
      expected,
      found,
      log: [`PM: hibernation: Image allocation is ${least - maximum} pages short`],
      error: errors.ENOMEM,
    };
  if (least <= maximum - reserve)
    return { name, result: 'pass', says: 'there is room for the copy', expected, found };
  const says = 'it comes close: what Linux keeps back for itself decides, and is in no log';
  return { name, result: 'unknown', says, expected, found };
}

function knownByAttempt(name: string, maximum: number, attempt: SaveAttempt | undefined): Check {
  const expected = `at most ${maximum} pages in use`;
  const pages = pagesOf(attempt);
  if (pages === undefined)
    return {
      name,
      result: 'unknown',
      says: 'how much memory is in use is not known (/proc/meminfo)',
      expected,
    };
  const says = 'the last attempt in this log found room for the copy';
  return { name, result: 'pass', says, expected, found: `${pages.copied + pages.zero} pages then` };
}

type Pages = { readonly copied: number; readonly zero: number };

function pagesOf(attempt: SaveAttempt | undefined): Pages | undefined {
  if (attempt?.copiedPages === undefined) return undefined;
  return { copied: attempt.copiedPages, zero: attempt.zeroPages ?? 0 };
}

function swapCheck(plan: SavePlan): Check {
  const name = 'room on swap';
  const { swapFreePages } = plan;
  if (swapFreePages === undefined)
    return { name, result: 'unknown', says: 'how much swap is free is not known' };
  if (swapFreePages === 0)
    return {
      name,
      result: 'fail',
      says: 'there is no swap to write to',
      log: ['PM: Cannot find swap device, try swapon -a', 'PM: Cannot get swap writer'],
    };
  const bounds = imageBounds(plan);
  if (bounds === undefined)
    return {
      name,
      result: 'unknown',
      says: 'how large the image will be is not known',
      found: `${swapFreePages} pages`,
    };
  return plan.isCompressed
    ? packedCheck(name, plan, swapFreePages, bounds)
    : plainCheck(name, swapFreePages, bounds);
}

/** Pages of the whole image: the fewest and the most that there may be to write. */
type Bounds = { readonly least: number; readonly most: number };

function imageBounds({
  frameCount,
  use,
  attempt,
  imageSizeBytes,
  reservedBytes,
}: SavePlan): Bounds | undefined {
  const pages = pagesOf(attempt);
  if (pages !== undefined) {
    const whole = 1 + listPagesFor(pages.copied + pages.zero) + pages.copied;
    return { least: whole, most: whole };
  }
  if (use === undefined || frameCount === undefined) return undefined;
  const saveable = frameCount - use.freePages;
  const maximum = maximumPages(frameCount, reservedBytes);
  const target = Math.min(maximum, pagesFor(imageSizeBytes ?? (frameCount * 4096 * 2) / 5));
  const least = Math.max(0, saveable - use.reclaimablePages);
  const most = Math.min(saveable, Math.max(target, least));
  // Any number of the pages may be zero, and then only the list has them.
  return { least: 1 + listPagesFor(least), most: 1 + listPagesFor(most) + most };
}

/** Free swap has to be more than the image and the pages kept for I/O; the map does not count. */
function plainCheck(name: string, swapFreePages: number, { least, most }: Bounds): Check {
  const expected = `more than ${most + pagesForIo} free pages`;
  const found = `${swapFreePages}`;
  if (swapFreePages > most + pagesForIo)
    return { name, result: 'pass', says: 'there is room for the image as it is', expected, found };
  if (swapFreePages > least + pagesForIo)
    return {
      name,
      result: 'unknown',
      says: 'it depends on how many pages turn out to be zero',
      expected,
      found,
    };
  return {
    name,
    result: 'fail',
    says: 'an uncompressed image does not fit',
    expected,
    found,
    log: ['PM: Not enough free swap'],
    error: errors.ENOSPC,
  };
}

/** Compressed, Linux looks only when swap runs out in the middle. */
function packedCheck(name: string, { attempt }: SavePlan, free: number, { least, most }: Bounds): Check {
  const worst = withMap(1 + Math.ceil(most / unitPages) * pagesOfUnit(worstUnitBytes));
  const best = withMap(1 + Math.ceil(least / unitPages));
  const found = `${free} free pages`;
  const says = 'there is room however badly the memory compresses';
  if (free >= worst) return { name, result: 'pass', says, expected: `${worst} pages`, found };
  const full = { name, found, log: ['PM: Image saving failed: -28'], error: errors.ENOSPC };
  if (free < best)
    return {
      ...full,
      result: 'fail',
      says: 'the image does not fit, however well the memory compresses',
      expected: `at least ${best} pages`,
    };
  if (attempt?.packedShare === undefined) {
    const percent = Math.floor((100 * free) / most);
    return {
      name,
      result: 'unknown',
      says: `it fits when the memory compresses to ${percent} % or less, and Linux does not look beforehand`,
      found,
    };
  }
  return byLastTime(full, withMap(Math.ceil(most * attempt.packedShare)), free);
}

function byLastTime(
  full: Pick<Check, 'name' | 'found' | 'log' | 'error'>,
  likely: number,
  free: number,
): Check {
  const { name, found } = full;
  const expected = `about ${likely} pages, as the last image took`;
  if (free >= likely * (1 + estimateShare) && found !== undefined)
    return { name, result: 'pass', says: 'there is room if it compresses as last time', expected, found };
  const says = 'there is not enough room if it compresses as last time';
  if (free < likely * (1 - estimateShare)) return { ...full, result: 'fail', says, expected };
  return { name, result: 'unknown', says: 'it comes close, if it compresses as last time', expected };
}

const withMap = (pages: number): number => pages + Math.ceil(pages / entriesPerMapPage);
