import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { encodeEntryList, walkEntryList } from '../../kernels/kexec/entry-list.ts';
import { crashControlFrames, type EntryPlan, planEntries } from '../../kernels/kexec/plan-entries.ts';
import { isDestinationRange, type KexecSegment } from '../../kernels/kexec/segments.ts';

const segmentOf = (frame: number, count: number): KexecSegment => {
  return { bufferSizeBytes: 0, memoryStart: addressOf(pfn(frame)), memorySizeBytes: count * pageSizeBytes };
};
const inOrder = (frames: readonly number[]) => {
  const left = [...frames];
  return () => {
    const frame = left.shift();
    return frame === undefined ? undefined : pfn(frame);
  };
};
const upFrom = (start: number, end = Number.POSITIVE_INFINITY) => {
  let next = start;
  return () => (next < end ? pfn(next++) : undefined);
};
const planned = (plan: EntryPlan) => {
  if (plan.type !== 'entries.planned') throw new Error(`not planned: ${plan.line}`);
  return plan;
};

describe('the plan of an image', () => {
  test('what lies in the range is set aside for its own place; the control page is the first frame behind it [log a1]', () => {
    // B's range of log a1, in a machine whose allocator goes up from 0x5000.
    const segments = [segmentOf(0x1, 0x9e), segmentOf(0x100, 0x5000)];
    const plan = planned(planEntries(segments, upFrom(0x5000)));
    expect(plan.controlFrame).toBe(0x5100);
    expect(plan.swapFrame).toBe(0x5101);
    const ownPlace = plan.pages.filter(({ destination, source }) => destination === source);
    expect(ownPlace.map(({ source }) => source)).toEqual(
      Array.from({ length: 0x100 }, (_, index) => 0x5000 + index),
    );
    expect(plan.pages.length).toBe(0x9e + 0x5000);
    expect(plan.listFrames.length).toBe(Math.ceil((2 + 0x509e) / 511));
    expect(plan.unusedFrames).toEqual([]);
  });

  test('a frame that comes later than its stand-in takes its own place, and the stand-in serves another', () => {
    const plan = planned(planEntries([segmentOf(0x10, 3)], inOrder([0x90, 0x91, 0x92, 0x93, 0x10, 0x94])));
    // 0x93 stood in for 0x10 until 0x10 itself was handed out, and then went to 0x11.
    expect(plan.pages).toEqual([
      { destination: 0x10, source: 0x10, segmentIndex: 0 },
      { destination: 0x11, source: 0x93, segmentIndex: 0 },
      { destination: 0x12, source: 0x94, segmentIndex: 0 },
    ]);
  });

  test('a frame that is handed out just for its own place stays there', () => {
    const plan = planned(planEntries([segmentOf(0x10, 2)], inOrder([0x90, 0x91, 0x92, 0x10, 0x11])));
    expect(plan.pages.map(({ source }) => source)).toEqual([0x10, 0x11]);
  });

  test('an empty segment sets a destination and moves nothing', () => {
    const empty = { bufferSizeBytes: 0, memoryStart: physical(0x1000), memorySizeBytes: 0 };
    const plan = planned(planEntries([empty], upFrom(0x500)));
    expect(plan).toMatchObject({
      entries: [{ kind: 'destination', frame: 1 }],
      pages: [],
      listFrames: [0x502],
    });
  });

  test('frames for the page tables are no destinations and may depend on the control page', () => {
    const plan = planned(planEntries([segmentOf(0x10, 2)], upFrom(0x8), (controlFrame) => controlFrame - 5));
    expect(plan).toMatchObject({ controlFrame: 0x8, swapFrame: 0x9, tableFrames: [0xa, 0xb, 0xc] });
  });

  test('the same frames give the same plan', () => {
    const once = () => planEntries([segmentOf(0x10, 9)], upFrom(0xc));
    expect(once()).toEqual(once());
  });
});

