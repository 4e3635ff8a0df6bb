/** What `image info` prints of a snapshot, whatever it is stored in. */
import { hex } from '../../image-error.ts';
import type { FrameTable } from './frame-table.ts';
import { crcText, listPagesOf, type SnapshotInfo } from './info-page.ts';

export function snapshotFacts(
  info: SnapshotInfo,
  frames: FrameTable,
): readonly (readonly [name: string, value: string])[] {
  return [
    ['re-entry', `0x${info.reentry.virtual} (physical ${hex(info.reentry.physical)})`],
    ['cr3', hex(info.reentry.cr3)],
    ['memory map crc', crcText(info.memoryMapCrc)],
    ['frames of ram', String(info.frameCount)],
    ['pages of the stream', String(info.pages)],
    ['size in bytes', String(info.sizeBytes)],
    ['frame list pages', String(listPagesOf(info))],
    ['data pages', String(frames.dataPages)],
    ['zero pages', String(frames.zeroPages)],
  ];
}
