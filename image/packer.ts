/**
 * Packs and unpacks many units of bytes at once. Formats hand whole batches to a packer, and so need not know whether it works here
 * or on other threads (scripts/image has one that does).
 *
 * A unit is what a codec is given at one time: a page in a dump, 32 pages in a hibernation image.
 */
import type { Codec, CodecName } from './codecs/codec.ts';
import { codecs } from './codecs/index.ts';
import { ImageError } from './image-error.ts';
import { isZero } from './is-zero.ts';

export type Packer = {
  /** How many jobs are worth having under way at the same time. */
  readonly width: number;
  pack(job: PackJob): Promise<Packed>;
  unpack(job: UnpackJob): Promise<Unpacked>;
};

export type PackJob = {
  readonly codec: CodecName;
  /** Units of `unitSizeBytes`, one after the other; the last may be shorter. Not changed before the answer has come. */
  readonly bytes: Uint8Array;
  readonly unitSizeBytes: number;
  /** As dumps have it: a unit of zeros becomes nothing (length 0), and one that does not get smaller stays as it is. */
  readonly isSparing?: boolean;
  /** Where the packed units go, when the caller has room for as many of the worst case. */
  readonly into?: Uint8Array;
};

/** The packed units one after the other, and how long each is. */
export type Packed = { readonly bytes: Uint8Array; readonly lengths: readonly number[] };

export type UnpackJob = {
  readonly codec: CodecName;
  /** Packed units one after the other. */
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
  /** What every unit must come to; the last one may come to less when `isLastShorter`. */
  readonly unitSizeBytes: number;
  readonly isLastShorter?: boolean;
  /** Where the units go, when the caller has room for all of them; it must not look there before the answer has come. */
  readonly into?: Uint8Array;
};

/** Unit N begins at N times the size of a unit. A unit that failed is zeros; a last unit that is shorter ends the bytes. */
export type Unpacked = { readonly bytes: Uint8Array; readonly failures: readonly UnpackFailure[] };
export type UnpackFailure = { readonly unitIndex: number; readonly reason: string };

/** Works here, in this thread. */
export const packHere: Packer = {
  width: 1,
  pack: async (job) => packUnits(job),
  unpack: async (job) => unpackUnits(job),
};

export function packUnits({ codec: name, bytes, unitSizeBytes, isSparing = false, into }: PackJob): Packed {
  const codec = codecs[name];
  const unitCount = Math.ceil(bytes.length / unitSizeBytes);
  const output = into ?? new Uint8Array(unitCount * codec.worstCaseBytes(unitSizeBytes));
  const lengths: number[] = [];
  let end = 0;
  for (let at = 0; at < bytes.length; at += unitSizeBytes) {
    const unit = bytes.subarray(at, at + unitSizeBytes);
    const length = isSparing
      ? packSparing(codec, unit, output.subarray(end))
      : codec.compressInto(unit, output.subarray(end));
    lengths.push(length);
    end += length;
  }
  return { bytes: output.subarray(0, end), lengths };
}

function packSparing(codec: Codec, unit: Uint8Array, output: Uint8Array): number {
  if (isZero(unit)) return 0;
  const length = codec.compressInto(unit, output);
  if (length < unit.length) return length;
  output.set(unit);
  return unit.length;
}

export function unpackUnits({
  codec: name,
  bytes,
  lengths,
  unitSizeBytes,
  isLastShorter = false,
  into,
}: UnpackJob): Unpacked {
  const codec = codecs[name];
  const output = (into ?? new Uint8Array(lengths.length * unitSizeBytes)).subarray(
    0,
    lengths.length * unitSizeBytes,
  );
  const failures: UnpackFailure[] = [];
  let from = 0;
  let lastBytes = unitSizeBytes;
  for (const [unitIndex, length] of lengths.entries()) {
    const unit = output.subarray(unitIndex * unitSizeBytes, (unitIndex + 1) * unitSizeBytes);
    const mayBeShorter = isLastShorter && unitIndex === lengths.length - 1;
    const unpacked = unpackUnit(codec, bytes.subarray(from, from + length), unit);
    from += length;
    lastBytes = unpacked.lengthBytes;
    const isShort = lastBytes !== unitSizeBytes && !mayBeShorter;
    const reason =
      unpacked.reason ?? (isShort ? `comes to ${lastBytes} bytes, expected ${unitSizeBytes}` : undefined);
    if (reason === undefined) continue;
    unit.fill(0);
    lastBytes = unitSizeBytes;
    failures.push({ unitIndex, reason });
  }
  return { bytes: output.subarray(0, output.length - unitSizeBytes + lastBytes), failures };
}

type UnpackedUnit = { readonly lengthBytes: number; readonly reason?: string };

function unpackUnit(codec: Codec, packed: Uint8Array, unit: Uint8Array): UnpackedUnit {
  try {
    return { lengthBytes: codec.decompressInto(packed, unit) };
  } catch (error) {
    if (error instanceof ImageError) return { lengthBytes: 0, reason: error.message };
    throw error;
  }
}
