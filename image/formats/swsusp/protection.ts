/**
 * Which bytes of a swap area with an image in it are covered by what. The CRC covers the packed units of a compressed image, and the
 * map, too: an entry that names another page brings other bytes. Nothing covers the pages of an uncompressed image, nor where its
 * map says that they are.
 */
import { pageSizeBytes } from '../../pfn.ts';
import type { Source } from '../../sink.ts';
import type { ProtectedRange, ReadOptions } from '../image-format.ts';
import { infoProtection, mergedRanges } from '../snapshot-stream/protection.ts';
import { fields, hasFlag } from './header-page.ts';
import { nextMapOffset } from './map-chain.ts';
import { openSwsusp, type SwsuspImage } from './open-swsusp.ts';
import { pagesOfUnit, type UnitIndex, unitHeaderBytes } from './units.ts';

type Kind = ProtectedRange['kind'];

export function swsuspProtection(source: Source, options?: ReadOptions): Iterable<ProtectedRange> {
  const image = openSwsusp(source, options);
  return mergedRanges(source.length, withGaps([...rangesOf(image)].sort(byOffset), source.length));
}

const byOffset = (one: ProtectedRange, other: ProtectedRange): number => one.offset - other.offset;

function* rangesOf(image: SwsuspImage): Generator<ProtectedRange> {
  yield* headerRanges(image);
  yield* infoProtection(image.infoOffset);
  const dataKind: Kind =
    image.units !== undefined && hasFlag(image.header, 'crc') ? 'checked' : 'unprotected';
  for (const mapPage of image.map.chain.mapPages) {
    const offset = mapPage * pageSizeBytes;
    yield { offset, length: nextMapOffset, kind: dataKind, what: 'map: pages' };
    yield { offset: offset + nextMapOffset, length: 8, kind: 'structural', what: 'map: next page' };
  }
  if (image.units === undefined) yield* plainRanges(image);
  else yield* unitRanges(image, image.units, dataKind);
}

/** Flags and places make another image, which says so or cannot be read; a hardware signature and a CRC count where a flag says so. */
function headerRanges({ header, headerOffset }: SwsuspImage): ProtectedRange[] {
  const kinds: Readonly<Record<keyof typeof fields, Kind>> = {
    bootBits: 'unprotected',
    swapVersion: 'unprotected',
    lastPage: 'unprotected',
    badPageCount: 'unprotected',
    uuid: 'unprotected',
    label: 'unprotected',
    hardwareSignature: hasFlag(header, 'hardwareSignature') ? 'structural' : 'unprotected',
    crc: hasFlag(header, 'crc') && !hasFlag(header, 'uncompressed') ? 'checked' : 'unprotected',
    firstMapPage: 'structural',
    flags: 'structural',
    originalSignature: 'structural',
    signature: 'structural',
  };
  return Object.entries(fields).map(([field, { at, sizeBytes }]) => ({
    offset: headerOffset + at,
    length: sizeBytes,
    // Object.entries forgets that the names are those of the table.
    kind: kinds[field as keyof typeof fields],
    what: `header: ${field}`,
  }));
}

function* plainRanges({ map: { chain }, info, stream }: SwsuspImage): Generator<ProtectedRange> {
  const listPages = info.pages - info.dataPages - 1;
  for (const { storedIndex, devicePage, count } of chain.runs()) {
    for (let at = 0; at < count; at += 1) {
      const index = storedIndex + at - 1;
      if (index < 0 || index >= stream.pageCount) continue;
      const what = index < listPages ? 'frame list' : 'data pages';
      const offset = (devicePage + at) * pageSizeBytes;
      yield { offset, length: pageSizeBytes, kind: 'unprotected', what };
    }
  }
}

function* unitRanges(
  { map: { chain } }: SwsuspImage,
  units: UnitIndex,
  kind: Kind,
): Generator<ProtectedRange> {
  for (let unit = 0; unit < units.count; unit += 1) {
    const place = units.at(unit);
    if (place === undefined) return;
    let left = unitHeaderBytes + place.packedBytes;
    for (let page = 0; page < pagesOfUnit(place.packedBytes); page += 1) {
      const devicePage = chain.find(place.storedIndex + page)?.devicePage ?? 0;
      const length = Math.min(left, pageSizeBytes);
      yield { offset: devicePage * pageSizeBytes, length, kind, what: 'packed pages' };
      left -= length;
    }
  }
}

/** Where ranges overlap (a damaged map), the first one counts. */
function* withGaps(ranges: readonly ProtectedRange[], lengthBytes: number): Generator<ProtectedRange> {
  let next = 0;
  for (const range of ranges) {
    if (range.offset > next) yield unused(next, range.offset - next);
    const cut = Math.max(0, next - range.offset);
    if (cut < range.length) yield { ...range, offset: range.offset + cut, length: range.length - cut };
    next = Math.max(next, range.offset + range.length);
  }
  if (next < lengthBytes) yield unused(next, lengthBytes - next);
}

const unused = (offset: number, length: number): ProtectedRange => ({
  offset,
  length,
  kind: 'unprotected',
  what: 'not part of the image',
});
