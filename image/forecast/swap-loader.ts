/**
 * What a kernel that resumes makes of a swap area: the map, then page after page of the stream, packed or not.
 *
 * Linux reads ahead and unpacks up to three units at a time; which of two kinds of damage close together it meets first may depend
 * on that, never whether it meets one.
 * Source: Linux 6.12 kernel/power/swap.c, get_swap_reader, swap_read_page, load_image, load_compressed_image (linux.md A4.7, C.1.5).
 */
import { codecs } from '../codecs/index.ts';
import { dataCrc } from '../formats/swsusp/data-crc.ts';
import { codecOf, type HeaderPage, hasFlag, type SwsuspCodec } from '../formats/swsusp/header-page.ts';
import { type ReadChain, readMapChain } from '../formats/swsusp/map-chain.ts';
import { pagesOfUnit, unitHeaderBytes, unitSizeBytes, worstUnitBytes } from '../formats/swsusp/units.ts';
import { ImageError } from '../image-error.ts';
import { pageSizeBytes } from '../pfn.ts';
import { readBounded, type Source } from '../sink.ts';
import { type Check, errors, uncovered } from './check.ts';

const mapName = 'map of the image';

export function mapCheck(source: Source, { firstMapPage }: HeaderPage): { check: Check; map: ReadChain } {
  const map = readMapChain(source, firstMapPage);
  return { check: checkOfMap(map, firstMapPage), map };
}

function checkOfMap({ chain, damage }: ReadChain, firstMapPage: number): Check {
  const name = mapName;
  if (firstMapPage === 0)
    return { name, result: 'fail', says: 'the header names no map page', error: errors.EINVAL };
  if (damage?.code === 'swsusp.map-loop')
    return {
      name,
      result: 'fail',
      says: 'the chain of map pages leads back into itself: Linux reads it until memory is full',
      ...factsOf(damage),
      error: errors.ENOMEM,
    };
  if (damage !== undefined)
    return { name, result: 'fail', says: 'a map page lies beyond the end of the device', ...beyond(damage) };
  const pages = `${chain.mapPages.length} map pages, ${chain.storedCount} pages`;
  return { name, result: 'pass', says: 'the chain of map pages can be read to its end', found: pages };
}

const factsOf = ({ facts }: ImageError): Pick<Check, 'expected' | 'found'> => ({
  expected: facts.expected,
  found: `${facts.found} at offset 0x${facts.offset.toString(16)}`,
});

/** The block layer says it, in the name of whoever resumes: swapper/0 at boot. */
const beyond = (damage: ImageError): Omit<Check, 'name' | 'result' | 'says'> => ({
  ...factsOf(damage),
  log: ['attempt to access beyond end of device'],
  error: errors.EIO,
});

/** Gives the pages of the stream behind the info page in order, or the check that Linux fails at. */
export type StreamReader = {
  readonly infoPage: () => Uint8Array | Check;
  readonly nextPage: () => Uint8Array | Check;
  /** Once all pages are there that are wanted. */
  readonly end: () => Check | undefined;
};

const dataName = 'data';

export function swapReader(source: Source, header: HeaderPage, map: ReadChain): StreamReader {
  let nextStored = 0;
  const nextStoredPage = (): Uint8Array | Check => {
    const page = storedPage(source, map, nextStored);
    nextStored += 1;
    return page;
  };
  const codec = codecOf(header);
  if (codec === 'none') return { infoPage: nextStoredPage, nextPage: nextStoredPage, end: () => undefined };
  const units = unitReader(codec, nextStoredPage);
  return {
    infoPage: nextStoredPage,
    nextPage: units.nextPage,
    end: () => crcCheck(header, units.crc()),
  };
}

function storedPage(source: Source, { chain }: ReadChain, storedIndex: number): Uint8Array | Check {
  const place = chain.find(storedIndex);
  const name = dataName;
  if (place === undefined)
    return {
      name,
      result: 'fail',
      says: 'the map ends before all pages of the image are there',
      found: `${chain.storedCount} pages`,
      error: errors.EFAULT,
    };
  const offset = place.devicePage * pageSizeBytes;
  if (offset + pageSizeBytes <= source.length) return readBounded(source, offset, pageSizeBytes);
  return {
    name,
    result: 'fail',
    says: 'a page of the image lies beyond the end of the device',
    expected: `a page below ${Math.floor(source.length / pageSizeBytes)}`,
    found: `page ${place.devicePage}`,
    log: ['attempt to access beyond end of device'],
    error: errors.EIO,
  };
}

