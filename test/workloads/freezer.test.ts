import { describe, expect, test } from 'vitest';
import { freezeTasks, startUserSpace, thawTasks } from '../../kernels/executors/tasks.ts';
import { taskEnterRefrigerator, taskMoves, taskWork } from '../../kernels/moves/task-moves.ts';
import { item } from '../../kernels/shape.ts';
import { possibleMoves, type SmallBox, settle } from '../kit/small-box.ts';
import { bootedBox, runningBox, work, workToTheEnd } from './running-box.ts';

const freeze = (small: SmallBox, kernel: 'original' | 'dump' = 'original'): void =>
  small.run((box) => freezeTasks(box, { type: 'tasks.freeze', kernel }));
const thaw = (small: SmallBox): void =>
  small.run((box) => thawTasks(box, { type: 'tasks.thaw', kernel: 'original' }));

const statesOf = (small: SmallBox) => small.machine().kernels.original.tasks.map(({ state }) => state);
const repliesOf = (small: SmallBox) =>
  small.replies.splice(0).map(({ to, reply }) => `${String(to)} ${reply.type}`);
const possible = (small: SmallBox) =>
  possibleMoves(small, taskMoves).map(({ move, index }) => `${move.name} ${index}`);

describe('the freezer', () => {
  test('answers when the last task is in the refrigerator, and then the OOM killer is off', () => {
    const small = runningBox();
    freeze(small);
    expect(possible(small)).toEqual(['task.enterRefrigerator 0', 'task.enterRefrigerator 1']);
    small.run((box) => taskEnterRefrigerator.run(box, 1));
    expect(repliesOf(small)).toEqual([]);
    expect(small.machine().kernels.original).toMatchObject({ freezing: true, oomDisabled: false });
    small.run((box) => taskEnterRefrigerator.run(box, 0));
    expect(repliesOf(small)).toEqual(['original tasks.frozen']);
    expect(statesOf(small)).toEqual(['frozen', 'frozen']);
    expect(small.machine().kernels.original).toMatchObject({ freezing: true, oomDisabled: true });
    expect(possible(small)).toEqual([]);
  });

  test('thaws what it froze: workers work on, who was done stays done', () => {
    const small = runningBox({ plan: { workUnits: 1 } });
    work(small, [0]);
    expect(statesOf(small)).toEqual(['done', 'running']);
    freeze(small);
    settle(small, taskMoves);
    expect(statesOf(small)).toEqual(['frozen', 'frozen']);
    thaw(small);
    expect(statesOf(small)).toEqual(['done', 'running']);
    expect(small.machine().kernels.original).toMatchObject({ freezing: false, oomDisabled: false });
  });

  test('waits for a task that refuses, which sleeps meanwhile and works on afterwards', () => {
    const small = runningBox();
    small.run((box) => {
      item(box.machine.kernels.original.tasks, 0).refuses = true;
    });
    freeze(small);
    settle(small, taskMoves);
    expect(statesOf(small)).toEqual(['running', 'frozen']);
    expect(repliesOf(small)).toEqual([]);
    expect(possible(small)).toEqual([]);
    thaw(small);
    expect(statesOf(small)).toEqual(['running', 'running']);
    expect(possible(small)).toEqual(['task.work 0', 'task.work 1']);
  });

  test('gives up at once when a wakeup event is pending', () => {
    const small = runningBox();
    small.run((box) => {
      box.machine.wakeupPending = true;
    });
    freeze(small);
    expect(repliesOf(small)).toEqual(['original tasks.aborted']);
    expect(possible(small)).toEqual(['task.work 0', 'task.work 1']);
    expect(small.machine().kernels.original).toMatchObject({ freezing: false, oomDisabled: false });
  });

  test('gives up when a wakeup event comes while tasks are on their way', () => {
    const small = runningBox();
    freeze(small);
    small.run((box) => {
      box.machine.wakeupPending = true;
    });
    small.run((box) => taskEnterRefrigerator.run(box, 0));
    expect(repliesOf(small)).toEqual(['original tasks.aborted']);
    expect(statesOf(small)).toEqual(['frozen', 'running']);
    thaw(small);
    expect(statesOf(small)).toEqual(['running', 'running']);
  });

  test('succeeds at once where there is nobody to freeze, wakeup event or not', () => {
    const small = bootedBox();
    small.run((box) => {
      box.machine.wakeupPending = true;
    });
    freeze(small, 'dump');
    freeze(small);
    expect(repliesOf(small)).toEqual(['dump tasks.frozen', 'original tasks.frozen']);
  });

  test('stops when its kernel has lost the machine', () => {
    const small = runningBox();
    freeze(small);
    small.run((box) => {
      box.machine.owner = 'dump';
    });
    expect(possible(small)).toEqual([]);
  });
});

describe('tasks', () => {
  test('work until their units are done', () => {
    const small = runningBox({ plan: { workUnits: 3 } });
    workToTheEnd(small);
    expect(small.machine().kernels.original.tasks).toMatchObject([
      { state: 'done', done: 3, errors: 0 },
      { state: 'done', done: 3, errors: 0 },
    ]);
    expect(possible(small)).toEqual([]);
  });

  test('do not work while interrupts are off, no processor is online, or the kernel is away', () => {
    const small = runningBox();
    expect(taskWork.rank(small.machine(), 0, small.plan)).toBe('background');
    small.run((box) => {
      item(box.machine.cpus, 0).interrupts = false;
    });
    expect(possible(small)).toEqual([]);
    small.run((box) => {
      item(box.machine.cpus, 0).interrupts = true;
      for (const cpu of box.machine.cpus) cpu.state = 'halted';
    });
    expect(possible(small)).toEqual([]);
    small.run((box) => {
      item(box.machine.cpus, 0).state = 'online';
      box.machine.kernels.original.state = 'away';
    });
    expect(possible(small)).toEqual([]);
  });

  test('are killed when their page holds no task any more', () => {
    const small = runningBox();
    small.run((box) =>
      box.memory.write(box.plan.layout.original.tasks.start, box.contents.intern(new Uint8Array(4096))),
    );
    work(small, [0]);
    expect(item(small.machine().kernels.original.tasks, 0)).toMatchObject({ state: 'done', errors: 1 });
  });

  test('belong to the original kernel: the dump kernel starts none', () => {
    const small = bootedBox();
    small.run((box) => startUserSpace(box, { type: 'userSpace.start', kernel: 'dump' }));
    expect(repliesOf(small)).toEqual(['dump userSpace.started']);
    expect(small.machine().kernels.dump.tasks.map(({ state }) => state)).toEqual(['absent', 'absent']);
    expect(small.machine().kernels.dump.mounted).toBe(false);
  });
});
