/**
 * Orders about user space: start it, sync() for it, freeze it, thaw it.
 *
 * The original kernel has a disk of its own and tasks; the dump kernel has an initramfs whose one program drives the whole dump, so
 * there is nothing to mount, nothing to sync, and nobody to freeze.
 */
import { assert } from '../assert.ts';
import type { Box } from '../box.ts';
import type { CommandOf } from '../commands.ts';
import { isDiskBlank, makeFileSystem, mountFileSystem } from '../linux/file-system.ts';
import { syncFileSystem } from '../linux/file-system-pages.ts';
import { beginFreezing, showRefusing, thawTasks as thaw } from '../linux/freezer.ts';
import { startTask } from '../linux/task-start.ts';
import { workloadOf } from '../workloads/index.ts';
import { taskNameOf, type Workload } from '../workloads/workload.ts';

/** Every workload has at most two files for each task, and one for all (file-system-format.ts: 63 files). */
const taskLimit = 31;

/** From init to the first unit of work. A blank disk is given its file systems first, as an installer would. */
export function startUserSpace(box: Box, { kernel }: CommandOf<'userSpace.start'>): void {
  if (kernel === 'original') {
    const workload = workloadOf(box.plan.workload);
    const { taskCount } = box.plan.size;
    assert(
      taskCount <= taskLimit,
      `tasks.limit: ${taskCount} tasks; the file system has room for ${taskLimit}`,
    );
    if (isDiskBlank(box, kernel)) makeFileSystem(box, installedBy(box, workload));
    mountFileSystem(box, kernel);
    for (let task = 0; task < taskCount; task++) startTask(box, task, taskNameOf(workload, task));
  }
  box.reply(kernel, { type: 'userSpace.started' });
}

/** sync() tells nobody when it fails; the refusal is counted at the disk. */
export function syncUserSpace(box: Box, { kernel }: CommandOf<'userSpace.sync'>): void {
  if (box.machine.kernels[kernel].mounted) syncFileSystem(box, kernel);
  box.reply(kernel, { type: 'userSpace.synced' });
}

export function freezeTasks(box: Box, { kernel }: CommandOf<'tasks.freeze'>): void {
  beginFreezing(box, kernel);
}

export function showTasks(box: Box, { kernel }: CommandOf<'tasks.show'>): void {
  showRefusing(box, kernel);
}

export function thawTasks(box: Box, { kernel }: CommandOf<'tasks.thaw'>): void {
  thaw(box, kernel);
}

const installedBy = (box: Box, { installed }: Workload) =>
  installed.map(({ name, blockCount }, file) => ({
    name,
    pages: Array.from({ length: blockCount }, (_, index) => {
      return box.contents.made({ rule: 'pattern', seed: box.plan.seed >>> 0, index: file * 0x10000 + index });
    }),
  }));
