/** The kept pages of an image as a dump stores them: batch by batch, packed, several batches under way at once. */
import { mapInOrder } from '../../in-order.ts';
import { isZero } from '../../is-zero.ts';
import type { MemoryImage, MemoryRun, PageBatch } from '../../memory-image.ts';
import type { Packer } from '../../packer.ts';
import { wholeBatches } from '../../page-batches.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { storedRuns } from '../../verify-image.ts';
import type { KdumpCodec } from './descriptors.ts';

/** The data of the pages one after the other; a page of zeros has none, one that did not get smaller a whole page. */
export type PackedPart = {
  readonly runs: readonly MemoryRun[];
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
};

export function packedParts(
  memory: MemoryImage,
  codec: KdumpCodec,
  packer: Packer,
): AsyncIterable<PackedPart> {
  const batches = wholeBatches(memory, storedRuns(memory.runs()), packer);
  if (codec === 'none') return mapInOrder(batches, 1, async (batch) => withoutZeros(batch));
  return mapInOrder(batches, packer.width, async ({ runs, bytes, release }) => {
    const packed = await packer.pack({ codec, bytes, unitSizeBytes: pageSizeBytes, isSparing: true });
    release?.();
    return { runs, ...packed };
  });
}

/** The pages as they are: moved together only where pages of zeros lie between them. */
function withoutZeros({ runs, bytes }: PageBatch): PackedPart {
  const lengths: number[] = [];
  let kept = 0;
  for (let at = 0; at < bytes.length; at += pageSizeBytes) {
    const isEmpty = isZero(bytes.subarray(at, at + pageSizeBytes));
    lengths.push(isEmpty ? 0 : pageSizeBytes);
    if (!isEmpty) kept += pageSizeBytes;
  }
  if (kept === bytes.length) return { runs, bytes, lengths };
  const moved = new Uint8Array(kept);
  let to = 0;
  for (const [index, length] of lengths.entries()) {
    if (length > 0) moved.set(bytes.subarray(index * pageSizeBytes, (index + 1) * pageSizeBytes), to);
    to += length;
  }
  return { runs, bytes: moved, lengths };
}
