/**
 * Page descriptors: one for each frame that the dump keeps, 24 bytes: where the data stands (i64), how long it is (u32), how it is
 * packed (u32), flags of the page (u64, always 0) (linux.md C.4.3).
 *
 * Frames of zeros all point to the same raw page of zeros. In a dump that was cut short missing ones are zeros.
 */
import { ByteReader, ByteWriter } from '../../bytes.ts';
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

export function decodeDescriptors(bytes: Uint8Array, baseOffset: number): Descriptor[] {
  const reader = new ByteReader(bytes, baseOffset);
  return Array.from({ length: Math.floor(bytes.length / descriptorSizeBytes) }, (_, index) => ({
    offset: reader.u64(index * descriptorSizeBytes),
    sizeBytes: reader.u32(index * descriptorSizeBytes + 8),
    flags: reader.u32(index * descriptorSizeBytes + 12),
  }));
}

export function encodeDescriptors(descriptors: readonly Descriptor[]): Uint8Array {
  const bytes = new Uint8Array(descriptors.length * descriptorSizeBytes);
  const writer = new ByteWriter(bytes);
  for (const [index, { offset, sizeBytes, flags }] of descriptors.entries()) {
    writer.u64(index * descriptorSizeBytes, offset);
    writer.u32(index * descriptorSizeBytes + 8, sizeBytes);
    writer.u32(index * descriptorSizeBytes + 12, flags);
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
