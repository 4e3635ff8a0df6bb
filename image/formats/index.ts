/** The registry of image formats: one module each, one line here. The first format that recognizes the bytes reads them. */
import { ImageError } from '../image-error.ts';
import { readBounded, type Source } from '../sink.ts';
import { vmcoreElf } from './elf/index.ts';
import { type ImageFormat, sniffSizeBytes } from './image-format.ts';
import { savedPartition } from './saved-partition/index.ts';

export const imageFormats: readonly ImageFormat[] = [vmcoreElf, savedPartition];

export function formatOf(source: Source): ImageFormat {
  const firstBytes = readBounded(source, 0, Math.min(source.length, sniffSizeBytes));
  const format = imageFormats.find((one) => one.sniff(firstBytes));
  if (format !== undefined) return format;
  throw new ImageError('format.unknown', {
    offset: 0,
    expected: `one of ${imageFormats.map(({ name }) => name).join(', ')}`,
    found: firstBytes.length === 0 ? 'an empty file' : `bytes ${hexDump(firstBytes.subarray(0, 8))}`,
  });
}

const hexDump = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
