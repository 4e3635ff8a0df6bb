/** Whatever happens while B saves: on the medium is a complete image or none. */
import { dumpPartition } from '../../kernels/executors/save-partition.ts';
import { committedImage } from './committed-image.ts';
import { hasRotted } from './kernel-facts.ts';
import type { Law } from './law.ts';

export const committedImageIsWhole: Law = {
  name: 'committed-image-is-whole',
  says: 'A power cut at any write leaves either a complete image or none',
  verifies:
    'whenever a commit sector reaches the medium, and at the end: every block under it as it was committed',
  leavesOut:
    'blocks that change later under a commit that stays, until the end; disks that lie about flushes; media that rot: C notices',
  source: 'design sections 5 and 6; image/formats/saved-partition/save-steps.ts',
  atStep: ({ rules, before, after, record }) => {
    const { start } = dumpPartition(rules);
    if (hasRotted([record])) return [];
    if (before.medium.get(start) === after.medium.get(start)) return [];
    const image = committedImage(rules, after);
    return image.type === 'image.broken' ? [`the commit stands over a broken image: ${image.reason}`] : [];
  },
  atEnd: ({ rules, world, records }) => {
    const image = committedImage(rules, world);
    return image.type === 'image.broken' && !hasRotted(records)
      ? [{ text: `the commit stands over a broken image: ${image.reason}` }]
      : [];
  },
};
