/**
 * What the last attempt to hibernate in a log says of what there is to save: the next one will be much like it, though never the same.
 * Source: the lines as Linux 6.12 prints them (kernel/power/snapshot.c and swap.c; linux.md A4.10), logs c1, c2, e7, e10.
 */
import { pageSizeBytes } from '../pfn.ts';

export type SaveAttempt = {
  readonly copiedPages: number | undefined;
  readonly zeroPages: number | undefined;
  /** Compressed size over the size before; undefined when nothing was compressed to the end. */
  readonly packedShare: number | undefined;
  /** The line with which it failed. */
  readonly failure: string | undefined;
};

export function lastAttempt(log: string): SaveAttempt | undefined {
  const start = log.lastIndexOf('hibernation: hibernation entry');
  if (start < 0) return undefined;
  const text = log.slice(start);
  const created = /Image created \((\d+) pages copied(?:, (\d+) zero pages)?\)/.exec(text);
  const wrote = /hibernation: Wrote (\d+) kbytes/.exec(text);
  const packed = /Image size after compression: (\d+) kbytes/.exec(text);
  const failure =
    /Image allocation is \d+ pages short|Image saving failed: -?\d+|Not enough free swap|Cannot find swap device[^\n\r]*/.exec(
      text,
    );
  return {
    copiedPages: numberOf(created?.[1]),
    zeroPages: created === null ? undefined : (numberOf(created[2]) ?? 0),
    packedShare: packed === null || wrote === null ? undefined : Number(packed[1]) / Number(wrote[1]),
    failure: failure?.[0],
  };
}

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

/** /proc/meminfo, in pages; what it does not have is undefined. */
export type MemoryUse = {
  readonly freePages: number;
  /** What shrinking can give back: page cache, anonymous pages as far as swap takes them, reclaimable slab. */
  readonly reclaimablePages: number;
  readonly swapFreePages: number | undefined;
};

export function readMeminfo(text: string): MemoryUse | undefined {
  const pages = new Map<string, number>();
  for (const [, name = '', kiB] of text.matchAll(/^([A-Za-z_]+(?:\([a-z]+\))?):\s+(\d{1,15}) kB$/gm))
    pages.set(name, Math.floor((Number(kiB) * 1024) / pageSizeBytes));
  const freePages = pages.get('MemFree');
  if (freePages === undefined) return undefined;
  // minimum_image_size counts these five as what may go.
  const names = ['SReclaimable', 'Active(anon)', 'Inactive(anon)', 'Active(file)', 'Inactive(file)'];
  return {
    freePages,
    reclaimablePages: names.reduce((sum, name) => sum + (pages.get(name) ?? 0), 0),
    swapFreePages: pages.get('SwapFree'),
  };
}
