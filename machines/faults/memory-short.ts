/**
 * Other programs have nearly all memory. A jump on demand needs a backup page for every page of B's range (linux.md A1.7); a reserved
 * one needs only what kexec keeps for itself, and is not troubled.
 */
import { allocateFrames, freeFrameCount } from '../../kernels/linux/frame-allocator.ts';
import type { Fault } from './fault.ts';

/** Enough for control page, swap page, page tables and a list, and for little else. */
const framesLeft = 256;

export const memoryShort: Fault = {
  name: 'memory-short',
  about: 'nearly all free memory is taken when the image is loaded',
  source: 'linux.md A1.7: A needs as much free memory as B gets; A1.2: ENOMEM',
  places: () => ['kexec.load'],
  strike: (box) => {
    const taken = freeFrameCount(box, 'original') - framesLeft;
    if (taken > 0) allocateFrames(box, 'original', taken);
  },
};
