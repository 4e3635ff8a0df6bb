import { describe, expect, test } from 'vitest';
import type { Box } from '../../kernels/box.ts';
import { diskRole } from '../../kernels/devices/disk-cache.ts';
import { diskLayout } from '../../kernels/disk-layout.ts';
import { syncUserSpace } from '../../kernels/executors/tasks.ts';
import {
  createFile,
  findFile,
  isDiskBlank,
  makeFileSystem,
  mountFileSystem,
  readFile,
  unmountFileSystem,
} from '../../kernels/linux/file-system.ts';
import { fileBlockLimit, fileLimit } from '../../kernels/linux/file-system-format.ts';
import { journalBlockCount } from '../../kernels/linux/file-system-journal.ts';
import { superblockInMemory, syncFileSystem } from '../../kernels/linux/file-system-pages.ts';
import { filesOf } from '../../kernels/linux/file-system-view.ts';
import { initialiseBitmap } from '../../kernels/linux/frame-allocator.ts';
import { allPages, cacheSlotCount } from '../../kernels/linux/page-cache.ts';
import { isSwapHeader } from '../../kernels/linux/swap-area.ts';
import { poisonContent } from '../../kernels/memory/contents.ts';
import { item } from '../../kernels/shape.ts';
import { fileTexts, mountedBox, pattern, put, rebootWith, superblockOf } from './mounted-box.ts';
import { ask, bootedBox, viewOf } from './running-box.ts';

describe('the file system', () => {
  test('is made on a blank disk together with a swap area', () => {
    const small = bootedBox();
    expect(ask(small, (box) => isDiskBlank(box, 'original'))).toBe(true);
    small.run((box) => makeFileSystem(box, []));
    expect(ask(small, (box) => isDiskBlank(box, 'original'))).toBe(false);
    const { swap } = diskLayout(small.plan.ramBytes);
    expect(isSwapHeader(small.contents.bytes(small.medium().get(swap.start)))).toBe(true);
  });

  test('says on disk that it is mounted, and how often it was', () => {
    const small = mountedBox();
    expect(superblockOf(small)).toMatchObject({ isMounted: true, mountCount: 1 });
    expect(ask(small, (box) => unmountFileSystem(box, 'original'))).toBe(true);
    expect(superblockOf(small)).toMatchObject({ isMounted: false, mountCount: 1 });
    expect(ask(small, (box) => mountFileSystem(box, 'original'))).toBe(false);
    expect(superblockOf(small)).toMatchObject({ isMounted: true, mountCount: 2 });
  });

  test('cannot be mounted from a disk that holds something else', () => {
    const small = bootedBox();
    small.run((box) => {
      box.medium.write(diskLayout(small.plan.ramBytes).root.start, poisonContent);
      expect(mountFileSystem(box, 'original')).toBe(false);
    });
    expect(small.machine().kernels.original.mounted).toBe(false);
    expect(ask(small, (box) => createFile(box, 'original', 'a'))).toBeUndefined();
  });

  test('gives back what was written, before and after it was written back', () => {
    const small = mountedBox();
    small.run((box) => {
      put(box, 'a', [
        [0, 1],
        [1, 2],
      ]);
      put(box, 'b', [[0, 3]]);
    });
    const before = fileTexts(small);
    expect(before).toHaveLength(2);
    expect(ask(small, (box) => syncFileSystem(box, 'original'))).toBe(true);
    expect(fileTexts(small)).toEqual(before);
    small.run((box) => unmountFileSystem(box, 'original'));
    expect(fileTexts(small)).toEqual(before);
    small.run((box) => mountFileSystem(box, 'original'));
    expect(ask(small, (box) => readFile(box, 'original', findFile(box, 'original', 'a') ?? 0, 1))).toBe(
      pattern(small, 2),
    );
  });

  test('refuses holes, files beyond their limit, and a file too many', () => {
    const small = mountedBox();
    small.run((box) => {
      expect(put(box, 'a', [[1, 1]])).toBe(false);
      expect(put(box, 'a', [[fileBlockLimit, 1]])).toBe(false);
      for (let index = 1; index < fileLimit - 1; index++)
        expect(put(box, `file ${index}`, [[0, index]])).toBe(true);
      expect(createFile(box, 'original', 'one too many')).toBeUndefined();
    });
    expect(filesOf(viewOf(small))).toHaveLength(fileLimit - 1);
  });

  test('gives up clean pages when its cache is full, and writes back when there are none', () => {
    const small = mountedBox({ ramBytes: 2 ** 28 });
    const blockCount = 190;
    small.run((box) => {
      for (const name of ['a', 'b', 'c', 'd']) {
        for (let block = 0; block < blockCount; block++) expect(put(box, name, [[block, block]])).toBe(true);
      }
      expect(allPages(box, 'original')).toHaveLength(cacheSlotCount);
      const file = findFile(box, 'original', 'a') ?? 0;
      for (let block = 0; block < blockCount; block++) {
        expect(readFile(box, 'original', file, block)).toBe(pattern(box, block));
      }
      expect(allPages(box, 'original').filter((page) => page.file === 0)).toHaveLength(3);
    });
  });

  test('goes round its journal as often as it likes', () => {
    const small = mountedBox();
    const rounds = journalBlockCount / 10;
    for (let round = 0; round < rounds; round++) {
      small.run((box) => {
        const writes = Array.from({ length: 16 }, (_, block): [number, number] => [
          block,
          round * 100 + block,
        ]);
        expect(put(box, 'a', writes)).toBe(true);
        expect(syncFileSystem(box, 'original')).toBe(true);
      });
    }
    const expected = fileTexts(small);
    expect(rebootWith(small, small.medium())).toBe(true);
    expect(fileTexts(small)).toEqual(expected);
  });
});

