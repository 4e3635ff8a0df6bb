/** Opens the image on a swap area: header page, map, info page, and the row of pages behind it. */
import { hex, ImageError } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { readBounded, type Source } from '../../sink.ts';
import type { ReadOptions } from '../image-format.ts';
import { checkInfoPage, decodeInfoPage, type SnapshotInfo } from '../snapshot-stream/info-page.ts';
import type { StreamPages } from '../snapshot-stream/stream-pages.ts';
import {
  codecOf,
  decodeHeaderPage,
  fields,
  foreignWriter,
  type HeaderPage,
  type ImageState,
  imageState,
  isSwapSignature,
  type SwsuspCodec,
} from './header-page.ts';
import { type ReadChain, readMapChain } from './map-chain.ts';
import { packedPages } from './packed-pages.ts';
import { plainPages } from './plain-pages.ts';
import { readStored, type StoredStream, storedOffset } from './stored-pages.ts';
import { readUnitIndex, type UnitIndex } from './units.ts';

export type SwsuspImage = {
  readonly headerOffset: number;
  readonly header: HeaderPage;
  readonly state: ImageState;
  readonly map: ReadChain;
  readonly infoOffset: number;
  readonly info: SnapshotInfo;
  /** Of a compressed image. */
  readonly units: UnitIndex | undefined;
  readonly stream: StreamPages;
};

/**
 * Throws when there is no image, or none whose beginning can be read. Damage further on is met when pages are read. To salvage what
 * is there, a signature that says nothing is passed over.
 */
export function openSwsusp(
  source: Source,
  { offsetBytes = 0, isSalvage = false }: ReadOptions = {},
): SwsuspImage {
  const headerOffset = offsetBytes;
  const header = decodeHeaderPage(readBounded(source, headerOffset, pageSizeBytes));
  const state = imageState(header);
  if (state === 'none' && !(isSalvage && header.firstMapPage !== 0)) throw noImage(header, headerOffset);
  const map = readMapChain(source, header.firstMapPage);
  const { chain } = map;
  if (chain.storedCount === 0) throw map.damage ?? emptyMap(header, headerOffset);
  const infoOffset = storedOffset(chain, 0);
  const info = decodeInfoPage(readStored(source, chain, 0, 1));
  checkInfoPage(info, infoOffset);
  const codec = codecOf(header);
  const units = codec === 'none' ? undefined : readUnitIndex(source, chain, info.pages - 1);
  const stream = streamPages({ source, chain, pageCount: info.pages - 1 }, codec, units);
  return { headerOffset, header, state, map, infoOffset, info, units, stream };
}

function streamPages(stored: StoredStream, codec: SwsuspCodec, units: UnitIndex | undefined): StreamPages {
  return codec === 'none' || units === undefined ? plainPages(stored) : packedPages(stored, codec, units);
}

function noImage(header: HeaderPage, headerOffset: number): ImageError {
  const { signature } = header;
  const writer = foreignWriter(header);
  const printable = `signature "${signature.replaceAll(/[^ -~]/g, '?')}"`;
  let found = signature === '' ? 'no signature' : printable;
  if (isSwapSignature(signature)) found = `${printable}, as a swap area without an image has it`;
  if (writer !== undefined) found = `${printable}, an image of ${writer}`;
  return new ImageError('swsusp.no-image', {
    offset: headerOffset + fields.signature.at,
    expected: 'S1SUSPEND',
    found,
  });
}

function emptyMap({ firstMapPage }: HeaderPage, headerOffset: number): ImageError {
  return new ImageError('swsusp.ends-early', {
    offset: firstMapPage === 0 ? headerOffset + fields.firstMapPage.at : firstMapPage * pageSizeBytes,
    expected: 'a map with the page of the info page',
    found: firstMapPage === 0 ? `no map (page ${hex(firstMapPage)})` : 'an empty map',
  });
}
