/**
 * What A uses single frames for, as its own memory says: the page tables and heaps of its tasks, and the pages of files. All other
 * frames are free or not (frame-allocator.ts), reserved or not (memory-layout.ts), and hold something of the kernel's.
 *
 * A page of a file has private data (buffer heads) when it is metadata, which is cached by block, or has not been written yet
 * (fs/buffer.c:create_empty_buffers, 6.12).
 */
import type { Pfn } from '../../../image/pfn.ts';
import type { Machine } from '../../machine.ts';
import { metadataFile } from '../file-system-format.ts';
import { cacheEntries } from '../page-cache.ts';
import type { MemoryView } from '../task.ts';
import { taskFrames } from '../task-memory.ts';

export type FrameUse =
  | { readonly type: 'table' }
  /** `index` is the number of the page in the task's virtual memory. */
  | { readonly type: 'anonymous'; readonly task: number; readonly index: number }
  | {
      readonly type: 'cache';
      readonly file: number;
      readonly block: number;
      readonly isDirty: boolean;
      readonly hasPrivate: boolean;
    };

export type MachineView = MemoryView & { readonly machine: Machine };

/** By frame. While A is not up there are no tasks and no files. */
export function frameUses(view: MachineView): ReadonlyMap<Pfn, FrameUse> {
  const uses = new Map<Pfn, FrameUse>();
  const { tasks, mounted } = view.machine.kernels.original;
  for (const [task, { state }] of tasks.entries()) {
    if (state === 'absent') continue;
    const { tables, pages } = taskFrames(view, task);
    for (const frame of tables) uses.set(frame, { type: 'table' });
    for (const { frame, index } of pages) uses.set(frame, { type: 'anonymous', task, index });
  }
  if (!mounted) return uses;
  const table = view.contents.bytes(view.memory.read(view.plan.layout.original.cacheIndex.start));
  for (const { frame, file, block, isDirty } of cacheEntries(view.plan, table)) {
    uses.set(frame, { type: 'cache', file, block, isDirty, hasPrivate: file === metadataFile || isDirty });
  }
  return uses;
}
