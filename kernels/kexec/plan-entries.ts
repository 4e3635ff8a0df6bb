/**
 * Frames for a kexec image: which ones hold the new content until the jump, which one the control page is, and
 * the list that says where all of it goes. Nothing is copied here: the caller owns memory, gives frames out and
 * writes them.
 *
 * Promises the invariant of Linux: a source frame is its own destination or no destination at all, so no swap
 * destroys what a later one needs; control page, swap page, page tables and list pages are no destinations.
 * Whatever was handed out and is not used comes back as `unusedFrames`, after a failure all of it.
 * Sources: linux.md A1.2, A1.4 row 5, A1.8 row 6, D.2; Linux 6.12 kernel/kexec_core.c
 * (kimage_alloc_normal_control_pages, kimage_alloc_crash_control_pages, kimage_alloc_page,
 * kimage_load_normal_segment) and kernel/kexec.c:kimage_alloc_init.
 * Deviation: Linux frees the destination frames that its search for a control page met, and mostly gets them
 * again for the content; here they stay at hand. The order of frames may differ, the invariant does not.
 */
import { addressOf, frameOf, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import type { AddressRange } from '../firmware-map.ts';
import { type ListEntry, listPageCount } from './entry-list.ts';
import { isDestinationRange, type KexecSegment } from './segments.ts';

/** Undefined: there is no free frame left. */
export type AllocateFrame = () => Pfn | undefined;

/** A page of the image: where it will be, where it stands until then, and from which segment it comes. */
export type PlacedPage = { readonly destination: Pfn; readonly source: Pfn; readonly segmentIndex: number };

export type EntryPlan =
  | {
      readonly type: 'entries.planned';
      readonly entries: readonly ListEntry[];
      readonly listFrames: readonly Pfn[];
      readonly pages: readonly PlacedPage[];
      readonly controlFrame: Pfn;
      readonly swapFrame: Pfn;
      readonly tableFrames: readonly Pfn[];
      readonly unusedFrames: readonly Pfn[];
    }
  | {
      readonly type: 'entries.failed';
      readonly errno: 'ENOMEM';
      /** Of the log; a page of content that cannot be had leaves only the allocator's own trace. */
      readonly line: string | null;
      readonly unusedFrames: readonly Pfn[];
    };

/**
 * `tableFrameCount`: how many frames the identity page table needs, which depends on where the control page
 * lies.
 */
export function planEntries(
  segments: readonly KexecSegment[],
  allocateFrame: AllocateFrame,
  tableFrameCount: (controlFrame: Pfn) => number = () => 0,
): EntryPlan {
  const frames = framesOf(segments, allocateFrame);
  const failed = (line: string | null): EntryPlan => {
    return { type: 'entries.failed', errno: 'ENOMEM', line, unusedFrames: frames.all() };
  };
  const controlFrame = frames.control();
  if (controlFrame === undefined) return failed('kexec: Could not allocate control_code_buffer');
  const swapFrame = frames.control();
  if (swapFrame === undefined) return failed('kexec: Could not allocate swap buffer');
  const tableFrames = manyOf(tableFrameCount(controlFrame), frames.control);
  if (tableFrames === undefined) return failed(null);
  const destinations = destinationsOf(segments);
  const entryCount = segments.length + destinations.length;
  const listFrames = manyOf(listPageCount(entryCount), () => frames.source(null));
  if (listFrames === undefined) return failed(null);
  for (const { destination } of destinations)
    if (frames.source(destination) === undefined) return failed(null);
  const pages = destinations.map((page) => ({ ...page, source: frames.placed(page.destination) }));
  return {
    type: 'entries.planned',
    entries: entriesOf(segments, pages),
    listFrames,
    pages,
    controlFrame,
    swapFrame,
    tableFrames,
    unusedFrames: frames.unused(),
  };
}

/**
 * The control pages of a crash image: the first holes between its segments, from the start of the reservation
 * up. Its segments are written to their place at load, so there is nothing else to plan.
 */
export function crashControlFrames(
  segments: readonly KexecSegment[],
  reservation: AddressRange,
  count: number,
): readonly Pfn[] | undefined {
  const found: Pfn[] = [];
  const frameAfter = ({ memoryStart, memorySizeBytes }: KexecSegment): Pfn =>
    frameOf(physical(memoryStart + memorySizeBytes + pageSizeBytes - 1));
  let frame = frameOf(physical(reservation.start + pageSizeBytes - 1));
  while (found.length < count && addressOf(pfn(frame + 1)) <= reservation.endExclusive) {
    const inWay = segments.find((segment) => isDestinationRange([segment], pageOf(frame)));
    if (inWay === undefined) {
      found.push(frame);
      frame = pfn(frame + 1);
    } else frame = pfn(Math.max(frameAfter(inWay), frame + 1));
  }
  return found.length === count ? found : undefined;
}

const pageOf = (frame: Pfn): AddressRange => {
  return { start: addressOf(frame), endExclusive: addressOf(pfn(frame + 1)) };
};

const destinationsOf = (segments: readonly KexecSegment[]): readonly Omit<PlacedPage, 'source'>[] =>
  segments.flatMap(({ memoryStart, memorySizeBytes }, segmentIndex) =>
    Array.from({ length: memorySizeBytes / pageSizeBytes }, (_, index) => {
      return { destination: pfn(frameOf(memoryStart) + index), segmentIndex };
    }),
  );

/** Each segment sets its destination, also an empty one. */
const entriesOf = (segments: readonly KexecSegment[], pages: readonly PlacedPage[]): readonly ListEntry[] => {
  let next = 0;
  return segments.flatMap(({ memoryStart, memorySizeBytes }) => {
    const own = pages.slice(next, next + memorySizeBytes / pageSizeBytes);
    next += own.length;
    const sources = own.map(({ source }): ListEntry => ({ kind: 'source', frame: source }));
    return [{ kind: 'destination', frame: frameOf(memoryStart) }, ...sources];
  });
};

function manyOf(count: number, take: () => Pfn | undefined): readonly Pfn[] | undefined {
  const taken: Pfn[] = [];
  while (taken.length < count) {
    const frame = take();
    if (frame === undefined) return undefined;
    taken.push(frame);
  }
  return taken;
}

type Frames = {
  /** A frame that is no destination. */
  control(): Pfn | undefined;
  /** A frame for the content of a destination, or for a list page (null). */
  source(destination: Pfn | null): Pfn | undefined;
  /** The source of a destination, once all are planned. */
  placed(destination: Pfn): Pfn;
  unused(): readonly Pfn[];
  all(): readonly Pfn[];
};

/** The state of one plan: what was handed out, and what each destination has as its source so far. */
function framesOf(segments: readonly KexecSegment[], allocateFrame: AllocateFrame): Frames {
  const all: Pfn[] = [];
  /** Destination frames that were handed out before anything was planned for them (image->dest_pages). */
  const waiting = new Set<Pfn>();
  const sources = new Map<Pfn, Pfn>();
  const allocate = (): Pfn | undefined => {
    const frame = allocateFrame();
    if (frame !== undefined) all.push(frame);
    return frame;
  };
  const isDestination = (frame: Pfn): boolean => isDestinationRange(segments, pageOf(frame));
  const control = (): Pfn | undefined => {
    for (let frame = allocate(); frame !== undefined; frame = allocate()) {
      if (!isDestination(frame)) return frame;
      waiting.add(frame);
    }
    return undefined;
  };
  /** A destination frame goes to its own place: if something stands in for it, that one is free for others. */
  const freeFrame = (wanted: Pfn | null): Pfn | undefined => {
    if (wanted !== null && waiting.delete(wanted)) return wanted;
    for (let frame = allocate(); frame !== undefined; frame = allocate()) {
      if (frame === wanted || !isDestination(frame)) return frame;
      const standIn = sources.get(frame);
      if (standIn === undefined) {
        waiting.add(frame);
      } else {
        sources.set(frame, frame);
        return standIn;
      }
    }
    return undefined;
  };
  const source = (destination: Pfn | null): Pfn | undefined => {
    const frame = freeFrame(destination);
    if (frame !== undefined && destination !== null) sources.set(destination, frame);
    return frame;
  };
  return {
    control,
    source,
    placed: (destination) => sources.get(destination) ?? destination,
    unused: () => [...waiting],
    all: () => all,
  };
}
