/**
 * Page descriptors: one for each frame that the dump keeps, 24 bytes: where the data stands (i64), how long it is (u32), how it is
 * packed (u32), flags of the page (u64, always 0) (linux.md C.4.3).
 *
 * Frames of zeros all point to the same raw page of zeros. In a dump that was cut short missing ones are zeros.
 */
import type { CodecName } from '../../codecs/codec.ts';
import { ImageError } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';

export type Descriptor = { readonly offset: number; readonly sizeBytes: number; readonly flags: number };

export const descriptorSizeBytes = 24;

/** Per page, and in the status of the header for the codec that was asked for. LZ4 has no place in this format. */
export const codecFlags = { none: 0, zlib: 1, lzo: 2, snappy: 4, zstd: 0x20 } as const satisfies Partial<
  Record<CodecName, number>
>;
export type KdumpCodec = keyof typeof codecFlags;

// The compiler cannot see that the keys of a record are its key type.
export const kdumpCodecs = Object.keys(codecFlags) as KdumpCodec[];

export const codecOfFlags = (flags: number): KdumpCodec | undefined =>
  kdumpCodecs.find((name) => codecFlags[name] === flags);

/** In halves of 32 bits: a dump has a million of them, and 64-bit integers would cost more than the rest of reading it. */
export function decodeDescriptors(bytes: Uint8Array, baseOffset: number): Descriptor[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const descriptors: Descriptor[] = [];
  for (let at = 0; at + descriptorSizeBytes <= bytes.length; at += descriptorSizeBytes) {
    const high = view.getUint32(at + 4, true);
    if (high >= highLimit) {
      const found = `0x${view.getBigUint64(at, true).toString(16)}`;
      throw new ImageError('bytes.too-large', {
        offset: baseOffset + at,
        expected: 'a value below 2^53',
        found,
      });
    }
    descriptors.push({
      offset: high * 2 ** 32 + view.getUint32(at, true),
      sizeBytes: view.getUint32(at + 8, true),
      flags: view.getUint32(at + 12, true),
    });
  }
  return descriptors;
}

/** Above it, an offset is 2^53 or more. */
const highLimit = 2 ** 21;

export function encodeDescriptors(descriptors: readonly Descriptor[]): Uint8Array {
  const bytes = new Uint8Array(descriptors.length * descriptorSizeBytes);
  const view = new DataView(bytes.buffer);
  for (const [index, { offset, sizeBytes, flags }] of descriptors.entries()) {
    const at = index * descriptorSizeBytes;
    view.setUint32(at, offset % 2 ** 32, true);
    view.setUint32(at + 4, Math.floor(offset / 2 ** 32), true);
    view.setUint32(at + 8, sizeBytes, true);
    view.setUint32(at + 12, flags, true);
  }
  return bytes;
}

/** What makes a descriptor unusable, or the codec that its page is packed with. */
export function checkDescriptor({ offset, sizeBytes, flags }: Descriptor, frame: number): KdumpCodec {
  const codec = codecOfFlags(flags);
  if (codec === undefined) {
    throw badDescriptor(frame, `flags ${Object.values(codecFlags).join(', ')}`, `${flags}`);
  }
  if (offset === 0)
    throw badDescriptor(frame, 'a place in the file', 'none: the dump ended before this page');
  const isRight = codec === 'none' ? sizeBytes === pageSizeBytes : sizeBytes > 0 && sizeBytes < pageSizeBytes;
  if (isRight) return codec;
  const expected =
    codec === 'none' ? `${pageSizeBytes} bytes as they are` : `1 to ${pageSizeBytes - 1} bytes of ${codec}`;
  throw badDescriptor(frame, expected, `${sizeBytes}`);
}

export const badDescriptor = (frame: number, expected: string, found: string): ImageError =>
  new ImageError('kdump.bad-descriptor', { offset: frame * pageSizeBytes, expected, found });
