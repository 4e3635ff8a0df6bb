/**
 * What people and programs can see of A: its tasks with their memory, its files, its output. This is what a hibernation must not
 * change: a run with one ends in the same visible state as the same run without (design.md, section 5).
 *
 * Told by virtual address and by name, through the page tables, the page cache and the disk as they stand; so frame numbers, places on
 * the disk, the log and kexec's own allocations are left out, and a page that was lost on the way shows. Digests are SHA-256, of a
 * page its bytes and of a list its texts, so the states of two runs compare.
 */
import { createHash } from 'node:crypto';
import { pageSizeBytes } from '../image/pfn.ts';
import { filesOf, type StorageView, type StoredFile } from './linux/file-system-view.ts';
import { readTask } from './linux/task.ts';
import { heapBase, taskPages } from './linux/task-memory.ts';
import type { TaskRecord } from './machine.ts';
import { workloadOf } from './workloads/index.ts';
import { taskNameOf } from './workloads/workload.ts';

export type VisiblePage = { readonly address: string; readonly digest: string };

export type VisibleTask = {
  readonly state: TaskRecord['state'];
  readonly unitsDone: number;
  readonly errors: number;
  /** By virtual address, ascending. */
  readonly pages: readonly VisiblePage[];
  readonly memory: string;
};

/** The digest is that of the digests of the blocks. */
export type VisibleFile = { readonly sizeBytes: number; readonly digest: string };

export type VisibleState = {
  readonly tasks: Readonly<Record<string, VisibleTask>>;
  readonly files: Readonly<Record<string, VisibleFile>>;
  /** Of the text of all files that tasks print to (`NAME.out`). */
  readonly output: string;
};

export function visibleState(view: StorageView): VisibleState {
  const workload = workloadOf(view.plan.workload);
  const { tasks } = view.machine.kernels.original;
  const files = filesOf(view).sort((one, other) => (one.name < other.name ? -1 : 1));
  return {
    tasks: Object.fromEntries(
      tasks.map((record, task) => [taskNameOf(workload, task), visibleTask(view, task, record)]),
    ),
    files: Object.fromEntries(
      files.map(({ name, sizeBytes, blocks }) => {
        return [name, { sizeBytes, digest: digestOf(blocks.map((block) => view.contents.digest(block))) }];
      }),
    ),
    output: digestOf(files.filter(({ name }) => name.endsWith('.out')).map((file) => textOf(view, file))),
  };
}

function visibleTask(view: StorageView, task: number, { state, done, errors }: TaskRecord): VisibleTask {
  if (state === 'absent') return { state, unitsDone: 0, errors: 0, pages: [], memory: digestOf([]) };
  const pages = taskPages(view, task).map(({ page, content }) => ({
    address: `0x${(heapBase + BigInt(page * pageSizeBytes)).toString(16)}`,
    digest: view.contents.digest(content),
  }));
  const unitsDone = readTask(view, task)?.unitsDone ?? done;
  const memory = digestOf(pages.map(({ address, digest }) => `${address} ${digest}`));
  return { state, unitsDone, errors, pages, memory };
}

/** In words, one line for each thing that differs; empty when two states are the same. */
export function differencesOf(one: VisibleState, other: VisibleState): string[] {
  const tasks = namesOf(one.tasks, other.tasks).flatMap((name) =>
    taskDifferences(one.tasks[name], other.tasks[name]).map((text) => `task ${name}: ${text}`),
  );
  const files = namesOf(one.files, other.files).flatMap((name) =>
    fileDifferences(one.files[name], other.files[name]).map((text) => `file ${name}: ${text}`),
  );
  return [...tasks, ...files, ...(one.output === other.output ? [] : ['output: the text differs'])];
}

function taskDifferences(one: VisibleTask | undefined, other: VisibleTask | undefined): string[] {
  if (one === undefined || other === undefined) return [existence(one)];
  const digests = new Map(other.pages.map(({ address, digest }) => [address, digest]));
  const addresses = new Set(one.pages.map(({ address }) => address));
  const changed = one.pages.filter(({ address, digest }) => (digests.get(address) ?? digest) !== digest);
  return [
    ...unequal('state', one.state, other.state),
    ...unequal('units done', one.unitsDone, other.unitsDone),
    ...unequal('errors', one.errors, other.errors),
    ...pageCount('that differ', changed),
    ...pageCount(
      'only in the first',
      one.pages.filter(({ address }) => !digests.has(address)),
    ),
    ...pageCount(
      'only in the second',
      other.pages.filter(({ address }) => !addresses.has(address)),
    ),
  ];
}

function fileDifferences(one: VisibleFile | undefined, other: VisibleFile | undefined): string[] {
  if (one === undefined || other === undefined) return [existence(one)];
  const sizes = unequal('bytes', one.sizeBytes, other.sizeBytes);
  return sizes.length > 0 || one.digest === other.digest ? sizes : ['the content differs'];
}

const existence = (one: unknown): string => `is only in the ${one === undefined ? 'second' : 'first'}`;

const unequal = (what: string, one: string | number, other: string | number): string[] =>
  one === other ? [] : [`${what}: ${one}, and in the second ${other}`];

const pageCount = (which: string, pages: readonly VisiblePage[]): string[] =>
  pages[0] === undefined ? [] : [`pages ${which}: ${pages.length}, from ${pages[0].address} on`];

const namesOf = (one: object, other: object): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();

function textOf({ contents }: StorageView, { sizeBytes, blocks }: StoredFile): string {
  const text = blocks.map((block) => new TextDecoder('latin1').decode(contents.bytes(block))).join('');
  return text.slice(0, sizeBytes);
}

function digestOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest('hex');
}
