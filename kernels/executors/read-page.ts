/** Pages by frame number for whoever follows addresses: undefined where the box has no memory. */
import { type Pfn, pageSizeBytes } from '../../image/pfn.ts';
import type { Box } from '../box.ts';

export const readPageOf =
  (box: Pick<Box, 'plan' | 'memory' | 'contents'>) =>
  (frame: Pfn): Uint8Array | undefined =>
    frame * pageSizeBytes < box.plan.memoryEnd ? box.contents.bytes(box.memory.read(frame)) : undefined;
