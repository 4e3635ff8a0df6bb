/**
 * Raw memory: the byte at offset N of the file is the byte at physical address N. No header, no notes, nothing that could be verified.
 *
 * It has no signature, so it is never recognized: whoever has such a file says so (`--from raw`). Holes in the address space, and pages
 * that the image leaves out, are zeros: the report of writing says how many of these there are.
 */

import { framesInStretches } from '../../frames-in-stretches.ts';
import type { MemoryImage, MemoryRun, PageBatch } from '../../memory-image.ts';
import { batchesOfRuns, pageCountOf } from '../../page-batches.ts';
import { addressOf, pageSizeBytes, pfn } from '../../pfn.ts';
import { readPhysicalFrom } from '../../physical-reader.ts';
import { readBounded, type Sink, type Source } from '../../sink.ts';
import { frameEnd, writePages } from '../../write-pages.ts';
import type {
  ImageContents,
  ImageFormat,
  ProtectedRange,
  ReadOptions,
  WriteOptions,
  WriteReport,
} from '../image-format.ts';

export const raw: ImageFormat = {
  name: 'raw',
  describe: 'memory byte for byte at its physical address, without a header; not recognized by itself',
  sniff: () => false,
  read,
  write,
  protection: function* protection({ length }): Generator<ProtectedRange> {
    if (length > 0) yield { offset: 0, length, kind: 'unprotected', what: 'memory' };
  },
};

function read(source: Source, { offsetBytes = 0 }: ReadOptions = {}): ImageContents {
  const frameCount = Math.max(0, Math.floor((source.length - offsetBytes) / pageSizeBytes));
  const tailBytes = Math.max(0, source.length - offsetBytes) % pageSizeBytes;
  const memory = memoryOf(source, offsetBytes, frameCount);
  return {
    pageCount: frameCount,
    facts: [['frames', String(frameCount)]],
    problems: tailBytes === 0 ? [] : [`${tailBytes} bytes at the end are no whole page`],
    readPhysical: readPhysicalFrom(memory),
    memory,
  };
}

function memoryOf(source: Source, offsetBytes: number, frameCount: number): MemoryImage {
  const all: MemoryRun = { startPfn: pfn(0), count: frameCount, kind: 'stored' };
  const readRun = (startPfn: number, count: number): Uint8Array =>
    readBounded(source, offsetBytes + startPfn * pageSizeBytes, count * pageSizeBytes);
  return {
    runs: () => (frameCount === 0 ? [] : framesInStretches(source, all, offsetBytes)),
    readPage: (frame) => readRun(frame, 1),
    batches: async function* batches(wanted): AsyncGenerator<PageBatch> {
      for (const runs of batchesOfRuns(wanted)) {
        const bytes = new Uint8Array(pageCountOf(runs) * pageSizeBytes);
        let at = 0;
        for (const { startPfn, count } of runs) {
          bytes.set(readRun(startPfn, count), at);
          at += count * pageSizeBytes;
        }
        yield { runs, bytes, lost: [] };
      }
    },
    cpus: [],
    vmcoreinfo: undefined,
    machine: { frameCount },
  };
}

async function write(memory: MemoryImage, sink: Sink, options: WriteOptions): Promise<WriteReport> {
  const lengthBytes = addressOf(frameEnd(memory));
  const pages = await writePages(memory, sink, addressOf, options);
  sink.setLength(lengthBytes);
  const unknown = lengthBytes / pageSizeBytes - pages.storedPages - pages.zeroPages;
  return {
    ...pages,
    lengthBytes,
    notes: [
      ...(unknown > 0 ? [`${unknown} pages are zeros because the image does not have them`] : []),
      ...(memory.cpus.length > 0 ? ['raw memory has no place for registers and notes'] : []),
    ],
  };
}
