/**
 * The stream that /dev/snapshot gives and takes, as a file: info page, frame list, data pages, each 4096 bytes and nothing else.
 * User space keeps it as it likes; a stream that begins behind one page of another header, as programs that hibernate by themselves
 * write it, is found there. Swap images (../swsusp) hold the same stream.
 *
 *   info-page        the first page                          frame-list   which frames, and which of them are zero
 *   frame-table      frame -> data page                      stream-pages the pages behind the info page, however they are stored
 *   snapshot-memory  stream -> memory                        snapshot-source, machine-info  memory -> stream
 *
 * Nothing in it has a checksum: a flipped bit of data is read as if it belonged there.
 * Sources: Linux 6.12 kernel/power/snapshot.c and user.c (linux.md C.1.4, A5.4).
 */
import { hex } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { readPhysicalFrom } from '../../physical-reader.ts';
import { readBounded, type Sink, type Source } from '../../sink.ts';
import type {
  ImageContents,
  ImageFormat,
  ProtectedRange,
  ReadOptions,
  WriteOptions,
  WriteReport,
} from '../image-format.ts';
import { checkInfoPage, decodeInfoPage, listPagesOf, type SnapshotInfo } from './info-page.ts';
import { snapshotSettings } from './machine-info.ts';
import { infoProtection, mergedRanges } from './protection.ts';
import { snapshotFacts } from './snapshot-facts.ts';
import { snapshotMemory } from './snapshot-memory.ts';
import { snapshotSource } from './snapshot-source.ts';
import { groupPages, type StreamPages } from './stream-pages.ts';
import { streamStartIn } from './stream-start.ts';

export const snapshotStream: ImageFormat = {
  name: 'snapshot-stream',
  describe: 'what /dev/snapshot gives and takes: info page, frame list, data pages; no swap area around it',
  sniff: (firstBytes) => streamStartIn(firstBytes) !== undefined,
  read,
  write,
  settings: snapshotSettings,
  protection,
};

function read(source: Source, { offsetBytes }: ReadOptions = {}): ImageContents {
  const { start, info, stream } = openStream(source, offsetBytes);
  const { frames, memory, problems } = snapshotMemory(info, stream);
  const endBytes = start + info.pages * pageSizeBytes;
  return {
    pageCount: frames.frameCount,
    facts: [['stream begins at', hex(start)], ...snapshotFacts(info, frames)],
    problems: endBytes > source.length ? [...problems, endsEarly(endBytes, source.length)] : problems,
    readPhysical: readPhysicalFrom(memory),
    memory,
  };
}

const endsEarly = (endBytes: number, foundBytes: number): string =>
  `the stream needs ${endBytes} bytes, but the file ends at ${foundBytes}: the pages at its end are missing`;

type OpenStream = { readonly start: number; readonly info: SnapshotInfo; readonly stream: StreamPages };

function openStream(source: Source, offsetBytes: number | undefined): OpenStream {
  const firstBytes = readBounded(source, 0, Math.min(source.length, 2 * pageSizeBytes));
  const start = offsetBytes ?? streamStartIn(firstBytes) ?? 0;
  const info = decodeInfoPage(readBounded(source, start, pageSizeBytes));
  checkInfoPage(info, start);
  return { start, info, stream: pagesInFile(source, start + pageSizeBytes, info.pages - 1) };
}

function pagesInFile(source: Source, firstOffset: number, pageCount: number): StreamPages {
  const offsetOf = (index: number): number => firstOffset + index * pageSizeBytes;
  return {
    pageCount,
    offsetOf,
    readPage: (index) => readBounded(source, offsetOf(index), pageSizeBytes),
    readGroup: async (firstIndex) => {
      const wanted = Math.min(groupPages, pageCount - firstIndex);
      const there = Math.floor((source.length - offsetOf(firstIndex)) / pageSizeBytes);
      const count = Math.max(0, Math.min(wanted, there));
      if (count === wanted)
        return { bytes: readBounded(source, offsetOf(firstIndex), wanted * pageSizeBytes), lost: new Map() };
      const bytes = new Uint8Array(wanted * pageSizeBytes);
      if (count > 0) bytes.set(readBounded(source, offsetOf(firstIndex), count * pageSizeBytes));
      const lost = new Map<number, string>();
      for (let index = count; index < wanted; index += 1)
        lost.set(firstIndex + index, endsEarly(offsetOf(firstIndex + index + 1), source.length));
      return { bytes, lost };
    },
  };
}

async function write(
  memory: Parameters<NonNullable<ImageFormat['write']>>[0],
  sink: Sink,
  options: WriteOptions,
): Promise<WriteReport> {
  const { infoPage, stream, report } = await snapshotSource(memory, options);
  sink.writeAt(0, infoPage);
  let lengthBytes = infoPage.length;
  for await (const chunk of stream()) {
    sink.writeAt(lengthBytes, chunk);
    lengthBytes += chunk.length;
  }
  sink.setLength(lengthBytes);
  return { ...report, lengthBytes };
}

function protection(source: Source, { offsetBytes }: ReadOptions = {}): Iterable<ProtectedRange> {
  const { start, info } = openStream(source, offsetBytes);
  const listBytes = listPagesOf(info) * pageSizeBytes;
  const dataBytes = info.dataPages * pageSizeBytes;
  const listOffset = start + pageSizeBytes;
  const end = listOffset + listBytes + dataBytes;
  return mergedRanges(source.length, [
    { offset: 0, length: start, kind: 'unprotected', what: 'header of the program that saved' },
    ...infoProtection(start),
    { offset: listOffset, length: listBytes, kind: 'unprotected', what: 'frame list' },
    { offset: listOffset + listBytes, length: dataBytes, kind: 'unprotected', what: 'data pages' },
    { offset: end, length: Math.max(0, source.length - end), kind: 'unprotected', what: 'behind the stream' },
  ]);
}
