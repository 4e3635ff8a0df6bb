/**
 * The list of all tasks: from init_task, the idle task of the first processor, through every task that there is, and back.
 *
 * Only the links change here; a page that no longer holds a task is left alone and is on no list.
 */
import { addressOf, type Pfn, pageSizeBytes } from '../../../image/pfn.ts';
import type { Box, FramePort } from '../../box.ts';
import { directAddress } from '../kernel-address.ts';
import { viewOf } from '../paged-bytes.ts';
import { frameOfTask, readTask, writeTaskStruct } from '../task.ts';
import { structuresOf } from './index.ts';
import { kernelSymbolAddress, kernelSymbolFrame } from './kernel-symbols.ts';

type ListBox = Pick<Box, 'plan' | 'contents' | 'machine'> & {
  readonly memory: Pick<FramePort, 'read' | 'write'>;
};

type Entry = { readonly frame: Pfn; readonly address: bigint; readonly bytes: Uint8Array };

export function linkTasks(box: ListBox): void {
  const { contents, memory, plan } = box;
  const { tasks } = structuresOf(plan).task;
  const entries = [idleTask(box), ...tasksOf(box)];
  for (const [place, { frame, bytes }] of entries.entries()) {
    const at = (neighbour: number): bigint =>
      (entries.at(neighbour % entries.length)?.address ?? 0n) + BigInt(tasks);
    const view = viewOf(bytes);
    view.setBigUint64(tasks, at(place + 1), true);
    view.setBigUint64(tasks + 8, at(place - 1), true);
    memory.write(frame, contents.intern(bytes));
  }
}

function idleTask({ plan }: ListBox): Entry {
  const frame = kernelSymbolFrame(plan, 'init_task');
  const address = kernelSymbolAddress(plan, 'init_task');
  const bytes = new Uint8Array(pageSizeBytes);
  writeTaskStruct(plan, bytes, { address, pid: 0, name: 'swapper/0', stack: 0n, memory: 0n });
  return { frame, address, bytes };
}

function tasksOf(box: ListBox): readonly Entry[] {
  return box.machine.kernels.original.tasks.flatMap(({ state }, task) => {
    if (state === 'absent' || readTask(box, task) === undefined) return [];
    const frame = frameOfTask(box, task);
    const bytes = box.contents.bytes(box.memory.read(frame)).slice();
    return [{ frame, address: directAddress(box.plan.layout.addresses, addressOf(frame)), bytes }];
  });
}
