/**
 * What A's tasks do unasked: work, and go into the refrigerator when they are told to freeze.
 *
 * A task gets a processor whenever its kernel executes and takes interrupts; which one does not matter, because a unit of work is
 * over within a step. Nobody works while the kernel freezes: a task is on its way, or, when it refuses, in an uninterruptible sleep.
 */
import type { Box, Move } from '../box.ts';
import { latencyNs } from '../latencies.ts';
import { enterRefrigerator, isOnItsWay } from '../linux/freezer.ts';
import { finishUnit, giveError, readTask, recordOf } from '../linux/task.ts';
import type { Machine } from '../machine.ts';
import { item } from '../shape.ts';
import { workloadOf } from '../workloads/index.ts';
import { taskNameOf } from '../workloads/workload.ts';

export const taskWork: Move = {
  name: 'task.work',
  count: (plan) => plan.size.taskCount,
  rank: (machine, index) => {
    const kernel = machine.kernels.original;
    const task = item(kernel.tasks, index);
    const isAbleToWork = task.state === 'running' && !kernel.freezing;
    return isAbleToWork && isScheduling(machine) ? 'background' : undefined;
  },
  run: workOneUnit,
  latencyNs: () => latencyNs('task.work'),
  label: (index, plan) => taskNameOf(workloadOf(plan.workload), index),
};

export const taskEnterRefrigerator: Move = {
  name: 'task.enterRefrigerator',
  count: (plan) => plan.size.taskCount,
  rank: (machine, index) => {
    const kernel = machine.kernels.original;
    return isOnItsWay(kernel, item(kernel.tasks, index)) && isScheduling(machine) ? 'urgent' : undefined;
  },
  run: (box, index) => enterRefrigerator(box, 'original', index),
  owner: () => 'original',
  latencyNs: () => latencyNs('task.enterRefrigerator'),
  label: taskWork.label,
};

export const taskMoves: readonly Move[] = [taskWork, taskEnterRefrigerator];

/** The original kernel switches between tasks: it executes, and its timer interrupts arrive. */
function isScheduling({ power, owner, cpus, kernels }: Machine): boolean {
  const isRunning = power === 'on' && owner === 'original' && kernels.original.state === 'running';
  return isRunning && item(cpus, 0).interrupts && cpus.some(({ state }) => state === 'online');
}

/** Which unit comes next is asked of the task's page. A page that holds no task any more is a task that was killed. */
function workOneUnit(box: Box, index: number): void {
  const record = recordOf(box, index);
  const task = readTask(box, index);
  if (task === undefined) {
    giveError(box, index);
    record.done = box.plan.workUnits;
  } else if (task.unitsDone < box.plan.workUnits) {
    workloadOf(box.plan.workload).unit(box, index, task.unitsDone);
    finishUnit(box, index, task.unitsDone + 1);
  } else {
    record.done = box.plan.workUnits;
  }
  if (record.done >= box.plan.workUnits) record.state = 'done';
}
