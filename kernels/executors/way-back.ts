/**
 * What B, and C, load to get back to A, in the ways that were tried (plan.ts:waysBack): kexec's own helper, the labs' loaders with
 * one segment, and a whole kernel loaded to preserve the context, with A's entry in the place of its own (log a10).
 *
 * The last asks for all of B's memory below 32 MiB, and is refused where that is more than half of what B's kernel manages.
 */
import { openSaved } from '../../image/formats/saved-partition/open-saved.ts';
import { type Pfn, type PhysicalAddress, physical } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { planJumpBack } from '../kexec/jump-back-helper.ts';
import { planLoad } from '../kexec/kexec-tools.ts';
import type { LoadRequest } from '../kexec/segments.ts';
import { helperFailedExit, loadFailedExit, type ToolExit, toolExits } from '../kexec/tool-messages.ts';
import type { ErrnoName } from '../linux/errno.ts';
import type { KernelName } from '../machine.ts';
import type { ContentId } from '../memory/contents.ts';
import { bootParameters, knownMap, parameterOf } from './boot-parameters.ts';
import { type ImageContents, imageContents } from './image-contents.ts';
import { readSavedImage } from './save-source.ts';

export type WayBackPlan =
  | {
      readonly type: 'tool.planned';
      readonly request: LoadRequest;
      /** By destination; `whereIs`: where a frame's bytes will be after the jump. */
      readonly contents: (whereIs: (frame: Pfn) => Pfn) => ImageContents;
      /** What is said when the kernel refuses. */
      readonly exitOf: (errno: ErrnoName) => ToolExit;
    }
  | { readonly type: 'tool.stopped'; readonly exit: ToolExit };

/** --mem-max and --mem-min of log a10. */
const memMaxOfB = physical(0x1ffffff);
const memMinOfB = physical(0x1000);

export function planWayBack(box: Box, kernel: KernelName): WayBackPlan {
  const entry = entryOf(box, kernel);
  const { wayBack } = box.plan.kexec;
  if (wayBack === 'entry' && entry !== null) return planWholeKernel(box, kernel, entry);
  const { image } = box.machine.kernels[kernel];
  const tool = planJumpBack({ entry, isLoaded: image.loaded, defects: box.plan.defects, wayBack });
  if (tool.type === 'tool.stopped') return tool;
  const copied = tool.copiedFrame;
  return {
    type: 'tool.planned',
    request: tool.request,
    contents: () => new Map<Pfn, ContentId>(copied === null ? [] : [[copied, box.memory.read(copied)]]),
    exitOf: wayBack === 'helper' ? helperFailedExit : silently,
  };
}

/** B reads the way back on its command line, C in the image that it loaded. */
function entryOf(box: Box, kernel: KernelName): PhysicalAddress | null {
  if (kernel === 'restore') return openSaved(readSavedImage(box)).commit.jumpBackEntry;
  const word = parameterOf(bootParameters(box, kernel).commandLine, 'kexec_jump_back_entry');
  return word === undefined ? null : physical(Number(word));
}

/** The lab's own program has no words of kexec's. */
const silently = (): ToolExit => ({ ...toolExits.succeeded, exitStatus: 255 });

function planWholeKernel(box: Box, kernel: KernelName, entry: LoadRequest['entry']): WayBackPlan {
  const tool = planLoad({
    kind: 'jump',
    map: knownMap(box, kernel),
    commandLine: box.plan.kexec.append,
    memMin: memMinOfB,
    memMax: memMaxOfB,
    initrdBytes: 0,
    defects: box.plan.defects,
  });
  if (tool.type === 'tool.stopped') return tool;
  const request = { ...tool.request, entry };
  return {
    type: 'tool.planned',
    request,
    contents: (whereIs) => imageContents(box, { kernel, plan: tool, isPanicKernel: false, whereIs }),
    exitOf: (errno) => loadFailedExit(request, errno),
  };
}
