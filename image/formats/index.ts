/** The registry of image formats: one module each, one line here. The first format that recognizes the bytes reads them. */
import { hex, ImageError } from '../image-error.ts';
import { readBounded, type Source } from '../sink.ts';
import { vmcoreElf } from './elf/index.ts';
import { type ImageFormat, sniffSizeBytes } from './image-format.ts';
import { kdumpCompressed } from './kdump-compressed/index.ts';
import { kdumpFlattened } from './kdump-flattened/index.ts';
import { raw } from './raw/index.ts';
import { savedPartition } from './saved-partition/index.ts';
import { snapshotStream } from './snapshot-stream/index.ts';
import { findSwapFile } from './swsusp/find-swap-file.ts';
import { swsusp } from './swsusp/index.ts';

export const imageFormats: readonly ImageFormat[] = [
  vmcoreElf,
  kdumpCompressed,
  kdumpFlattened,
  savedPartition,
  swsusp,
  snapshotStream,
  raw,
];

/** `offsetBytes`: where the image begins, when that is not where the file does. */
export function formatOf(source: Source, offsetBytes = 0): ImageFormat {
  const lengthBytes = Math.max(0, Math.min(source.length - offsetBytes, sniffSizeBytes));
  const firstBytes = lengthBytes === 0 ? new Uint8Array() : readBounded(source, offsetBytes, lengthBytes);
  const format = imageFormats.find((one) => one.sniff(firstBytes));
  if (format !== undefined) return format;
  throw new ImageError('format.unknown', {
    offset: offsetBytes,
    expected: `one of ${imageFormats.map(({ name }) => name).join(', ')}`,
    found: firstBytes.length === 0 ? 'an empty file' : whatItIs(source, firstBytes),
  });
}

function whatItIs(source: Source, firstBytes: Uint8Array): string {
  const bytes = `bytes ${hexDump(firstBytes.subarray(0, 8))}`;
  const swapFile = findSwapFile(source);
  return swapFile === undefined
    ? bytes
    : `${bytes}, and a swap file with an image: give --offset ${hex(swapFile)}`;
}

const hexDump = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
