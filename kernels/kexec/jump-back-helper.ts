/**
 * `kexec --load-jump-back-helper`, run in B: an image with nothing to move, loaded only so that `kexec -e`
 * jumps to A's entry.
 *
 *   as shipped     a segment of size 0 at address 0: the kernel takes it for all of memory (linux.md A1.8 row 6)
 *   row 6 mended   the same at 0x1000, as the lab's own loader: loads, but A's control page may not be mapped (row 7)
 *   both mended    a real page in the same 2 MiB step as A's control page, filled with what it holds already
 *
 * The real page is swapped with an equal copy. The copy ages: on a later visit of B without a new load, that
 * frame holds the copy's content while B runs, and gets its own back on the return. So the frame is not A's
 * control page, which B reads, but its neighbour.
 * Sources: kexec-tools kexec/kexec.c (my_load_jump_back_helper, load_jump_back_helper_image); linux.md A1.8 and
 * A1.9; logs a0, a1, e8.
 */
import {
  addressOf,
  frameOf,
  type Pfn,
  type PhysicalAddress,
  pageSizeBytes,
  pfn,
  physical,
} from '../../image/pfn.ts';
import type { WayBack } from '../plan.ts';
import { type Defects, defectsOf } from './defects.ts';
import { kexecArchitectureX8664, kexecFlags, type LoadRequest } from './segments.ts';
import { type ToolExit, toolExits } from './tool-messages.ts';

export type HelperRequest = {
  /** As read from B's command line; null when it has none. */
  readonly entry: PhysicalAddress | null;
  /** /sys/kernel/kexec_loaded of B. */
  readonly isLoaded: boolean;
  readonly defects: Defects;
  /** `empty-page` and `real-page`: loaders of labs, which have the middle and the last form whatever kexec does. */
  readonly wayBack?: WayBack;
};

export type HelperAnswer =
  | {
      readonly type: 'tool.planned';
      readonly request: LoadRequest;
      /** The frame whose present content the one buffer has; null when there is no buffer. */
      readonly copiedFrame: Pfn | null;
    }
  | { readonly type: 'tool.stopped'; readonly exit: ToolExit };

const firstPage = physical(0x1000);
const noDefects = defectsOf();

export function planJumpBack({ entry, isLoaded, defects, wayBack }: HelperRequest): HelperAnswer {
  if (isLoaded) return { type: 'tool.stopped', exit: toolExits.alreadyLoaded };
  if (entry === null || entry === 0) return { type: 'tool.stopped', exit: toolExits.noEntry };
  const flags = kexecArchitectureX8664 + kexecFlags.preserveContext;
  const { emptySegmentAtZero, controlPageUnmapped } = wayBack === 'real-page' ? noDefects : defects;
  if (wayBack === 'empty-page' || emptySegmentAtZero || controlPageUnmapped) {
    const memoryStart = emptySegmentAtZero && wayBack !== 'empty-page' ? physical(0) : firstPage;
    const empty = { bufferSizeBytes: 0, memoryStart, memorySizeBytes: 0 };
    return { type: 'tool.planned', request: { entry, segments: [empty], flags }, copiedFrame: null };
  }
  const copiedFrame = neighbourOf(frameOf(entry));
  const page = {
    bufferSizeBytes: pageSizeBytes,
    memoryStart: addressOf(copiedFrame),
    memorySizeBytes: pageSizeBytes,
  };
  return { type: 'tool.planned', request: { entry, segments: [page], flags }, copiedFrame };
}

/** The other one of its pair, which lies in the same step of 2 MiB. */
const neighbourOf = (frame: Pfn): Pfn => pfn(frame % 2 === 0 ? frame + 1 : frame - 1);
