/**
 * Verifies the image on a swap area: every page of the stream is read in order, and the CRC taken over them where the image has one.
 * An uncompressed image has none: then a page that can be read is all that can be said of it.
 */
import { hex } from '../../image-error.ts';
import { mapInOrder } from '../../in-order.ts';
import type { LostPage } from '../../memory-image.ts';
import type { Packer } from '../../packer.ts';
import { pfn } from '../../pfn.ts';
import { lostRuns } from '../../verify-image.ts';
import type { VerifyOptions, VerifyReport } from '../image-format.ts';
import type { FrameTable } from '../snapshot-stream/frame-table.ts';
import { listPagesOf } from '../snapshot-stream/info-page.ts';
import { groupPages, type StreamPages } from '../snapshot-stream/stream-pages.ts';
import { dataCrc } from './data-crc.ts';
import { hasFlag } from './header-page.ts';
import type { SwsuspImage } from './open-swsusp.ts';

/** Reasons beyond these many are counted, not told. */
const toldReasons = 20;

export async function verifySwsusp(
  { header, info, units, stream }: SwsuspImage,
  frames: FrameTable,
  { packer, progress }: Pick<VerifyOptions, 'packer' | 'progress'>,
): Promise<Omit<VerifyReport, 'problems'> & { readonly problems: string[] }> {
  const listPages = listPagesOf(info);
  const lostIndexes = new Map<number, string>();
  let crc = 0;
  let done = 0;
  for await (const { bytes, lost } of groupsInOrder(stream, packer)) {
    for (const [index, reason] of lost) lostIndexes.set(index, reason);
    if (units !== undefined) crc = dataCrc(bytes, crc);
    done += Math.min(groupPages, stream.pageCount - done);
    progress?.({ what: 'reading pages', done, total: stream.pageCount });
  }
  const lost = lostFrames(frames, listPages, lostIndexes);
  const problems = lost
    .slice(0, toldReasons)
    .map(({ frame, reason }) => `frame 0x${frame.toString(16)}: ${reason}`);
  if (lost.length > toldReasons) problems.push(`and ${lost.length - toldReasons} more damaged pages`);
  const isWhole = lostIndexes.size === 0;
  if (units !== undefined && isWhole && hasFlag(header, 'crc') && crc !== header.crc)
    problems.push(`the data has CRC ${hex(crc)}, the header says ${hex(header.crc)}`);
  return { pagesRead: frames.dataPages - lost.length, problems, lost: lostRuns(lost) };
}

function groupsInOrder(
  stream: StreamPages,
  packer: Packer,
): ReturnType<typeof mapInOrder<number, Awaited<ReturnType<StreamPages['readGroup']>>>> {
  return mapInOrder(groupStarts(stream.pageCount), packer.width, (firstIndex) =>
    stream.readGroup(firstIndex, packer),
  );
}

function* groupStarts(pageCount: number): Generator<number> {
  for (let index = 0; index < pageCount; index += groupPages) yield index;
}

/** Which frames the lost pages belong to; both ascend. */
function lostFrames(frames: FrameTable, listPages: number, lost: ReadonlyMap<number, string>): LostPage[] {
  const found: LostPage[] = [];
  if (lost.size === 0) return found;
  let index = listPages;
  for (const { startPfn, count, kind } of frames.runs()) {
    if (kind !== 'stored') continue;
    for (let at = 0; at < count; at += 1) {
      const reason = lost.get(index + at);
      if (reason !== undefined) found.push({ frame: pfn(startPfn + at), reason });
    }
    index += count;
  }
  return found;
}
