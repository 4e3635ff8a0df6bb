import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  diskFlush,
  diskRead,
  diskRequest,
  diskUsable,
  diskWrite,
  loseCache,
} from '../../kernels/devices/disk-cache.ts';
import { resetDevices } from '../../kernels/devices/set-up-devices.ts';
import { type ContentId, zeroContent } from '../../kernels/memory/contents.ts';
import { item } from '../../kernels/shape.ts';
import type { SmallBox, SmallBoxOptions } from '../kit/small-box.ts';
import { downward, indexOf, runningBox, takeOver, upward, walk } from './device-story.ts';

/** A content that is known by its number; 0 is the zeros of a blank disk. */
const contentFor = (small: SmallBox, number: number): ContentId =>
  number === 0 ? zeroContent : small.contents.made({ rule: 'pattern', seed: 1, index: number });

const write = (small: SmallBox, block: number, number: number): void =>
  small.run((box) => diskWrite(box, block, contentFor(small, number)));

const onMedium = (small: SmallBox, block: number): ContentId => small.medium().get(block);

function read(small: SmallBox, block: number): ContentId | undefined {
  const seen: ContentId[] = [];
  small.run((box) => seen.push(diskRead(box, block)));
  return seen[0];
}

const cached = (small: SmallBox): string[] =>
  small.machine().disk.cache.map((slot) => (slot.used ? `${slot.block}:${slot.holds}` : '-'));

const box = (options: SmallBoxOptions = {}): SmallBox =>
  runningBox({ size: { cacheBlockCount: 3 }, ...options });

describe.each(['bare', 'immer'] as const)('with %s recipes a written block', (recipes) => {
  it('is read back from the cache and is not on the medium', () => {
    const small = box({ recipes });
    write(small, 7, 1);
    expect(read(small, 7)).toBe(contentFor(small, 1));
    expect(onMedium(small, 7)).toBe(zeroContent);
    write(small, 7, 2);
    expect(read(small, 7)).toBe(contentFor(small, 2));
    expect(cached(small).filter((slot) => slot !== '-')).toHaveLength(1);
  });

  it('reaches the medium when the disk is told to flush, and the cache is empty then', () => {
    const small = box({ recipes });
    write(small, 7, 1);
    write(small, 8, 2);
    small.run(diskFlush);
    expect([onMedium(small, 7), onMedium(small, 8)]).toEqual([contentFor(small, 1), contentFor(small, 2)]);
    expect(cached(small)).toEqual(['-', '-', '-']);
  });

  it('reaches the medium when a full cache needs the room: the oldest goes first', () => {
    const small = box({ recipes });
    for (const number of [1, 2, 3, 4]) write(small, number, number);
    expect(onMedium(small, 1)).toBe(contentFor(small, 1));
    expect(onMedium(small, 2)).toBe(zeroContent);
    expect(cached(small).map((slot) => slot.split(':')[0])).toEqual(['2', '3', '4']);
  });
});

it('a disk without a cache writes through', () => {
  const small = runningBox({ size: { cacheBlockCount: 0 } });
  write(small, 7, 1);
  expect(onMedium(small, 7)).toBe(contentFor(small, 1));
});

it('reads always give the newest write, whatever is written, flushed and destaged', () => {
  const actions = fc.array(
    fc.oneof(
      fc.record({ block: fc.nat({ max: 5 }), number: fc.integer({ min: 1, max: 9 }) }),
      fc.constant('flush' as const),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(actions, fc.nat({ max: 4 }), (list, cacheBlockCount) => {
      const small = runningBox({ size: { cacheBlockCount } });
      const model = new Map<number, number>();
      for (const action of list) {
        if (action === 'flush') small.run(diskFlush);
        else {
          model.set(action.block, action.number);
          write(small, action.block, action.number);
        }
      }
      for (const [block, number] of model) expect(read(small, block)).toBe(contentFor(small, number));
      small.run(diskFlush);
      for (const [block, number] of model) expect(onMedium(small, block)).toBe(contentFor(small, number));
    }),
    { numRuns: 100 },
  );
});

describe('a power cut', () => {
  it('asks chance about every cached block and keeps what was flushed', () => {
    const small = box({ picks: [1, 0] });
    write(small, 6, 6);
    small.run(diskFlush);
    write(small, 7, 1);
    write(small, 8, 2);
    small.run(loseCache);
    expect(small.questions).toEqual(['block 7 had reached the medium', 'block 8 had reached the medium']);
    expect([6, 7, 8].map((block) => onMedium(small, block))).toEqual([
      contentFor(small, 6),
      contentFor(small, 1),
      zeroContent,
    ]);
    expect(cached(small)).toEqual(['-', '-', '-']);
  });

  it('loses all that was not flushed when chance answers as it does first', () => {
    const small = box();
    write(small, 7, 1);
    small.run(loseCache);
    expect(onMedium(small, 7)).toBe(zeroContent);
  });
});

describe('the disk answers', () => {
  const usable = (small: SmallBox): string =>
    (['original', 'dump'] as const).filter((kernel) => answers(small, kernel)).join(' ');

  function answers(small: SmallBox, kernel: 'original' | 'dump'): boolean {
    const seen: boolean[] = [];
    small.run((ports) => seen.push(diskUsable(ports, kernel)));
    return seen[0] === true;
  }

  it('the kernel that set it up, and nobody while it is frozen', () => {
    const small = box();
    const seen: string[] = [usable(small)];
    walk(small, 'original', ['prepare', 'freeze']);
    seen.push(usable(small));
    walk(small, 'original', ['freezeLate', 'freezeNoirq']);
    takeOver(small, 'dump');
    seen.push(usable(small));
    walk(small, 'dump', downward);
    small.run(({ own }) => own('original'));
    seen.push(usable(small));
    walk(small, 'original', upward);
    seen.push(usable(small));
    expect(seen).toEqual(['original', '', 'dump', '', 'original']);
  });

  it('nobody while it is quiet, even with its queue left running', () => {
    const small = box();
    small.run(({ machine }) => {
      item(machine.devices, indexOf(small, 'disk')).keepsDma = true;
    });
    walk(small, 'original', downward);
    expect(usable(small)).toBe('');
  });

  it('nobody in a box that has none, and nobody but firmware after a reset', () => {
    expect(usable(runningBox({ devices: [] }))).toBe('');
    const small = box();
    small.run((ports) => resetDevices(ports));
    expect(usable(small)).toBe('');
  });

  it('a refused request with -EIO, and counts it', () => {
    const small = box();
    small.run((ports) => expect(diskRequest(ports, 'dump')).toBe(-5));
    small.run((ports) => expect(diskRequest(ports, 'original')).toBe(0));
    expect(small.machine().disk.refused).toBe(1);
  });

  it('a request that was planned to fail with -EIO, once', () => {
    const small = box();
    small.run(({ machine }) => {
      machine.disk.fails = true;
    });
    small.run((ports) => expect([1, 2].map(() => diskRequest(ports, 'original'))).toEqual([-5, 0]));
    expect(small.machine().disk.refused).toBe(0);
  });
});

describe('freezing the disk', () => {
  it('flushes its cache', () => {
    const small = box();
    write(small, 7, 1);
    walk(small, 'original', downward);
    expect(onMedium(small, 7)).toBe(contentFor(small, 1));
  });
});
