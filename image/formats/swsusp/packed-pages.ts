/** The compressed form: pages out of units of 32. Remembers the unit that was unpacked last, for those who read page by page. */
import { codecs } from '../../codecs/index.ts';
import { ImageError } from '../../image-error.ts';
import type { Packer } from '../../packer.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { groupPages, type PageGroup, type StreamPages } from '../snapshot-stream/stream-pages.ts';
import type { SwsuspCodec } from './header-page.ts';
import { type StoredStream, storedOffset } from './stored-pages.ts';
import { readUnit, type UnitIndex, unitPages, unitSizeBytes } from './units.ts';

export function packedPages(
  stored: StoredStream,
  codec: Exclude<SwsuspCodec, 'none'>,
  units: UnitIndex,
): StreamPages {
  const { source, chain, pageCount } = stored;
  const buffer = new Uint8Array(unitSizeBytes);
  let unpacked: { readonly unit: number } | undefined;
  const unpack = (unit: number): void => {
    if (unpacked?.unit === unit) return;
    unpacked = undefined;
    const length = codecs[codec].decompressInto(readUnit(source, chain, units, unit), buffer);
    const expected = unitBytes(unit, pageCount);
    if (length < expected) throw tooShort(offsetOf(stored, units, unit), expected, length);
    unpacked = { unit };
  };
  return {
    pageCount,
    offsetOf: (index) => offsetOf(stored, units, Math.floor(index / unitPages)),
    readPage: (index) => {
      if (index >= pageCount) throw beyondStream(stored, index);
      unpack(Math.floor(index / unitPages));
      const at = (index % unitPages) * pageSizeBytes;
      return buffer.slice(at, at + pageSizeBytes);
    },
    readGroup: (firstIndex, packer) => readGroup({ stored, codec, units, packer }, firstIndex),
  };
}

const unitBytes = (unit: number, pageCount: number): number =>
  Math.min(unitPages, pageCount - unit * unitPages) * pageSizeBytes;

function offsetOf({ chain }: StoredStream, units: UnitIndex, unit: number): number {
  const place = units.at(unit);
  const storedIndex = place?.storedIndex ?? units.endStoredIndex;
  return storedOffset(chain, Math.min(storedIndex, chain.storedCount - 1));
}

type Job = {
  readonly stored: StoredStream;
  readonly codec: Exclude<SwsuspCodec, 'none'>;
  readonly units: UnitIndex;
  readonly packer: Packer;
};

async function readGroup({ stored, codec, units, packer }: Job, firstIndex: number): Promise<PageGroup> {
  const { pageCount } = stored;
  const count = Math.min(groupPages, pageCount - firstIndex);
  const bytes = new Uint8Array(count * pageSizeBytes);
  const lost = new Map<number, string>();
  const firstUnit = firstIndex / unitPages;
  const wanted = Math.ceil(count / unitPages);
  const there = Math.max(0, Math.min(wanted, units.count - firstUnit));
  const packed = readUnits(stored, units, firstUnit, there);
  const isLast = firstIndex + count === pageCount && there === wanted;
  const unpacked = await packer.unpack({
    codec,
    bytes: packed.bytes,
    lengths: packed.lengths,
    unitSizeBytes,
    isLastShorter: isLast,
  });
  bytes.set(unpacked.bytes.subarray(0, bytes.length));
  for (const { unitIndex, reason } of unpacked.failures) {
    const told = packed.unreadable.get(unitIndex) ?? reason;
    markLost(lost, firstIndex + unitIndex * unitPages, unitBytes(firstUnit + unitIndex, pageCount), told);
  }
  const foundBytes = unpacked.bytes.length;
  if (isLast && foundBytes < bytes.length)
    markLost(lost, firstIndex + Math.floor(foundBytes / pageSizeBytes), bytes.length - foundBytes, shortLast);
  const reason = units.damage?.message ?? 'the image ends before this page';
  for (let at = there; at < wanted; at += 1)
    markLost(lost, firstIndex + at * unitPages, unitBytes(firstUnit + at, pageCount), reason);
  return { bytes, lost };
}

const shortLast = 'the last unit comes to less than the pages that are left';

type PackedUnits = {
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
  /** Why a unit has no bytes, by its index among them. */
  readonly unreadable: ReadonlyMap<number, string>;
};

/** One after the other, as the packer wants them. */
function readUnits(
  { source, chain }: StoredStream,
  units: UnitIndex,
  firstUnit: number,
  count: number,
): PackedUnits {
  const unreadable = new Map<number, string>();
  const parts = Array.from({ length: count }, (_, index) => {
    try {
      return readUnit(source, chain, units, firstUnit + index).slice();
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      unreadable.set(index, error.message);
      return new Uint8Array();
    }
  });
  return { bytes: Buffer.concat(parts), lengths: parts.map(({ length }) => length), unreadable };
}

function markLost(lost: Map<number, string>, firstIndex: number, lengthBytes: number, reason: string): void {
  for (let index = 0; index < Math.ceil(lengthBytes / pageSizeBytes); index += 1)
    lost.set(firstIndex + index, reason);
}

const tooShort = (offset: number, expected: number, found: number): ImageError =>
  new ImageError('swsusp.bad-unit', {
    offset,
    expected: `a unit that unpacks to ${expected} bytes`,
    found: `${found}`,
  });

const beyondStream = ({ chain, pageCount }: StoredStream, index: number): ImageError =>
  new ImageError('swsusp.ends-early', {
    offset: storedOffset(chain, chain.storedCount - 1),
    expected: `${index + 1} pages behind the info page`,
    found: `${pageCount}`,
  });
