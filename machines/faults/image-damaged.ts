/** What was loaded is no longer what was loaded: purgatory's checksum is there for this (linux.md A3.2 row 8, E row 6). */
import { frameOf, pageSizeBytes, pfn } from '../../image/pfn.ts';
import type { Box } from '../../kernels/box.ts';
import { startedImage } from '../../kernels/executors/boot-parameters.ts';
import { decodePurgatoryData, purgatoryLayout } from '../../kernels/kexec/purgatory.ts';
import { item } from '../../kernels/shape.ts';
import type { Fault } from './fault.ts';

export const imageDamaged: Fault = {
  name: 'image-damaged',
  about: 'one bit of a loaded segment has flipped by the time that purgatory looks',
  source: '[L b3] "sha256 digests do not match :("; without a console purgatory has no line for it',
  places: () => ['purgatory.verify'],
  strike: flipSegmentBit,
};

/** A page of a segment that the checksum covers. */
function flipSegmentBit(box: Box): void {
  const { purgatoryFrame } = startedImage(box);
  const dataFrame = pfn(purgatoryFrame + purgatoryLayout.dataPage / pageSizeBytes);
  const { regions } = decodePurgatoryData(box.contents.bytes(box.memory.read(dataFrame)));
  const filled = regions.filter(({ sizeBytes }) => sizeBytes > 0);
  const region = item(filled, box.choose(filled.length, 'which segment is hit'));
  const page = box.choose(Math.ceil(region.sizeBytes / pageSizeBytes), 'which page of it');
  const frame = pfn(frameOf(region.start) + page);
  const bytes = box.contents.bytes(box.memory.read(frame)).slice();
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  box.memory.write(frame, box.contents.intern(bytes));
}
