/** Whatever became of a suspend: tasks that were frozen work again, or the machine is off. */
import { kernelNames } from '../../kernels/machine.ts';
import type { Plan } from '../../kernels/plan.ts';
import { workloadOf } from '../../kernels/workloads/index.ts';
import { taskNameOf } from '../../kernels/workloads/workload.ts';
import type { World } from '../system/world.ts';
import type { KernelName } from '../vocabulary.ts';
import { runsOn } from './kernel-facts.ts';
import type { Law } from './law.ts';

export const frozenTasksThaw: Law = {
  name: 'frozen-tasks-thaw',
  says: 'Every task that was frozen is thawed, or the machine is off',
  verifies:
    'at the end, tasks, freezer, OOM killer and console of every kernel that runs on, and the tasks of one that is away while another runs on',
  leavesOut: 'a machine that hangs; kernel threads, which the jump path does not freeze (linux.md A1.11)',
  source: 'linux.md A1.3 rows 5 and 6, A1.9 rows 15 and 16, A1.10; design section 5',
  atEnd: ({ rules, world }) => {
    const running = kernelNames.filter((kernel) => runsOn(world, kernel));
    const away = kernelNames.filter((kernel) => world.machine.kernels[kernel].state === 'away');
    const concerned = running.length > 0 ? [...running, ...away] : [];
    const frozen = concerned.flatMap((kernel) => frozenTasks(rules.plan, world, kernel));
    const left = running.flatMap((kernel) => leftOvers(world, kernel));
    return [...frozen, ...left].map((text) => ({ text }));
  },
};

function frozenTasks(plan: Plan, { machine }: World, kernel: KernelName): readonly string[] {
  const { tasks, state } = machine.kernels[kernel];
  const workload = workloadOf(plan.workload);
  const names = tasks.flatMap((task, index) =>
    task.state === 'frozen' ? [taskNameOf(workload, index)] : [],
  );
  return names.length === 0 ? [] : [`tasks are left frozen while ${kernel} is ${state}: ${names.join(', ')}`];
}

function leftOvers({ machine }: World, kernel: KernelName): readonly string[] {
  const { freezing, oomDisabled, consoleSuspended } = machine.kernels[kernel];
  return [
    ...(freezing ? [`the freezer of ${kernel} is still at work`] : []),
    ...(oomDisabled ? [`the OOM killer of ${kernel} is left disabled`] : []),
    ...(consoleSuspended ? [`the console of ${kernel} is left suspended`] : []),
  ];
}
