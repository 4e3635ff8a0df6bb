/**
 * A task of the original kernel, as far as it stands in that kernel's memory: one page of layout.tasks for each.
 *
 *   0          8     16            32                     40                    2048                              4096
 *   | kjmptask | pid | comm, 16 B  | page table root (u64)| units done (u64) | 0 | 0x57ac6e9d | kernel stack: zeros |
 *
 * What the task does next follows from this page and from its own memory, so a page that comes back wrong shows in what it does.
 * The machine's record of a task repeats what moves have to know without reading memory (machine.ts).
 *
 * struct task_struct of Linux has more than 9 KiB and a stack of 16 KiB; name and stack end are as there: TASK_COMM_LEN
 * (include/linux/sched.h), STACK_END_MAGIC at the lowest word of the stack (include/uapi/linux/magic.h), both 6.12. Left out:
 * registers of user space (a task stands between two units of work whenever it is looked at), threads, signals, a user stack.
 */
import { addressOf, frameOf, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import type { Box, FramePort } from '../box.ts';
import type { TaskRecord } from '../machine.ts';
import type { ContentId, Contents, Decoder } from '../memory/contents.ts';
import type { Plan } from '../plan.ts';
import { item } from '../shape.ts';

/** Enough of a box to read its memory; any kept world can give it. */
export type MemoryView = {
  readonly plan: Plan;
  readonly contents: Contents;
  readonly memory: Pick<FramePort, 'read'>;
};

export type TaskFacts = {
  readonly pid: number;
  readonly name: string;
  readonly root: Pfn;
  readonly unitsDone: number;
};

const magic = 'kjmptask';
const pidOffset = 8;
const nameOffset = 16;
const nameSizeBytes = 16;
const rootOffset = 32;
const unitsDoneOffset = 40;
const stackOffset = 2048;
const stackEndMagic = 0x57ac6e9d;

/** Ours; a booted system has used a few hundred numbers by the time that users' programs start. */
const firstPid = 400;
const errorLimit = 2 ** 16 - 1;

/** Writes the page of a new task. */
export function writeTask(box: Box, task: number, { name, root }: Pick<TaskFacts, 'name' | 'root'>): void {
  const page = encodeTask({ pid: firstPid + task, name, root, unitsDone: 0 });
  box.memory.write(frameOfTask(box, task), box.contents.intern(page));
}

/** Undefined: the task's page no longer holds a task. */
export const readTask = (view: MemoryView, task: number): TaskFacts | undefined =>
  view.contents.decode(taskDecoder, contentOfTask(view, task));

/** The task has done its unit: its page says so, and the record follows the page. */
export function finishUnit(box: Box, task: number, unitsDone: number): void {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(unitsDone), true);
  const after = box.contents.written(contentOfTask(box, task), unitsDoneOffset, bytes);
  box.memory.write(frameOfTask(box, task), after);
  recordOf(box, task).done = unitsDone;
}

/** What a system call or a fault that failed leaves behind. */
export function giveError(box: Box, task: number): void {
  const record = recordOf(box, task);
  record.errors = Math.min(record.errors + 1, errorLimit);
}

export const recordOf = (box: Box, task: number): TaskRecord =>
  item(box.machine.kernels.original.tasks, task);

const frameOfTask = ({ plan }: MemoryView, task: number): Pfn => pfn(plan.layout.original.tasks.start + task);

const contentOfTask = (view: MemoryView, task: number): ContentId =>
  view.memory.read(frameOfTask(view, task));

function encodeTask({ pid, name, root, unitsDone }: TaskFacts): Uint8Array {
  const page = new Uint8Array(pageSizeBytes);
  const view = new DataView(page.buffer);
  page.set(new TextEncoder().encode(magic));
  view.setUint32(pidOffset, pid, true);
  page.set(new TextEncoder().encode(name).subarray(0, nameSizeBytes - 1), nameOffset);
  view.setBigUint64(rootOffset, BigInt(addressOf(root)), true);
  view.setBigUint64(unitsDoneOffset, BigInt(unitsDone), true);
  view.setUint32(stackOffset, stackEndMagic, true);
  return page;
}

const taskDecoder: Decoder<TaskFacts | undefined> = {
  name: 'task',
  decode(page) {
    const view = new DataView(page.buffer, page.byteOffset, page.length);
    const text = (start: number, end: number): string => new TextDecoder().decode(page.subarray(start, end));
    if (text(0, magic.length) !== magic || view.getUint32(stackOffset, true) !== stackEndMagic)
      return undefined;
    return {
      pid: view.getUint32(pidOffset, true),
      name: text(nameOffset, nameOffset + nameSizeBytes).replace(/\0.*$/s, ''),
      root: frameOf(physical(Number(view.getBigUint64(rootOffset, true)))),
      unitsDone: Number(view.getBigUint64(unitsDoneOffset, true)),
    };
  },
};
