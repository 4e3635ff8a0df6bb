/**
 * What a kernel that resumes makes of the pages of a snapshot, one after the other: header, frame list, data. Only what it looks at is
 * looked at; data is counted, for nothing in it is ever compared.
 *
 * Frames are kept in a bitmap: a frame that the list names twice counts once, and data goes to the frames in ascending order, whatever
 * the order in the list. So a damaged list either names a frame outside of memory (refused), or names too few (refused in the end), or
 * is followed: then pages go to wrong frames, and nothing notices.
 * Source: Linux 6.12 kernel/power/snapshot.c, snapshot_write_next, load_header, unpack_orig_pfns, get_buffer, snapshot_image_loaded;
 * arch/x86/power/hibernate.c, arch_hibernation_header_restore (linux.md A4.7).
 */
import type { Hex64 } from '../bytes.ts';
import { forEachListed } from '../formats/snapshot-stream/frame-list.ts';
import {
  crcText,
  decodeInfoPage,
  infoMagic,
  listPagesOf,
  type SnapshotInfo,
} from '../formats/snapshot-stream/info-page.ts';
import { hex } from '../image-error.ts';
import { pageSizeBytes } from '../pfn.ts';
import { type Check, errors } from './check.ts';
import type { FrameSpan } from './firmware-map.ts';
import { entryLimit, ListedEntries } from './listed-entries.ts';

export type Loader = {
  readonly memoryMapCrc: Hex64 | undefined;
  /** Of a map that the machine is known not to have any more. */
  readonly formerMapCrc: Hex64 | undefined;
  readonly frameCount: number | undefined;
  /** Roughly: what whoever asks knows of it, when nobody knows the frames. */
  readonly ramBytes: number | undefined;
  readonly zones: readonly FrameSpan[] | undefined;
  /** False for kernels that know no zero pages. */
  readonly knowsZeroPages: boolean;
};

/** The info page against the machine, in Linux's order. */
export function infoChecks(page: Uint8Array, machine: Loader): { info: SnapshotInfo; checks: Check[] } {
  const info = decodeInfoPage(page);
  return { info, checks: [magicCheck(info), memoryMapCheck(info, machine), memorySizeCheck(info, machine)] };
}

const mismatch = (what: string): string => `PM: hibernation: Image mismatch: ${what}`;

function magicCheck({ magic }: SnapshotInfo): Check {
  const name = 'image header';
  if (magic === infoMagic) return { name, result: 'pass', says: 'it is a header of x86-64' };
  return {
    name,
    result: 'fail',
    says: 'its magic is not the one of x86-64: the header is damaged, or of a kernel before 5.8',
    expected: `0x${infoMagic}`,
    found: `0x${magic}`,
    log: ['Unrecognized hibernate image header format!', mismatch('architecture specific data')],
    error: errors.EPERM,
  };
}

function memoryMapCheck(info: SnapshotInfo, { memoryMapCrc, formerMapCrc }: Loader): Check {
  const name = 'firmware memory map';
  const found = `CRC ${crcText(info.memoryMapCrc)} in the image`;
  const isOther = memoryMapCrc === undefined && formerMapCrc === info.memoryMapCrc;
  if (memoryMapCrc === undefined && !isOther)
    return { name, result: 'unknown', says: "the machine's memory map is not known", found };
  const expected = isOther
    ? 'the map of other RAM than the log shows'
    : `CRC ${crcText(memoryMapCrc ?? '')} of the machine's map`;
  if (memoryMapCrc === info.memoryMapCrc)
    return { name, result: 'pass', says: 'it is the same as when the image was made', expected, found };
  return {
    name,
    result: 'fail',
    says: 'it is not the one that the image was made with: other RAM, other firmware, or other settings of it',
    expected,
    found,
    log: ['Hibernate inconsistent memory map detected!', mismatch('architecture specific data')],
    error: errors.EPERM,
  };
}

function memorySizeCheck(info: SnapshotInfo, { frameCount, ramBytes }: Loader): Check {
  const name = 'memory size';
  const found = `${info.frameCount} frames in the image`;
  if (frameCount === undefined && ramBytes !== undefined) return byRam(info, ramBytes, found);
  if (frameCount === undefined)
    return { name, result: 'unknown', says: 'how much RAM the machine has is not known', found };
  const expected = `${frameCount} frames of the machine`;
  if (frameCount === info.frameCount)
    return {
      name,
      result: 'pass',
      says: 'the machine has as many frames as the image says',
      expected,
      found,
    };
  return {
    name,
    result: 'fail',
    says: 'the machine has another number of frames than the image says',
    expected,
    found,
    log: [mismatch('memory size')],
    error: errors.EPERM,
  };
}

