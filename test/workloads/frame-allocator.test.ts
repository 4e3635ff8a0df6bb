import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Pfn, pfn } from '../../image/pfn.ts';
import {
  allocateFrame,
  allocateFrames,
  framesPerBitmapPage,
  freeFrame,
  freeFrameCount,
  freeFrames,
  initialiseBitmap,
  isFrameFree,
  ramOf,
  reserveFrames,
} from '../../kernels/linux/frame-allocator.ts';
import { rangeHolds } from '../../kernels/linux/memory-layout.ts';
import { zeroContent } from '../../kernels/memory/contents.ts';
import { type SmallBox, type SmallBoxOptions, smallBox } from '../kit/small-box.ts';
import { ask } from './running-box.ts';

function freshBox(options: SmallBoxOptions = {}): SmallBox {
  const small = smallBox(options);
  small.run((box) => {
    initialiseBitmap(box, 'original');
    initialiseBitmap(box, 'dump');
  });
  return small;
}

describe('the frame allocator', () => {
  test('hands out the lowest free frame from the start of the pool', () => {
    const small = freshBox();
    const { poolStart } = small.plan.layout.original;
    expect(ask(small, (box) => allocateFrame(box, 'original'))).toBe(poolStart);
    expect(ask(small, (box) => allocateFrames(box, 'original', 3))).toEqual(
      [1, 2, 3].map((next) => poolStart + next),
    );
    small.run((box) => freeFrame(box, 'original', pfn(poolStart + 1)));
    expect(ask(small, (box) => allocateFrame(box, 'original'))).toBe(poolStart + 1);
  });

  test('never hands out the kernel, the holes of the firmware map or the region', () => {
    const small = freshBox();
    const { layout } = small.plan;
    const frames =
      ask(small, (box) => allocateFrames(box, 'original', freeFrameCount(box, 'original'))) ?? [];
    expect(frames.length).toBeGreaterThan(30_000);
    const ram = ramOf(small.plan, 'original');
    const isBad = (frame: Pfn) =>
      frame < layout.original.poolStart ||
      rangeHolds(layout.original.early, frame) ||
      rangeHolds(layout.region, frame) ||
      !ram.some((range) => rangeHolds(range, frame));
    expect(frames.filter(isBad)).toEqual([]);
    expect(ask(small, (box) => allocateFrame(box, 'original'))).toBeUndefined();
  });

  test('gives the dump kernel frames of its own range only', () => {
    for (const load of ['reserved', 'on-demand'] as const) {
      const small = freshBox({ plan: { load } });
      const { layout } = small.plan;
      const frames = ask(small, (box) => allocateFrames(box, 'dump', freeFrameCount(box, 'dump'))) ?? [];
      expect(frames.length).toBeGreaterThan(10_000);
      const isOutside = (frame: Pfn) => !layout.dumpRam.some((range) => rangeHolds(range, frame));
      expect(frames.filter(isOutside)).toEqual([]);
      expect(frames.every((frame) => frame >= layout.dump.poolStart)).toBe(true);
    }
  });

  test('changes nothing when memory is short', () => {
    const small = freshBox();
    const count = ask(small, (box) => freeFrameCount(box, 'original'));
    const before = small.memory();
    expect(ask(small, (box) => allocateFrames(box, 'original', count + 1))).toBeUndefined();
    expect(small.memory()).toBe(before);
  });

  test('writes each bitmap page once for 20,000 frames', () => {
    const small = freshBox();
    const before = small.memory();
    const frames = ask(small, (box) => allocateFrames(box, 'original', 20_000));
    expect(new Set(frames).size).toBe(20_000);
    const changed = [...small.memory().differences(before)].reduce((sum, { count }) => sum + count, 0);
    expect(changed).toBe(1);
  });

  test('keeps an untouched page of the bitmap as the content of zeros', () => {
    const small = freshBox({ ramBytes: 2 ** 31 });
    const { bitmap, region } = { ...small.plan.layout.original, region: small.plan.layout.region };
    const untouched = Math.floor(region.start / framesPerBitmapPage) - 1;
    expect(small.memory().get(bitmap.start + untouched)).toBe(zeroContent);
  });

  test('costs a terabyte what it uses', () => {
    const small = smallBox({ ramBytes: 2 ** 40, plan: { load: 'on-demand' } });
    const contentsBefore = small.contents.size;
    small.run((box) => initialiseBitmap(box, 'original'));
    expect(small.contents.size - contentsBefore).toBeLessThan(10);
    expect(small.memory().nodeCount()).toBeLessThan(40);
    expect(ask(small, (box) => freeFrameCount(box, 'original'))).toBeGreaterThan(2 ** 28 - 2 ** 18 - 2 ** 16);
  });

  test('takes a place by name, once', () => {
    const small = freshBox();
    const place = pfn(small.plan.layout.original.poolStart + 100);
    small.run((box) => reserveFrames(box, 'original', { start: place, count: 2 }));
    expect(ask(small, (box) => isFrameFree(box, 'original', place))).toBe(false);
    const frames = ask(small, (box) => allocateFrames(box, 'original', 102)) ?? [];
    expect(frames.slice(99, 102)).toEqual([place - 1, place + 2, place + 3]);
  });

  test('agrees with a set of frames over any order of requests', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), (requests) => {
        const small = freshBox();
        const total = ask(small, (box) => freeFrameCount(box, 'original'));
        const taken = new Set<number>();
        for (const next of requests) {
          answer(small, taken, next);
          expect(ask(small, (box) => freeFrameCount(box, 'original'))).toBe(total - taken.size);
        }
      }),
      { numRuns: 40 },
    );
  });
});

const request = fc.oneof(
  fc.record({ type: fc.constant('take' as const), count: fc.nat(400) }),
  fc.record({ type: fc.constant('free' as const), step: fc.integer({ min: 1, max: 7 }) }),
  fc.record({ type: fc.constant('reserve' as const), start: fc.nat(2000), count: fc.nat(300) }),
);
type Request = typeof request extends fc.Arbitrary<infer Value> ? Value : never;

/** Asks the allocator and the model for the same. */
function answer(small: SmallBox, taken: Set<number>, next: Request): void {
  const { poolStart } = small.plan.layout.original;
  switch (next.type) {
    case 'take': {
      const expected = lowestFree(poolStart, taken, next.count);
      expect(ask(small, (box) => allocateFrames(box, 'original', next.count))).toEqual(expected);
      for (const frame of expected) taken.add(frame);
      return;
    }
    case 'free': {
      const given = [...taken].filter((frame) => frame % next.step === 0).map(pfn);
      small.run((box) => freeFrames(box, 'original', given));
      for (const frame of given) taken.delete(frame);
      return;
    }
    case 'reserve': {
      const start = pfn(poolStart + next.start);
      small.run((box) => reserveFrames(box, 'original', { start, count: next.count }));
      for (let offset = 0; offset < next.count; offset++) taken.add(start + offset);
      return;
    }
  }
}

function lowestFree(start: number, taken: ReadonlySet<number>, count: number): number[] {
  const frames: number[] = [];
  for (let frame = start; frames.length < count; frame++) {
    if (!taken.has(frame)) frames.push(frame);
  }
  return frames;
}
