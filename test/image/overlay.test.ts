import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MemoryRun } from '../../image/memory-image.ts';
import { overlay, type Stretched } from '../../image/overlay.ts';
import { pfn } from '../../image/pfn.ts';
import { sharedRuns } from '../../image/shared-runs.ts';

const stretches = fc.array(
  fc
    .record({ start: fc.nat(40), length: fc.nat(20) })
    .map(({ start, length }) => ({ start, end: start + length })),
  { maxLength: 12 },
);

describe('stretches laid over each other', () => {
  it('show at every place the last one that has it', () => {
    fc.assert(
      fc.property(stretches, (items) => {
        const parts = overlay(items);
        for (let at = 0; at < 64; at += 1) {
          const has = ({ start, end }: Stretched): boolean => at >= start && at < end;
          expect(parts.filter(has).map(({ item }) => item)).toEqual(items.filter(has).slice(-1));
        }
        for (const [index, { start, end }] of parts.entries()) {
          expect(end).toBeGreaterThan(start);
          expect(start).toBeGreaterThanOrEqual(parts[index - 1]?.end ?? 0);
        }
      }),
    );
  });
});

describe('the runs of two images', () => {
  it('tell of every frame what each image tells of it', () => {
    const runsOf = fc
      .array(fc.record({ gap: fc.nat(3), count: fc.integer({ min: 1, max: 5 }) }), { maxLength: 8 })
      .map((steps) => {
        let next = 0;
        return steps.map(({ gap, count }, index): MemoryRun => {
          const startPfn = pfn(next + gap);
          next = startPfn + count;
          return { startPfn, count, kind: index % 2 === 0 ? 'stored' : 'free' };
        });
      });
    const kindAt = (runs: readonly MemoryRun[], frame: number) =>
      runs.find(({ startPfn, count }) => frame >= startPfn && frame < startPfn + count)?.kind;
    fc.assert(
      fc.property(runsOf, runsOf, (one, other) => {
        const shared = [...sharedRuns({ runs: () => one }, { runs: () => other })];
        for (let frame = 0; frame < 80; frame += 1) {
          const found = shared.filter(({ startPfn, count }) => frame >= startPfn && frame < startPfn + count);
          const kinds = [kindAt(one, frame), kindAt(other, frame)];
          expect(found.map((run) => run.kinds)).toEqual(
            kinds.every((kind) => kind === undefined) ? [] : [kinds],
          );
        }
      }),
    );
  });
});
