/** The memory that a snapshot holds: frames out of its list, pages out of the row behind it. */
import { ImageError } from '../../image-error.ts';
import { mapInOrder } from '../../in-order.ts';
import type { LostPage, MemoryImage, MemoryRun, PageBatch } from '../../memory-image.ts';
import type { Packer } from '../../packer.ts';
import { addressOf, type Pfn, pageSizeBytes, pfn } from '../../pfn.ts';
import { readFrameList } from './frame-list.ts';
import type { FrameTable } from './frame-table.ts';
import { infoProblems, listPagesOf, type SnapshotInfo } from './info-page.ts';
import { groupPages, type StreamPages } from './stream-pages.ts';

export type SnapshotMemory = {
  readonly frames: FrameTable;
  readonly memory: MemoryImage;
  readonly problems: readonly string[];
};

export function snapshotMemory(info: SnapshotInfo, stream: StreamPages): SnapshotMemory {
  const listPages = listPagesOf(info);
  const frames = readFrameList(pagesOfList(stream, listPages), stream.offsetOf);
  checkDataPages(info, frames, stream);
  const reading = { frames, stream, listPages };
  return {
    frames,
    problems: infoProblems(info),
    memory: {
      runs: () => frames.runs(),
      readPage: (frame) => readPage(reading, frame),
      batches: (wanted, packer) => batches(reading, wanted, packer),
      cpus: [],
      vmcoreinfo: undefined,
      machine: { frameCount: info.frameCount, reentry: info.reentry, memoryMapCrc: info.memoryMapCrc },
    },
  };
}

type Reading = {
  readonly frames: FrameTable;
  readonly stream: StreamPages;
  readonly listPages: number;
};

function* pagesOfList(stream: StreamPages, listPages: number): Generator<Uint8Array> {
  for (let index = 0; index < listPages; index += 1) yield stream.readPage(index);
}

/** Data pages are told apart by their order alone: one frame too many or too few, and all behind it would be wrong. */
function checkDataPages(info: SnapshotInfo, frames: FrameTable, stream: StreamPages): void {
  if (frames.dataPages === info.dataPages) return;
  throw new ImageError('snapshot.bad-counts', {
    offset: stream.offsetOf(0),
    expected: `a list with ${info.dataPages} frames that have data`,
    found: `${frames.dataPages}`,
  });
}

const zeroPage = new Uint8Array(pageSizeBytes);

function readPage({ frames, stream, listPages }: Reading, frame: Pfn): Uint8Array {
  const found = frames.find(frame);
  if (found === 'zero') return zeroPage.slice();
  if (found !== undefined) return stream.readPage(listPages + found);
  throw new ImageError('memory.not-in-image', {
    offset: addressOf(frame),
    expected: 'a frame that the list names',
    found: 'none',
  });
}

function batches(reading: Reading, wanted: Iterable<MemoryRun>, packer: Packer): AsyncIterable<PageBatch> {
  return mapInOrder(groupsOf(reading, wanted), packer.width, async (group) => {
    const { bytes, lost } = await reading.stream.readGroup(group.firstIndex, packer);
    return batchOf(group, bytes, lost);
  });
}

/** Frames whose pages lie in one group of the stream. */
type Group = { readonly firstIndex: number; readonly pieces: Piece[] };
type Piece = { readonly run: MemoryRun; readonly streamIndex: number };

/** The pages of ascending frames lie ascending in the stream, so each group comes once. */
function* groupsOf({ frames, listPages }: Reading, wanted: Iterable<MemoryRun>): Generator<Group> {
  let group: Group | undefined;
  for (const run of wanted) {
    for (let done = 0; done < run.count; ) {
      const found = frames.find(pfn(run.startPfn + done));
      if (typeof found !== 'number') throw notStored(pfn(run.startPfn + done));
      const streamIndex = listPages + found;
      const firstIndex = streamIndex - (streamIndex % groupPages);
      if (group?.firstIndex !== firstIndex) {
        if (group !== undefined) yield group;
        group = { firstIndex, pieces: [] };
      }
      const count = Math.min(run.count - done, firstIndex + groupPages - streamIndex);
      group.pieces.push({ run: { ...run, startPfn: pfn(run.startPfn + done), count }, streamIndex });
      done += count;
    }
  }
  if (group !== undefined) yield group;
}

function batchOf(
  { firstIndex, pieces }: Group,
  bytes: Uint8Array,
  lostIndexes: ReadonlyMap<number, string>,
): PageBatch {
  const pageCount = pieces.reduce((sum, { run }) => sum + run.count, 0);
  const batch = new Uint8Array(pageCount * pageSizeBytes);
  const lost: LostPage[] = [];
  let at = 0;
  for (const { run, streamIndex } of pieces) {
    const from = (streamIndex - firstIndex) * pageSizeBytes;
    batch.set(bytes.subarray(from, from + run.count * pageSizeBytes), at);
    at += run.count * pageSizeBytes;
    if (lostIndexes.size > 0) lost.push(...lostOf(run, streamIndex, lostIndexes));
  }
  return { runs: pieces.map(({ run }) => run), bytes: batch, lost };
}

function lostOf(run: MemoryRun, streamIndex: number, lost: ReadonlyMap<number, string>): LostPage[] {
  return Array.from({ length: run.count }, (_, index) => index).flatMap((index) => {
    const reason = lost.get(streamIndex + index);
    return reason === undefined ? [] : [{ frame: pfn(run.startPfn + index), reason }];
  });
}

const notStored = (frame: Pfn): ImageError =>
  new ImageError('memory.not-in-image', {
    offset: addressOf(frame),
    expected: 'a frame with data',
    found: 'a zero page, or a frame that the list does not name',
  });
