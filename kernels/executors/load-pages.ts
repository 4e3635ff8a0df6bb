/**
 * Images that are pages which once stood in memory, not a kernel that has to boot: B as it was kept, and the dump of A.
 *
 *   kept   A frees what is loaded (kexec -u) and loads B's range with the way in that B left
 *   dump   C loads A's memory as segments (kexec -l --args-none --entry=… dump.elf): what is left in 6.12, where nothing writes
 *          straight to frames; refused for its size, and often for the number of its segments (linux.md A2.2 row 9, A2.3)
 */
import { readVmcore } from '../../image/formats/elf/vmcore.ts';
import { openSaved } from '../../image/formats/saved-partition/open-saved.ts';
import { addressOf, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { kexecArchitectureX8664, kexecFlags, type LoadRequest } from '../kexec/segments.ts';
import { loadFailedExit } from '../kexec/tool-messages.ts';
import type { KernelName } from '../machine.ts';
import type { ContentId } from '../memory/contents.ts';
import { freeImage } from './free-image.ts';
import { framesOfLoad, pagesOfLoad } from './image-pages.ts';
import { keptKernel } from './kept-kernel.ts';
import { fillRecord, outOfMemory, placeAside, planWith, writeTables } from './kexec-load.ts';
import { type LoadFailure, refusal } from './load-request.ts';
import { readSavedImage } from './save-source.ts';

export function loadKept(box: Box, kernel: KernelName): LoadFailure | undefined {
  freeImage(box, kernel);
  const kept = keptKernel(box);
  if (kept === undefined) {
    const request = { entry: physical(0), segments: [], flags: 0 };
    return { errno: 'EINVAL', exit: loadFailedExit(request, 'EINVAL') };
  }
  return box.plan.load === 'reserved' ? loadKeptInPlace(box, kernel, kept) : loadAside(box, kernel, kept);
}

type Pages = { readonly request: LoadRequest; readonly contents: ReadonlyMap<Pfn, ContentId> };

function loadAside(box: Box, kernel: KernelName, { request, contents }: Pages): LoadFailure | undefined {
  const refused = refusal(box, kernel, request);
  if (refused) return refused;
  return placeAside(box, kernel, { tool: undefined, request, contents: () => contents });
}

/** The region is B's alone: its pages go where they stood, and the list is empty. */
function loadKeptInPlace(box: Box, kernel: KernelName, kept: Pages): LoadFailure | undefined {
  const refused = refusal(box, kernel, kept.request);
  if (refused) return refused;
  const entries = planWith(box, kernel, { ...kept.request, segments: [] });
  if (entries.type === 'entries.failed') return outOfMemory(box, kernel, entries, kept.request);
  for (const [frame, content] of kept.contents) box.memory.write(frame, content);
  writeTables(box, { ...kept.request, ...entries, kernel });
  const listFrame = pfn(0);
  const { entry } = kept.request;
  fillRecord(box.machine.kernels[kernel].image, { tool: undefined, ...entries, listFrame, entry });
  return undefined;
}

/** The kernel asks about segments and sizes before it looks for memory, and C has none for as much as A's (linux.md A1.2, A2.3). */
export function loadDump(box: Box, kernel: KernelName): LoadFailure | undefined {
  const saved = openSaved(readSavedImage(box));
  const loads = readVmcore(saved.data).loads.filter(({ fileSizeBytes }) => fileSizeBytes > 0);
  const segments = loads.map((load) => {
    const { start, count } = framesOfLoad(load);
    const sizeBytes = count * pageSizeBytes;
    return { bufferSizeBytes: sizeBytes, memoryStart: addressOf(start), memorySizeBytes: sizeBytes };
  });
  const flags = kexecArchitectureX8664 + kexecFlags.preserveContext;
  const request = { entry: saved.commit.jumpBackEntry, segments, flags };
  const refused = refusal(box, kernel, request);
  if (refused) return refused;
  const contents = new Map<Pfn, ContentId>();
  for (const load of loads)
    for (const { start, count, id } of pagesOfLoad(box, { saved, load }))
      for (let index = 0; index < count; index += 1) contents.set(pfn(start + index), id);
  return loadAside(box, kernel, { request, contents });
}
