import { describe, expect, test } from 'vitest';
import { frameOf, type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import { freeFrameCount, isFrameFree } from '../../kernels/linux/frame-allocator.ts';
import { translate } from '../../kernels/linux/page-tables.ts';
import { readTask } from '../../kernels/linux/task.ts';
import {
  freeTaskPages,
  heapBase,
  heapPageLimit,
  readTaskPage,
  taskPages,
  writeTaskBytes,
  writeTaskPages,
} from '../../kernels/linux/task-memory.ts';
import { poisonContent, zeroContent } from '../../kernels/memory/contents.ts';
import { item } from '../../kernels/shape.ts';
import type { SmallBox } from '../kit/small-box.ts';
import { ask, runningBox, viewOf } from './running-box.ts';

const taskOf = (small: SmallBox) => item(small.machine().kernels.original.tasks, 0);

function frameBehind(small: SmallBox, page: number): Pfn | undefined {
  const root = readTask(viewOf(small), 0)?.root ?? pfn(0);
  const address = heapBase + BigInt(page * pageSizeBytes);
  const found = translate(root, address, (frame) => small.contents.bytes(small.memory().get(frame)));
  return found.type === 'page-tables.mapped' ? frameOf(found.physical) : undefined;
}

describe('the memory of a task', () => {
  test('starts with one page of zeros behind tables of its own', () => {
    const small = runningBox();
    expect(taskPages(viewOf(small), 0)).toEqual([{ page: 0, content: zeroContent }]);
    expect(readTask(viewOf(small), 0)).toMatchObject({ pid: 400, name: 'init', unitsDone: 0 });
    expect(readTask(viewOf(small), 0)?.root).not.toBe(readTask(viewOf(small), 1)?.root);
  });

  test('is where a processor that walks the tables finds it', () => {
    const small = runningBox();
    const content = small.contents.made({ rule: 'pattern', seed: 1, index: 1 });
    const writes = [3, 9, heapPageLimit - 1].map((page) => ({ page, content }));
    small.run((box) => writeTaskPages(box, 0, writes));
    for (const { page } of writes) {
      const frame = frameBehind(small, page);
      expect(frame !== undefined && small.memory().get(frame)).toBe(content);
      expect(readTaskPage(viewOf(small), 0, page)).toBe(content);
    }
    expect(frameBehind(small, 4)).toBeUndefined();
    expect(readTaskPage(viewOf(small), 0, 4)).toBeUndefined();
    expect(taskOf(small).heapPages).toBe(4);
  });

  test('keeps its frames when a page is written again', () => {
    const small = runningBox();
    const before = frameBehind(small, 0);
    small.run((box) => writeTaskBytes(box, 0, { page: 0, offsetBytes: 40 }, Uint8Array.of(1, 2)));
    expect(frameBehind(small, 0)).toBe(before);
    const content = readTaskPage(viewOf(small), 0, 0) ?? zeroContent;
    expect([...small.contents.bytes(content).subarray(39, 43)]).toEqual([0, 1, 2, 0]);
  });

  test('gives its frames back when pages are freed', () => {
    const small = runningBox();
    const free = ask(small, (box) => freeFrameCount(box, 'original'));
    small.run((box) =>
      writeTaskPages(
        box,
        0,
        [1, 2, 3].map((page) => ({ page, content: zeroContent })),
      ),
    );
    const frame = frameBehind(small, 2) ?? pfn(0);
    small.run((box) => freeTaskPages(box, 0, [1, 2, 3]));
    expect(ask(small, (box) => isFrameFree(box, 'original', frame))).toBe(true);
    expect(ask(small, (box) => freeFrameCount(box, 'original'))).toBe(free);
    expect(taskOf(small)).toMatchObject({ heapPages: 1, errors: 0 });
  });

  test('cannot be written where nothing is mapped: the task is given an error', () => {
    const small = runningBox();
    small.run((box) => writeTaskBytes(box, 0, { page: 7, offsetBytes: 0 }, Uint8Array.of(1)));
    expect(taskOf(small).errors).toBe(1);
  });

  test('is gone when its tables are overwritten, and nothing is followed out of the machine', () => {
    const small = runningBox();
    const root = readTask(viewOf(small), 0)?.root ?? pfn(0);
    const wild = new Uint8Array(pageSizeBytes).fill(0xff);
    for (const garbage of [poisonContent, small.contents.intern(wild)]) {
      small.run((box) => box.memory.write(root, garbage));
      expect(taskPages(viewOf(small), 0)).toEqual([]);
      expect(ask(small, (box) => writeTaskPages(box, 0, [{ page: 1, content: zeroContent }]))).toBe(false);
    }
    expect(taskOf(small).errors).toBe(2);
  });

  test('is refused as a whole when memory is short', () => {
    const small = runningBox({ ramBytes: 2 ** 27, plan: { load: 'on-demand' } });
    const size = ask(small, (box) => freeFrameCount(box, 'original'));
    expect(size).toBeGreaterThan(500);
    const pages = Array.from({ length: 510 }, (_, index) => ({ page: index + 1, content: zeroContent }));
    let task = 0;
    while (task < 2 && ask(small, (box) => writeTaskPages(box, task, pages))) task++;
    expect(task).toBe(2);
  });
});
