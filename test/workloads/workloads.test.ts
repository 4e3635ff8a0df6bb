import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freezeTasks, startUserSpace, thawTasks } from '../../kernels/executors/tasks.ts';
import { writeTaskPages } from '../../kernels/linux/task-memory.ts';
import { type ContentId, zeroContent } from '../../kernels/memory/contents.ts';
import { taskMoves } from '../../kernels/moves/task-moves.ts';
import { differencesOf } from '../../kernels/visible-state.ts';
import { workloadOf, workloads } from '../../kernels/workloads/index.ts';
import { taskNameOf } from '../../kernels/workloads/workload.ts';
import { type SmallBox, settle } from '../kit/small-box.ts';
import { boot, runningBox, visibleStateOf, work, workToTheEnd } from './running-box.ts';

const taskCount = 4;
const workUnits = 24;

const boxWith = (workload: string, seed = 1, recipes: 'bare' | 'immer' = 'bare'): SmallBox =>
  runningBox({ recipes, size: { taskCount, cacheBlockCount: 16 }, plan: { workload, seed, workUnits } });

function finishedBox(workload: string, seed = 1): SmallBox {
  const small = boxWith(workload, seed);
  workToTheEnd(small);
  return small;
}

test('the registry names every workload once, and says what is missing', () => {
  const names = workloads.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(() => workloadOf('none')).toThrow('there are idle, editor, compiler, database');
});

test('tasks have unique names that fit into struct task_struct', () => {
  for (const workload of workloads) {
    const names = Array.from({ length: 40 }, (_, task) => taskNameOf(workload, task));
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.length > 15)).toEqual([]);
  }
});

describe.each(workloads.map(({ name }) => name))('the workload %s', (name) => {
  test('ends with every unit done and no error', () => {
    const small = finishedBox(name);
    for (const task of Object.values(visibleStateOf(small).tasks)) {
      expect(task).toMatchObject({ state: 'done', unitsDone: workUnits, errors: 0 });
    }
    expect(small.machine().disk.refused).toBe(0);
  });

  test('gives the same visible state again, as a draft of Immer too', () => {
    const small = boxWith(name, 1, 'immer');
    workToTheEnd(small);
    expect(differencesOf(visibleStateOf(small), visibleStateOf(finishedBox(name)))).toEqual([]);
  });

  test('gives another visible state with another seed', () => {
    expect(
      differencesOf(visibleStateOf(finishedBox(name, 1)), visibleStateOf(finishedBox(name, 2))),
    ).not.toEqual([]);
  });

  test('touches memory in every task', () => {
    const before = visibleStateOf(boxWith(name)).tasks;
    const after = visibleStateOf(finishedBox(name)).tasks;
    for (const task of Object.keys(after)) expect(after[task]?.memory).not.toBe(before[task]?.memory);
  });

  test('ends in the same visible state whoever works first', () => {
    const expected = visibleStateOf(finishedBox(name));
    const turns = Array.from({ length: taskCount * workUnits }, (_, index) => index % taskCount);
    fc.assert(
      fc.property(fc.shuffledSubarray(turns, { minLength: turns.length }), (order) => {
        const small = boxWith(name);
        work(small, order);
        expect(differencesOf(visibleStateOf(small), expected)).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });

  test('ends in the same visible state with a freeze between any two units', () => {
    const expected = visibleStateOf(finishedBox(name));
    fc.assert(
      fc.property(fc.nat(taskCount * workUnits), (turns) => {
        const small = boxWith(name);
        work(
          small,
          Array.from({ length: turns }, (_, index) => index % taskCount),
        );
        small.run((box) => freezeTasks(box, { type: 'tasks.freeze', kernel: 'original' }));
        settle(small, taskMoves);
        small.run((box) => thawTasks(box, { type: 'tasks.thaw', kernel: 'original' }));
        workToTheEnd(small);
        expect(differencesOf(visibleStateOf(small), expected)).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });
});

test('the busy workloads touch some 300 to 800 frames', () => {
  for (const name of ['editor', 'compiler', 'database']) {
    const small = boxWith(name);
    const before = small.memory();
    workToTheEnd(small);
    const frames = [...small.memory().differences(before)].reduce((sum, { count }) => sum + count, 0);
    expect(frames).toBeGreaterThan(300);
    expect(frames).toBeLessThan(800);
  }
});

test('a unit of work leaves 16 KB of new contents behind at most, on average', () => {
  for (const { name } of workloads) {
    const small = boxWith(name);
    const first = small.contents.size;
    workToTheEnd(small);
    // Contents that follow from a rule are not kept; the first 16 bytes of a pattern are its name in hex.
    const isKept = (id: ContentId) =>
      !/^[0-9a-f]{16}$/.test(new TextDecoder('latin1').decode(small.contents.bytes(id).subarray(0, 16)));
    // Ids are numbered as contents arrive.
    const added = Array.from(
      { length: small.contents.size - first },
      (_, index) => (first + index) as ContentId,
    );
    expect((added.filter(isKept).length * 4096) / (taskCount * workUnits)).toBeLessThan(16_384);
  }
});

test('a disk that stays frozen while tasks work shows in the visible state', () => {
  const small = boxWith('database');
  small.run((box) => {
    for (const device of box.machine.devices) device.dma = false;
  });
  workToTheEnd(small);
  const differences = differencesOf(visibleStateOf(small), visibleStateOf(finishedBox('database')));
  expect(differences).toContain('task postgres: errors: 4, and in the second 0');
  expect(small.machine().disk.refused).toBe(4 * taskCount);
});

test('damage to a page is carried on by the task that computes with it', () => {
  const damaged = boxWith('editor');
  work(damaged, [0]);
  damaged.run((box) => writeTaskPages(box, 0, [{ page: 1, content: zeroContent }]));
  workToTheEnd(damaged);
  const differences = differencesOf(visibleStateOf(damaged), visibleStateOf(finishedBox('editor')));
  expect(differences.join('\n')).toMatch(/task editor: pages that differ: \d+, from 0x555555601000 on/);
  expect(differences).toContain('output: the text differs');
  expect(differences.filter((text) => /browser|mailer|shell/.test(text))).toEqual([]);
});

test('a second boot starts its tasks anew and finds the files of the first', () => {
  const small = finishedBox('editor');
  const first = visibleStateOf(small).files;
  small.run((box) => {
    boot(box);
    startUserSpace(box, { type: 'userSpace.start', kernel: 'original' });
  });
  expect(Object.keys(visibleStateOf(small).files)).toEqual(Object.keys(first));
  const fresh = { state: 'running', done: 0, heapPages: 1, errors: 0 };
  expect(small.machine().kernels.original.tasks).toMatchObject(Array(taskCount).fill(fresh));
});

test('states of two runs are told apart in words', () => {
  const one = visibleStateOf(boxWith('editor'));
  const small = boxWith('editor');
  work(small, [0, 0, 0, 1]);
  expect(differencesOf(one, visibleStateOf(small))).toMatchInlineSnapshot(`
    [
      "task browser: units done: 0, and in the second 1",
      "task browser: pages only in the second: 24, from 0x555555601000 on",
      "task editor: units done: 0, and in the second 3",
      "task editor: pages only in the second: 24, from 0x555555601000 on",
      "file editor.out: is only in the second",
      "output: the text differs",
    ]
  `);
  expect(differencesOf(one, one)).toEqual([]);
});
