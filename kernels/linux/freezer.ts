/**
 * The freezer: how a kernel stops its user tasks before it quiesces devices (kernel/power/process.c and kernel/freezer.c, 6.12).
 *
 * A task that is told to freeze goes into the refrigerator by itself, one after the other; a task that refuses never does, and it is
 * the caller's time-out of 20 s (freeze_timeout_msecs) that ends the waiting. A task that has nothing left to do sits in a wait,
 * and is frozen and thawed like one that works; `done` says how far it had come. The kernel stays `freezing` until it
 * thaws, as pm_freezing does.
 *
 * Deviations: a wakeup event is looked for when freezing begins and whenever a task has entered, not in a loop of its own; one that
 * ended an attempt is forgotten when that attempt thaws, not when the next one begins (pm_wakeup_clear in freeze_processes); a freezer
 * that gives up does not thaw by itself, because the chart orders that as thaw_processes. Kernel threads are not frozen in
 * the jump path (linux.md A1.11) and are not emulated.
 */
import type { Box } from '../box.ts';
import type { KernelName, KernelRecord, TaskRecord } from '../machine.ts';
import { item } from '../shape.ts';
import { readTask } from './task.ts';

export function beginFreezing(box: Box, kernel: KernelName): void {
  box.machine.kernels[kernel].freezing = true;
  answerOrWait(box, kernel);
}

export function enterRefrigerator(box: Box, kernel: KernelName, task: number): void {
  item(box.machine.kernels[kernel].tasks, task).state = 'frozen';
  answerOrWait(box, kernel);
}

/** Wakes what is frozen; also after a freezer that gave up, and when nothing is frozen. */
export function thawTasks(box: Box, kernel: KernelName): void {
  const record = box.machine.kernels[kernel];
  record.freezing = false;
  record.oomDisabled = false;
  box.machine.wakeupPending = false;
  for (const task of record.tasks) {
    if (task.state === 'frozen') task.state = task.done < box.plan.workUnits ? 'running' : 'done';
  }
}

/**
 * sched_show_task for each task that refuses: it sits in an uninterruptible sleep, as the one of log e8. Its stack and flags are
 * those of a task without history; the call trace below the line is left out, the box has no stacks.
 */
export function showRefusing(box: Box, kernel: KernelName): void {
  for (const [index, task] of box.machine.kernels[kernel].tasks.entries()) {
    const facts = isAwake(task) ? readTask(box, index) : undefined;
    if (facts === undefined) continue;
    const { name, pid } = facts;
    box.print(kernel, 'freezer.task', {
      command: name,
      state: 'D',
      stack: 0,
      pid,
      tgid: pid,
      ppid: 1,
      flags: 4,
    });
  }
}

/** Whether a task will enter the refrigerator by itself. */
export const isOnItsWay = ({ freezing }: KernelRecord, task: TaskRecord): boolean =>
  freezing && isAwake(task) && !task.refuses;

const isAwake = ({ state }: TaskRecord): boolean => state === 'running' || state === 'done';

/** The order of try_to_freeze_tasks: success counts before a wakeup event does. */
function answerOrWait(box: Box, kernel: KernelName): void {
  const record = box.machine.kernels[kernel];
  if (!record.tasks.some(isAwake)) {
    record.oomDisabled = true;
    box.reply(kernel, { type: 'tasks.frozen' });
  } else if (box.machine.wakeupPending) {
    record.freezing = false;
    box.reply(kernel, { type: 'tasks.aborted' });
  }
}
