/**
 * A task of the original kernel, as far as it stands in that kernel's memory: one page of layout.tasks for each.
 *
 *   0                                                  3072                     3328                 3584                        4096
 *   | struct task_struct: stack, tasks, mm, pid, comm  | struct mm_struct: pgd  | units done (u64)   | 0x57ac6e9d, kernel stack  |
 *
 * What the task does next follows from this page and from its own memory, so a page that comes back wrong shows in what it does.
 * The machine's record of a task repeats what moves have to know without reading memory (machine.ts). Who is on the list of all tasks
 * is settled with the other structures (structures/settle-structures.ts).
 *
 * Offsets are those of the structures of A's version; TASK_COMM_LEN (include/linux/sched.h), STACK_END_MAGIC at the lowest word of the
 * stack (include/uapi/linux/magic.h), both 6.12. A stack of Linux has 16 KiB of its own. Left out: registers of user space (a task
 * stands between two units of work whenever it is looked at), its state and flags, threads, signals, a user stack.
 */
import { addressOf, frameOf, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import type { Box, FramePort } from '../box.ts';
import type { TaskRecord } from '../machine.ts';
import type { ContentId, Contents, Decoder } from '../memory/contents.ts';
import type { Plan } from '../plan.ts';
import { item } from '../shape.ts';
import { directAddress } from './kernel-address.ts';
import { viewOf } from './paged-bytes.ts';
import { hex64 } from './printk-layout.ts';
import { structuresOf } from './structures/index.ts';

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

const nameSizeBytes = 16;
const memoryOffset = 3072;
const unitsDoneOffset = 3328;
const stackOffset = 3584;
const stackEndMagic = 0x57ac6e9d;

/** Ours; a booted system has used a few hundred numbers by the time that users' programs start. */
const firstPid = 400;
const errorLimit = 2 ** 16 - 1;

/** Writes the page of a new task. */
export function writeTask(box: Box, task: number, { name, root }: Pick<TaskFacts, 'name' | 'root'>): void {
  const frame = frameOfTask(box, task);
  const page = encodeTask(box.plan, frame, { pid: firstPid + task, name, root, unitsDone: 0 });
  box.memory.write(frame, box.contents.intern(page));
}

/** Undefined: the task's page no longer holds a task. */
export function readTask(view: MemoryView, task: number): TaskFacts | undefined {
  const frame = frameOfTask(view, task);
  const { leader, pageTable, ...facts } = view.contents.decode(
    taskDecoderOf(view.plan),
    view.memory.read(frame),
  );
  const { addresses } = view.plan.layout;
  if (leader !== hex64(directAddress(addresses, addressOf(frame))) || !facts.isWhole) return undefined;
  const root = BigInt(`0x${pageTable}`) - BigInt(`0x${addresses.directMap}`);
  return {
    pid: facts.pid,
    name: facts.name,
    unitsDone: facts.unitsDone,
    root: frameOf(physical(Number(root))),
  };
}

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

export const frameOfTask = ({ plan }: MemoryView, task: number): Pfn =>
  pfn(plan.layout.original.tasks.start + task);

const contentOfTask = (view: MemoryView, task: number): ContentId =>
  view.memory.read(frameOfTask(view, task));

type TaskPlan = Pick<Plan, 'layout' | 'kernelLayout'>;

function encodeTask(plan: TaskPlan, frame: Pfn, { pid, name, root, unitsDone }: TaskFacts): Uint8Array {
  const { addresses } = plan.layout;
  const page = new Uint8Array(pageSizeBytes);
  const view = viewOf(page);
  const own = directAddress(addresses, addressOf(frame));
  writeTaskStruct(plan, page, {
    address: own,
    pid,
    name,
    stack: own + BigInt(stackOffset),
    memory: own + BigInt(memoryOffset),
  });
  const { pageTable } = structuresOf(plan).task;
  view.setBigUint64(memoryOffset + pageTable, directAddress(addresses, addressOf(root)), true);
  view.setBigUint64(unitsDoneOffset, BigInt(unitsDone), true);
  view.setUint32(stackOffset, stackEndMagic, true);
  return page;
}

type TaskStruct = {
  readonly address: bigint;
  readonly pid: number;
  readonly name: string;
  readonly stack: bigint;
  /** 0 for a thread of the kernel. */
  readonly memory: bigint;
};

/** At the beginning of `bytes`; the task is on no list yet. */
export function writeTaskStruct(plan: TaskPlan, bytes: Uint8Array, task: TaskStruct): void {
  const { task: at } = structuresOf(plan);
  const view = viewOf(bytes);
  view.setBigUint64(at.stack, task.stack, true);
  for (const link of [at.tasks, at.tasks + 8]) view.setBigUint64(link, task.address + BigInt(at.tasks), true);
  for (const memory of [at.memory, at.activeMemory]) view.setBigUint64(memory, task.memory, true);
  for (const number of [at.pid, at.tgid]) view.setUint32(number, task.pid, true);
  view.setBigUint64(at.groupLeader, task.address, true);
  bytes.set(new TextEncoder().encode(task.name).subarray(0, nameSizeBytes - 1), at.name);
}

type StoredTask = {
  readonly pid: number;
  readonly name: string;
  readonly unitsDone: number;
  /** 16 hex digits: virtual addresses. */
  readonly leader: string;
  readonly pageTable: string;
  /** The stack has not run over its end. */
  readonly isWhole: boolean;
};

const decoders = new Map<string, Decoder<StoredTask>>();

function taskDecoderOf(plan: TaskPlan): Decoder<StoredTask> {
  const known = decoders.get(plan.kernelLayout);
  if (known !== undefined) return known;
  const { task: at } = structuresOf(plan);
  const decoder = {
    name: 'task',
    decode(page: Uint8Array): StoredTask {
      const view = viewOf(page);
      const name = new TextDecoder().decode(page.subarray(at.name, at.name + nameSizeBytes));
      return {
        pid: view.getUint32(at.pid, true),
        name: name.replace(/\0.*$/s, ''),
        unitsDone: Number(view.getBigUint64(unitsDoneOffset, true)),
        leader: hex64(view.getBigUint64(at.groupLeader, true)),
        pageTable: hex64(view.getBigUint64(memoryOffset + at.pageTable, true)),
        isWhole: view.getUint32(stackOffset, true) === stackEndMagic,
      };
    },
  };
  decoders.set(plan.kernelLayout, decoder);
  return decoder;
}