describe('running out of frames', () => {
  const lineAfter = (segments: readonly KexecSegment[], frames: readonly number[]) => {
    const plan = planEntries(segments, inOrder(frames));
    expect(plan).toMatchObject({ type: 'entries.failed', errno: 'ENOMEM' });
    expect(plan.unusedFrames).toEqual(frames);
    return plan.type === 'entries.failed' ? plan.line : undefined;
  };

  test('an empty segment at 0 makes every frame a destination: no control page [logs a0, a0b, e8]', () => {
    const empty = { bufferSizeBytes: 0, memoryStart: physical(0), memorySizeBytes: 0 };
    expect(lineAfter([empty], [0x500, 0x501, 0x502])).toBe('kexec: Could not allocate control_code_buffer');
  });

  test('no second frame means no swap page', () => {
    expect(lineAfter([segmentOf(0x10, 2)], [0x10, 0x90])).toBe('kexec: Could not allocate swap buffer');
  });

  test('no frame for the list or for content leaves no line of kexec', () => {
    expect(lineAfter([segmentOf(0x10, 2)], [0x90, 0x91])).toBeNull();
    expect(lineAfter([segmentOf(0x10, 2)], [0x90, 0x91, 0x92, 0x93])).toBeNull();
  });
});

describe('laws of every plan', () => {
  const frameCount = 400;
  /** Segments side by side with gaps, and the free frames of a machine in any order. */
  const machines = fc
    .tuple(
      fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 0, max: 40 })), { minLength: 1, maxLength: 4 }),
      fc.shuffledSubarray(
        Array.from({ length: frameCount }, (_, index) => index),
        { minLength: 300 },
      ),
    )
    .map(([gaps, free]) => {
      let at = 1;
      const segments = gaps.map(([gap, count]) => {
        const segment = segmentOf(at + gap, count);
        at += gap + count;
        return segment;
      });
      return { segments, free };
    });

  const isDestination = (segments: readonly KexecSegment[], frame: Pfn) =>
    isDestinationRange(segments, { start: addressOf(frame), endExclusive: addressOf(pfn(frame + 1)) });

  test('a source is its own destination or none; all else is no destination; no frame has two uses, and none is lost', () => {
    fc.assert(
      fc.property(machines, ({ segments, free }) => {
        const handedOut: Pfn[] = [];
        const next = inOrder(free);
        const plan = planned(
          planEntries(
            segments,
            () => {
              const frame = next();
              if (frame !== undefined) handedOut.push(frame);
              return frame;
            },
            () => 5,
          ),
        );
        const { controlFrame, swapFrame, tableFrames, listFrames, pages, unusedFrames } = plan;
        const special = [controlFrame, swapFrame, ...tableFrames, ...listFrames];
        for (const frame of special) expect(isDestination(segments, frame)).toBe(false);
        for (const { source, destination } of pages) {
          expect(source === destination || !isDestination(segments, source)).toBe(true);
        }
        const used = [...special, ...pages.map(({ source }) => source), ...unusedFrames];
        expect([...used].sort((a, b) => a - b)).toEqual([...handedOut].sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });

  test('after the walk each destination holds what its source held; a second walk restores every frame', () => {
    fc.assert(
      fc.property(machines, ({ segments, free }) => {
        const plan = planned(planEntries(segments, inOrder(free)));
        const list = encodeEntryList(plan.entries, plan.listFrames);
        const listPages = new Map(list.pages.map(({ frame, bytes }) => [frame, bytes]));
        const memory = Array.from({ length: frameCount }, (_, frame) => `content of ${frame}`);
        const before = [...memory];
        const swapPages = () => {
          for (const move of walkEntryList(list.head, (frame) => listPages.get(frame))) {
            if (move.type === 'list.fault') throw new Error(move.reason);
            const { destination, source } = move;
            [memory[destination], memory[source]] = [memory[source] ?? '', memory[destination] ?? ''];
          }
        };
        swapPages();
        for (const { source, destination } of plan.pages) {
          expect(memory[destination]).toBe(before[source]);
          expect(memory[source]).toBe(before[destination]);
        }
        swapPages();
        expect(memory).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });
});

describe('control pages of a crash image', () => {
  const reservation = { start: physical(0x5000000), endExclusive: physical(0x5010000) };

  test('are the first holes between its segments', () => {
    const segments = [segmentOf(0x5000, 1), segmentOf(0x5002, 3), segmentOf(0x5008, 8)];
    expect(crashControlFrames(segments, reservation, 3)).toEqual([0x5001, 0x5005, 0x5006]);
  });

  test('cannot be had when the segments leave no room', () => {
    expect(crashControlFrames([segmentOf(0x5000, 15)], reservation, 2)).toBeUndefined();
    expect(crashControlFrames([segmentOf(0x5000, 15)], reservation, 1)).toEqual([0x500f]);
  });
});
