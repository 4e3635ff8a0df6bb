/**
 * Whether a machine will resume from an image, and if not why: everything that Linux looks at, in its order, from the boot parameters
 * to the CRC of the data; then what cannot be known beforehand.
 *
 * It answers for what the kernel does once it looks at this device. Whether drivers will quiesce is not in an image: where a log
 * shows that one refused before, the answer is that it cannot be known.
 * Source: Linux 6.12 kernel/power/hibernate.c, software_resume; swap.c, swsusp_check and swsusp_read (linux.md A4.6, A4.7, A5.4).
 */
import { type ProgressReport, sniffSizeBytes } from '../formats/image-format.ts';
import { streamStartIn } from '../formats/snapshot-stream/stream-start.ts';
import {
  decodeHeaderPage,
  type HeaderPage,
  hasFlag,
  looksLikeHeaderPage,
} from '../formats/swsusp/header-page.ts';
import { pageSizeBytes } from '../pfn.ts';
import { readBounded, type Source } from '../sink.ts';
import { askedCheck, availableCheck, codecCheck, hardwareCheck, signatureCheck } from './boot-checks.ts';
import { type Check, errors, type Forecast, forecastOf, uncovered, untilFailure } from './check.ts';
import { fileReader } from './file-reader.ts';
import type { Machine } from './machine.ts';
import { restoreChecks } from './restore-checks.ts';
import { infoChecks, readListing } from './snapshot-loader.ts';
import { mapCheck, type StreamReader, swapReader } from './swap-loader.ts';

export type ImageKind = 'swsusp' | 'snapshot-stream';
export type ResumeForecast = Forecast & { readonly format: ImageKind };

export type ForecastOptions = {
  /** Where the header page of a swap file is, or where a stream begins. */
  readonly offsetBytes?: number;
  readonly progress?: ProgressReport;
};

export function resumeForecast(
  source: Source,
  machine: Machine,
  { offsetBytes, progress }: ForecastOptions = {},
): ResumeForecast {
  const headerOffset = offsetBytes ?? resumeOffset(machine);
  const start = streamStart(source, offsetBytes);
  const checks =
    start === undefined
      ? swapChecks(source, { machine, progress }, headerOffset)
      : streamChecks(source, { machine, progress }, start);
  const format = start === undefined ? 'swsusp' : 'snapshot-stream';
  const told = untilFailure(checks);
  return { format, ...forecastOf(told, wellSaid(machine, told)) };
}

/** Undefined for whatever is no stream: Linux would look for the header of a swap area there. */
function streamStart(source: Source, offsetBytes = 0): number | undefined {
  const length = Math.max(0, Math.min(source.length - offsetBytes, sniffSizeBytes));
  const firstBytes = length === 0 ? new Uint8Array() : readBounded(source, offsetBytes, length);
  if (looksLikeHeaderPage(firstBytes)) return undefined;
  const start = streamStartIn(firstBytes);
  return start === undefined ? undefined : offsetBytes + start;
}

function wellSaid({ isResumeSeen }: Machine, checks: readonly Check[]): string {
  const parts = ['everything that Linux looks at is as it has to be'];
  if (!isResumeSeen) parts.push('once it is asked to resume from here, it will');
  if (checks.some(({ name }) => name === uncovered))
    parts.push('nothing covers the data: damage there would be restored');
  return parts.join('; ');
}

/** As the command line has it, so that nobody has to say it twice. */
function resumeOffset({ parameters }: Machine): number {
  const found = parameters?.findLast((word) => /^resume_offset=\d{1,12}$/.test(word));
  return found === undefined ? 0 : Number(found.slice('resume_offset='.length)) * pageSizeBytes;
}

type Asked = { readonly machine: Machine; readonly progress: ProgressReport | undefined };

function* swapChecks(source: Source, asked: Asked, headerOffset: number): Generator<Check> {
  const { machine } = asked;
  yield availableCheck(machine);
  yield askedCheck(machine, headerOffset / pageSizeBytes);
  if (headerOffset + pageSizeBytes > source.length) {
    yield noHeader(source, headerOffset);
    return;
  }
  const page = readBounded(source, headerOffset, pageSizeBytes);
  const header = decodeHeaderPage(page);
  yield signatureCheck(page);
  yield hardwareCheck(header, machine);
  yield codecCheck(header, machine);
  const { check, map } = mapCheck(source, header);
  yield check;
  const reader = swapReader(source, header, map);
  yield* loadChecks(reader, asked);
  yield* coverNotes(header);
  yield* restoreChecks(machine);
}

/** User space restores by itself: the kernel sees the stream alone. */
function* streamChecks(source: Source, asked: Asked, start: number): Generator<Check> {
  const { machine } = asked;
  yield availableCheck(machine);
  yield* loadChecks(fileReader(source, start), asked);
  yield {
    name: uncovered,
    result: 'note',
    says: 'nothing checks the data of a stream: damage in it would not be noticed',
  };
  yield* restoreChecks(machine);
}

/** Often enough for whoever watches, and rarely enough to cost nothing. */
const progressPages = 256;

function* loadChecks(reader: StreamReader, { machine, progress }: Asked): Generator<Check> {
  const page = reader.infoPage();
  if (!(page instanceof Uint8Array)) {
    yield page;
    return;
  }
  const { info, checks } = infoChecks(page, machine);
  yield* checks;
  const listing = readListing(info, machine, reader.nextPage);
  if ('name' in listing) {
    yield listing;
    return;
  }
  yield {
    name: 'frame list',
    result: 'pass',
    says: 'all frames are memory of the machine',
    found: `${listing.frames} frames`,
  };
  yield roomCheck(listing.frames, machine);
  for (let index = 0; index < listing.dataPages; index += 1) {
    if (index % progressPages === 0)
      progress?.({ what: 'loading pages', done: index, total: listing.dataPages });
    const data = reader.nextPage();
    if (data instanceof Uint8Array) continue;
    yield data;
    return;
  }
  yield listing.failure ?? {
    name: 'data',
    result: 'pass',
    says: 'all pages can be read',
    found: `${listing.dataPages} pages`,
  };
  const ending = reader.end();
  if (ending !== undefined) yield ending;
}

/** Every page is loaded beside the running kernel, into its own place or another (6.12 snapshot.c, prepare_image; linux.md D.8). */
function roomCheck(frames: number, { availableFrames }: Machine): Check {
  const name = 'room for the image';
  if (availableFrames === undefined)
    return {
      name,
      result: 'note',
      says: 'how much memory the kernel has left is not known',
      found: `${frames}`,
    };
  const facts = { expected: `at most ${availableFrames} frames`, found: `${frames}` };
  if (frames <= availableFrames)
    return { name, result: 'pass', says: 'the kernel that resumes has room for all pages', ...facts };
  return {
    name,
    result: 'unknown',
    says: 'the image has more pages than the kernel had free at its start: it may run out of memory',
    ...facts,
  };
}

function* coverNotes(header: HeaderPage): Generator<Check> {
  if (!hasFlag(header, 'uncompressed')) return;
  yield {
    name: uncovered,
    result: 'note',
    says: 'an uncompressed image has no CRC: damage in its data would be restored without a word',
  };
}

const noHeader = (source: Source, headerOffset: number): Check => ({
  name: 'signature',
  result: 'fail',
  says: 'the header page lies beyond the end of the device',
  expected: `a device of more than ${headerOffset} bytes`,
  found: `${source.length}`,
  error: errors.EIO,
});
