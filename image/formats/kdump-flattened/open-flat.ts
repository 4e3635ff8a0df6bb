/** The records of a flattened file, and the dump that they come to. */
import { hex, ImageError } from '../../image-error.ts';
import { overlay } from '../../overlay.ts';
import { readBounded, type Source } from '../../sink.ts';

export const flatMagic = 'makedumpfile\0\0\0\0';
export const flatHeaderSizeBytes = 4096;
export const recordHeaderSizeBytes = 16;

/** One write: so many bytes from `sourceOffset` of the file belong to `offset` of the dump. */
export type FlatPlace = { readonly offset: number; readonly sourceOffset: number; readonly length: number };

export type OpenFlat = {
  readonly data: Source;
  readonly problems: readonly string[];
  readonly recordCount: number;
  /** In the order of the file. */
  readonly places: readonly FlatPlace[];
};

/** Our own limit: makedumpfile gathers 32 KiB for each write, so these come to 32 GiB. */
const recordLimit = 2 ** 20;

export function openFlat(source: Source): OpenFlat {
  const header = viewOf(readBounded(source, 0, flatHeaderSizeBytes));
  for (const [offset, name] of [
    [16, 'type'],
    [24, 'version'],
  ] as const) {
    const found = header.getBigInt64(offset);
    if (found !== 1n)
      throw new ImageError('flat.bad-header', { offset, expected: `${name} 1`, found: `${found}` });
  }
  const { places, problems } = readPlaces(source);
  const parts = disjointParts(places);
  const last = parts.at(-1);
  const length = last === undefined ? 0 : last.offset + last.length;
  return {
    data: { length, readAt: (offset, lengthBytes) => readParts(source, parts, offset, lengthBytes) },
    problems,
    recordCount: places.length,
    places,
  };
}

/** A file without its end mark was cut off: what is there is read, and the problem told. */
function readPlaces(source: Source): { places: FlatPlace[]; problems: string[] } {
  const places: FlatPlace[] = [];
  for (let at = flatHeaderSizeBytes; at + recordHeaderSizeBytes <= source.length; ) {
    const record = viewOf(readBounded(source, at, recordHeaderSizeBytes));
    const offset = record.getBigInt64(0);
    const length = record.getBigInt64(8);
    if (offset === -1n && length === -1n) return { places, problems: [] };
    const isSane = offset >= 0n && length >= 0n && offset + length <= BigInt(Number.MAX_SAFE_INTEGER);
    if (!isSane)
      throw badRecord(at, 'a place and a length below 2^53, or the end mark', `${offset} and ${length}`);
    if (places.length === recordLimit)
      throw badRecord(at, `at most ${recordLimit} records (recordLimit)`, 'more');
    const sourceOffset = at + recordHeaderSizeBytes;
    const hereBytes = Math.min(Number(length), source.length - sourceOffset);
    if (hereBytes > 0) places.push({ offset: Number(offset), sourceOffset, length: hereBytes });
    at = sourceOffset + Number(length);
  }
  return { places, problems: [`no end mark: the file was cut off at offset ${hex(source.length)}`] };
}

/** Ascending and apart; where writes overlap, the later one wins. */
const disjointParts = (places: readonly FlatPlace[]): readonly FlatPlace[] =>
  overlay(places.map((place) => ({ ...place, start: place.offset, end: place.offset + place.length }))).map(
    ({ start, end, item }) => ({
      offset: start,
      sourceOffset: item.sourceOffset + start - item.offset,
      length: end - start,
    }),
  );

function readParts(
  source: Source,
  parts: readonly FlatPlace[],
  offset: number,
  lengthBytes: number,
): Uint8Array {
  const first = firstBehind(parts, offset);
  const only = parts[first];
  if (only !== undefined && only.offset <= offset && offset + lengthBytes <= only.offset + only.length)
    return readBounded(source, only.sourceOffset + offset - only.offset, lengthBytes);
  const bytes = new Uint8Array(lengthBytes);
  for (let index = first; index < parts.length; index += 1) {
    const part = parts[index];
    if (part === undefined || part.offset >= offset + lengthBytes) break;
    const from = Math.max(part.offset, offset);
    const to = Math.min(part.offset + part.length, offset + lengthBytes);
    bytes.set(readBounded(source, part.sourceOffset + from - part.offset, to - from), from - offset);
  }
  return bytes;
}

function firstBehind(parts: readonly FlatPlace[], offset: number): number {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const part = parts[middle];
    if (part !== undefined && part.offset + part.length <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const badRecord = (offset: number, expected: string, found: string): ImageError =>
  new ImageError('flat.bad-record', { offset, expected, found });