type UnitReader = { readonly nextPage: () => Uint8Array | Check; readonly crc: () => number };

function unitReader(
  codec: Exclude<SwsuspCodec, 'none'>,
  nextStoredPage: () => Uint8Array | Check,
): UnitReader {
  const packed = new Uint8Array(pagesOfUnit(worstUnitBytes) * pageSizeBytes);
  const unpacked = new Uint8Array(unitSizeBytes);
  let filled = 0;
  let taken = 0;
  let crc = 0;
  const readUnit = (): Check | undefined => {
    const length = readPacked(codec, packed, nextStoredPage);
    if (typeof length !== 'number') return length;
    const result = unpack(codec, packed.subarray(unitHeaderBytes, unitHeaderBytes + length), unpacked);
    if (typeof result !== 'number') return result;
    filled = result;
    taken = 0;
    crc = dataCrc(unpacked.subarray(0, filled), crc);
    return undefined;
  };
  return {
    crc: () => crc,
    nextPage: () => {
      const failed = taken === filled ? readUnit() : undefined;
      if (failed !== undefined) return failed;
      taken += pageSizeBytes;
      return unpacked.subarray(taken - pageSizeBytes, taken);
    },
  };
}

/** Puts a unit together, its length in front; returns the length. */
function readPacked(
  codec: string,
  packed: Uint8Array,
  nextStoredPage: () => Uint8Array | Check,
): number | Check {
  const first = nextStoredPage();
  if (!(first instanceof Uint8Array)) return first;
  packed.set(first);
  const view = new DataView(packed.buffer);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  if (length < 1 || length > worstUnitBytes)
    return {
      name: dataName,
      result: 'fail',
      says: 'the length of a packed unit is damaged',
      expected: `1 to ${worstUnitBytes}`,
      found: String(length),
      log: [`PM: Invalid ${codec} compressed length`],
      error: -1,
    };
  for (let at = pageSizeBytes; at < unitHeaderBytes + length; at += pageSizeBytes) {
    const page = nextStoredPage();
    // Linux knows before that the unit is longer than what is left, and says nothing.
    if (!(page instanceof Uint8Array)) return page.error === errors.EFAULT ? { ...page, error: -1 } : page;
    packed.set(page, at);
  }
  return length;
}

function unpack(
  codec: Exclude<SwsuspCodec, 'none'>,
  packed: Uint8Array,
  unpacked: Uint8Array,
): number | Check {
  const name = dataName;
  try {
    const length = codecs[codec].decompressInto(packed, unpacked);
    if (length > 0 && length % pageSizeBytes === 0) return length;
    return {
      name,
      result: 'fail',
      says: 'a packed unit does not come to whole pages: it is damaged',
      found: `${length} bytes`,
      log: [`PM: Invalid ${codec} uncompressed length`],
      error: -1,
    };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return {
      name,
      result: 'fail',
      says: 'a packed unit cannot be unpacked: it is damaged, or was packed by another codec than the header says',
      found: error.message,
      log: [`PM: ${codec} decompression failed`],
      error: errors.EINVAL,
    };
  }
}

function crcCheck(header: HeaderPage, crc: number): Check {
  const name = 'CRC of the data';
  if (!hasFlag(header, 'crc'))
    return {
      name: uncovered,
      result: 'note',
      says: 'the header says that the data has no CRC: damage in it would not be noticed',
    };
  const expected = `0x${header.crc.toString(16).padStart(8, '0')} as the header says`;
  const found = `0x${crc.toString(16).padStart(8, '0')}`;
  if (crc === header.crc) return { name, result: 'pass', says: 'it is right', expected, found };
  return {
    name,
    result: 'fail',
    says: 'the data is not what was written, or the CRC in the header is damaged',
    expected,
    found,
    log: ['PM: Image loading done', 'PM: Invalid image CRC32!'],
    error: errors.ENODATA,
  };
}