describe('a disk that does not answer', () => {
  const freeze = (box: Box): void => {
    const disk = item(box.machine.devices, box.plan.devices.indexOf(diskRole));
    disk.dma = false;
  };

  test('refuses a sync, and what was written stays in memory for the next one', () => {
    const small = mountedBox();
    small.run((box) => {
      put(box, 'a', [[0, 1]]);
      freeze(box);
      expect(syncFileSystem(box, 'original')).toBe(false);
    });
    expect(small.machine().disk.refused).toBe(1);
    expect(ask(small, (box) => allPages(box, 'original').some(({ isDirty }) => isDirty))).toBe(true);
    expect(ask(small, (box) => readFile(box, 'original', findFile(box, 'original', 'a') ?? 0, 0))).toBe(
      pattern(small, 1),
    );
  });

  test('refuses the other kernel', () => {
    const small = mountedBox();
    expect(ask(small, (box) => mountFileSystem(box, 'dump'))).toBe(false);
    expect(small.machine().kernels.dump.mounted).toBe(false);
    expect(small.machine().disk.refused).toBe(1);
  });

  test('lets sync() end as if nothing were wrong', () => {
    const small = mountedBox();
    small.run((box) => {
      put(box, 'a', [[0, 1]]);
      freeze(box);
      syncUserSpace(box, { type: 'userSpace.sync', kernel: 'original' });
    });
    expect(small.replies).toEqual([{ to: 'original', reply: { type: 'userSpace.synced' } }]);
    expect(small.machine().disk.refused).toBe(1);
  });
});

test('a file system that another kernel mounts in between has moved on, and the one in memory does not know', () => {
  const small = mountedBox();
  const disk = small.plan.devices.indexOf(diskRole);
  small.run((box) => {
    put(box, 'a', [[0, 1]]);
    syncFileSystem(box, 'original');
    initialiseBitmap(box, 'dump');
    item(box.machine.devices, disk).setUpBy = 'dump';
    mountFileSystem(box, 'dump');
    item(box.machine.devices, disk).setUpBy = 'original';
  });
  expect(superblockOf(small)).toMatchObject({ mountCount: 2 });
  expect(ask(small, (box) => superblockInMemory(box, 'original'))).toMatchObject({ mountCount: 1 });
});
