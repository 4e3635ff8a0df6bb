/** A small box whose original kernel runs: devices set up, frames to hand out, user space started. */
import type { Box } from '../../kernels/box.ts';
import { probeDevices } from '../../kernels/devices/set-up-devices.ts';
import { startUserSpace } from '../../kernels/executors/tasks.ts';
import type { StorageView } from '../../kernels/linux/file-system-view.ts';
import { initialiseBitmap } from '../../kernels/linux/frame-allocator.ts';
import { taskWork } from '../../kernels/moves/task-moves.ts';
import { item } from '../../kernels/shape.ts';
import { type VisibleState, visibleState } from '../../kernels/visible-state.ts';
import { type SmallBox, type SmallBoxOptions, smallBox } from '../kit/small-box.ts';

export function runningBox(options: SmallBoxOptions = {}): SmallBox {
  const small = bootedBox(options);
  small.run((box) => startUserSpace(box, { type: 'userSpace.start', kernel: 'original' }));
  small.replies.splice(0);
  return small;
}

/** The kernel is up, user space is not. */
export function bootedBox(options: SmallBoxOptions = {}): SmallBox {
  const small = smallBox(options);
  small.run(boot);
  return small;
}

export function boot(box: Box): void {
  box.machine.power = 'on';
  box.machine.owner = 'original';
  box.machine.kernels.original.state = 'running';
  item(box.machine.cpus, 0).state = 'online';
  item(box.machine.cpus, 0).interrupts = true;
  initialiseBitmap(box, 'original');
  probeDevices(box, 'original');
}

/** Units of work in a given order of tasks; tasks that are done are left out. */
export function work(small: SmallBox, order: readonly number[]): void {
  for (const task of order) {
    if (taskWork.rank(small.machine(), task, small.plan) === undefined) continue;
    small.run((box) => taskWork.run(box, task));
  }
}

/** Every task to its end, in turn. */
export function workToTheEnd(small: SmallBox): void {
  const { size, workUnits } = small.plan;
  work(
    small,
    Array.from({ length: size.taskCount * workUnits }, (_, index) => index % size.taskCount),
  );
}

export const viewOf = (small: SmallBox): StorageView => ({
  plan: small.plan,
  machine: small.machine(),
  contents: small.contents,
  memory: { read: (frame) => small.memory().get(frame) },
  medium: { read: (block) => small.medium().get(block) },
});

export const visibleStateOf = (small: SmallBox): VisibleState => visibleState(viewOf(small));

/** What a recipe gives back, run as one step. */
export function ask<T>(small: SmallBox, question: (box: Box) => T): T {
  let answer: { readonly is: T } | undefined;
  small.run((box) => {
    answer = { is: question(box) };
  });
  if (answer === undefined) throw new Error('ask: the recipe did not run');
  return answer.is;
}
