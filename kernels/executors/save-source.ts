/**
 * The partition that B saves to, as it is on the medium: for whoever verifies or exports an image. What is
 * only in the disk's cache is not there, as after a power cut.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Source, Stretch } from '../../image/sink.ts';
import type { Box } from '../box.ts';
import { zeroContent } from '../memory/contents.ts';
import { dumpPartition } from './save-partition.ts';

export function readSavedImage(box: Pick<Box, 'medium' | 'contents' | 'plan'>): Source {
  const { start, count } = dumpPartition(box);
  return {
    length: count * pageSizeBytes,
    readAt: (offset, lengthBytes) => {
      const bytes = new Uint8Array(lengthBytes);
      for (let done = 0; done < lengthBytes; ) {
        const block = start + Math.floor((offset + done) / pageSizeBytes);
        const from = (offset + done) % pageSizeBytes;
        const part = box.contents.bytes(box.medium.read(block)).subarray(from, from + lengthBytes - done);
        bytes.set(part, done);
        done += part.length;
      }
      return bytes;
    },
    dataStretches: () => dataStretches(box),
  };
}

/** Neighbours of different content are one stretch. */
function* dataStretches(box: Pick<Box, 'medium' | 'plan'>): Generator<Stretch> {
  const { start, count } = dumpPartition(box);
  let open: Stretch | undefined;
  for (const run of box.medium.runs(start, count)) {
    if (run.id === zeroContent) continue;
    const offset = (run.start - start) * pageSizeBytes;
    const length = run.count * pageSizeBytes;
    if (open !== undefined && open.offset + open.length === offset) {
      open = { offset: open.offset, length: open.length + length };
      continue;
    }
    if (open !== undefined) yield open;
    open = { offset, length };
  }
  if (open !== undefined) yield open;
}
