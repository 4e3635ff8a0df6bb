/**
 * One bit of what was saved is not what was written, when it is read: a medium error that the disk does not notice. Everything that C
 * or A loads has a checksum (image/formats/saved-partition, kernels/executors/kept-kernel.ts).
 */
import { mapOffsetBytes } from '../../image/formats/saved-partition/block-map.ts';
import { commitSizeBytes } from '../../image/formats/saved-partition/commit.ts';
import { openSaved } from '../../image/formats/saved-partition/open-saved.ts';
import { pageSizeBytes } from '../../image/pfn.ts';
import { assert } from '../../kernels/assert.ts';
import type { Box } from '../../kernels/box.ts';
import { diskLayout } from '../../kernels/disk-layout.ts';
import { readSavedImage } from '../../kernels/executors/save-source.ts';
import { item } from '../../kernels/shape.ts';
import { variantOf } from '../paths/variant-of.ts';
import type { Fault } from './fault.ts';
import { imageParts, keptParts, partOf } from './places.ts';

export const imageRots: Fault = {
  name: 'image-rots',
  about: 'one bit of the image on the disk, or of the B that was kept, is another when it is read',
  source: 'linux.md E row 21: without a checksum "wrong memory restored silently" [L x3]',
  places: (plan) => [
    ...(variantOf(plan).goesOff ? imageParts.map((part) => `image.check:${part}`) : []),
    ...keptParts.map((part) => `kexec.load:${part}`),
  ],
  strike: (box, _command, place) => flip(box, rots[partOf(place)]?.(box)),
};

type Bit = { readonly block: number; readonly offset: number };
type Part = (typeof imageParts)[number] | (typeof keptParts)[number];

/** The header of a kept B and its CRC-32 (kernels/executors/kept-kernel.ts). */
const keptHeaderBytes = 36;

const rots: { readonly [part: string]: ((box: Box) => Bit) | undefined } = {
  commit: (box) => bitIn(box, diskLayout(box.plan.ramBytes).dump.start, commitSizeBytes),
  map: (box) => {
    const { commit } = openSaved(readSavedImage(box));
    const firstBlock = mapOffsetBytes(commit) / pageSizeBytes;
    // Two numbers of 8 bytes for each run.
    const sizeBytes = Math.min(pageSizeBytes, commit.runCount * 16);
    return bitIn(box, diskLayout(box.plan.ramBytes).dump.start + firstBlock, sizeBytes);
  },
  data: (box) => {
    const { runs } = openSaved(readSavedImage(box));
    const run = item(runs, box.choose(runs.length, 'which stretch of the image is hit'));
    const block = run.firstBlock + box.choose(run.blockCount, 'which block of it');
    return bitIn(box, diskLayout(box.plan.ramBytes).dump.start + 1 + block, pageSizeBytes);
  },
  'kept-header': (box) => bitIn(box, diskLayout(box.plan.ramBytes).kept.start, keptHeaderBytes),
  'kept-pages': (box) => {
    const count = box.plan.layout.dumpRam.reduce((sum, range) => sum + range.count, 0);
    const block = box.choose(count, 'which page of the kept B is hit');
    return bitIn(box, diskLayout(box.plan.ramBytes).kept.start + 1 + block, pageSizeBytes);
  },
} satisfies { readonly [Name in Part]: (box: Box) => Bit };

const bitIn = (box: Box, block: number, sizeBytes: number): Bit => ({
  block,
  offset: box.choose(sizeBytes, 'which byte is hit'),
});

function flip(box: Box, bit: Bit | undefined): void {
  assert(bit !== undefined, 'image-rots: every place of it names a part');
  const bytes = box.contents.bytes(box.medium.read(bit.block)).slice();
  bytes[bit.offset] = (bytes[bit.offset] ?? 0) ^ 1;
  box.medium.write(bit.block, box.contents.intern(bytes));
  box.note({ type: 'medium.damaged' });
}
