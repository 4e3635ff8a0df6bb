/**
 * An image without its damaged pages: those that could not be read are told as lost. What is written from the result is whole; what it
 * lacks is listed.
 */
import { FrameReasons } from './filter/frame-reasons.ts';
import type { VerifyReport } from './formats/image-format.ts';
import type { MemoryImage, MemoryRun } from './memory-image.ts';
import { framesOf } from './page-batches.ts';

/** `lost`: as verifying reported it. */
export function salvagedImage(memory: MemoryImage, lost: VerifyReport['lost']): MemoryImage {
  if (lost.length === 0) return memory;
  const reasons = new FrameReasons();
  for (const frame of framesOf(lost)) reasons.set(frame, 'lost');
  return {
    ...memory,
    runs: function* runs(): Generator<MemoryRun> {
      for (const run of memory.runs()) {
        if (run.kind === 'stored') yield* reasons.applied(run);
        else yield run;
      }
    },
  };
}