/** Firmware takes part of the RAM, never more than half of it; so much can be said without a log. */
function byRam({ frameCount }: SnapshotInfo, ramBytes: number, found: string): Check {
  const name = 'memory size';
  const most = Math.floor(ramBytes / pageSizeBytes);
  const expected = `at most ${most} frames of the machine`;
  const says = `how many frames the firmware leaves of ${most} is not known`;
  if (frameCount <= most && frameCount > most / 2) return { name, result: 'unknown', says, expected, found };
  return {
    name,
    result: 'fail',
    says: 'the machine cannot have as many frames as the image says',
    expected,
    found,
    log: [mismatch('memory size')],
    error: errors.EPERM,
  };
}

export type Listing = {
  readonly listPages: number;
  /** Stream pages with data that Linux reads behind the list, before it is done or refuses. */
  readonly dataPages: number;
  /** Distinct frames. */
  readonly frames: number;
  /** How it ends once all those are read, when not well. */
  readonly failure: Check | undefined;
};

/** `nextPage` gives the pages of the list in order. Returns a failed check as soon as Linux stops. */
export function readListing(
  info: SnapshotInfo,
  machine: Loader,
  nextPage: () => Uint8Array | Check,
): Listing | Check {
  // unsigned int in Linux: counts that contradict each other make it take data for the list.
  const listPages = ((listPagesOf(info) % 2 ** 32) + 2 ** 32) % 2 ** 32;
  if (!Number.isSafeInteger(listPages) || listPages === 0) return contradiction(info);
  const entries = new ListedEntries();
  for (let index = 0; index < listPages; index += 1) {
    const page = nextPage();
    if (!(page instanceof Uint8Array)) return page;
    let refused: Check | undefined;
    forEachListed(page, (frame, isZero) => {
      if (refused !== undefined) return;
      if (isZero && !machine.knowsZeroPages) refused = noZeroPages(frame);
      else if (!isInZone(frame, machine.zones)) refused = outsideMemory(frame, machine.zones);
      entries.add(frame, isZero);
    });
    if (refused !== undefined) return refused;
  }
  const counted = entries.counted(info.dataPages);
  if (counted === undefined) return tooManyEntries;
  const { frames, wanted, dataPages } = counted;
  const failure = frames < wanted ? tooFewFrames(frames, wanted) : emptyImage(info);
  return { listPages, dataPages, frames, failure };
}

const isInZone = (frame: number, zones: readonly FrameSpan[] | undefined): boolean =>
  zones === undefined || zones.some(({ startFrame, endFrame }) => frame >= startFrame && frame < endFrame);

const listName = 'frame list';

/** SECTION_SIZE_BITS is 27: frames exist, for pfn_valid, in sections of 128 MiB (6.12 arch/x86/include/asm/sparsemem.h). */
const sectionFrames = 2 ** 27 / pageSizeBytes;
const sectionOf = (frame: number): number => Math.floor(frame / sectionFrames);

/** Linux has a line for frames in sections without memory, and none for others; both end alike. */
function outsideMemory(frame: number, zones: readonly FrameSpan[] = []): Check {
  const exists = zones.some(
    ({ startFrame, endFrame }) =>
      sectionOf(frame) >= sectionOf(startFrame) && sectionOf(frame) <= sectionOf(endFrame - 1),
  );
  const address = `0x${(BigInt(frame) * BigInt(pageSizeBytes)).toString(16)}`;
  const spans = zones.map((zone) => `${hex(zone.startFrame)}-${hex(zone.endFrame - 1)}`);
  return {
    name: listName,
    result: 'fail',
    says: `the image has a page at ${address}, where this machine has no memory`,
    expected: `a frame in ${spans.join(', ')}`,
    found: hex(frame),
    ...(!exists && { log: [`[Firmware Bug]: Memory map mismatch at ${address} after hibernation`] }),
    error: errors.EFAULT,
  };
}

const noZeroPages = (frame: number): Check => ({
  name: listName,
  result: 'fail',
  says: 'the image leaves zero pages out, which kernels before 6.6 do not know: they take the mark for part of a frame number',
  found: `frame ${hex(frame)} marked as zero`,
  error: errors.EFAULT,
});

const tooFewFrames = (found: number, wanted: number): Check => ({
  name: listName,
  result: 'fail',
  says: 'the list names fewer frames than there are pages: it is damaged',
  expected: `${wanted} frames`,
  found: `${found}`,
  error: errors.EFAULT,
});

function emptyImage({ dataPages }: SnapshotInfo): Check | undefined {
  if (dataPages > 0) return undefined;
  return { name: listName, result: 'fail', says: 'the image has no page', error: errors.ENODATA };
}

const contradiction = ({ pages, dataPages }: SnapshotInfo): Check => ({
  name: listName,
  result: 'unknown',
  says: 'the numbers of pages in the header contradict each other, and Linux does not look whether they do',
  found: `${pages} pages, ${dataPages} of them data`,
});

const tooManyEntries: Check = {
  name: listName,
  result: 'unknown',
  says: `the list is out of order and has more than ${entryLimit} frames (entryLimit): too many to follow`,
};
