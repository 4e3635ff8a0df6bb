import { describe, expect, it } from 'vitest';
import { clockGaps } from '../../scripts/report/clock-gaps.ts';
import { boottimeNs, type ClockLife, kernelClocks, monotonicNs } from '../../scripts/report/kernel-clocks.ts';
import { worldsOf } from '../../scripts/report/run-facts.ts';
import { smallRun } from './small-run.ts';

const clocksOf = (options: Parameters<typeof smallRun>[0]): readonly ClockLife[] =>
  kernelClocks(worldsOf(smallRun(options)));

const standing = ({ stretches }: ClockLife) => stretches.filter(({ isStanding }) => isStanding);

describe("the clocks of a run's kernels", () => {
  it('A stands still while B has the machine, and B once it has left', () => {
    const [a, b] = clocksOf({});
    expect([a?.kernel, b?.kernel]).toEqual(['original', 'dump']);
    expect(a && standing(a)).toHaveLength(1);
    expect(b?.stretches.map(({ isStanding }) => isStanding)).toEqual([false, true]);
  });

  it('boottime counts what the monotonic clock leaves out', () => {
    for (const life of clocksOf({ variant: 'rounds' })) {
      const gaps = standing(life).reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0);
      expect(boottimeNs(life) - monotonicNs(life)).toBe(gaps);
    }
  });

  it('in two rounds A stands still twice, and B between them', () => {
    const [a, b] = clocksOf({ variant: 'rounds' });
    expect([a && standing(a), b && standing(b)].map((gaps) => gaps?.length)).toEqual([2, 2]);
    const [first, second] = a ? standing(a) : [];
    expect(first && second && second.shownNs > first.shownNs).toBe(true);
  });

  it('stretches follow each other without a hole, and what is shown follows from them', () => {
    for (const { startNs, endNs, stretches } of clocksOf({ variant: 'rounds', load: 'on-demand' })) {
      expect(stretches.map((stretch) => stretch.startNs)).toEqual([
        startNs,
        ...stretches.slice(0, -1).map((stretch) => stretch.endNs),
      ]);
      expect(stretches.at(-1)?.endNs).toBe(endNs);
      let shown = 0;
      for (const stretch of stretches) {
        expect(stretch.shownNs).toBe(shown);
        if (!stretch.isStanding) shown += stretch.endNs - stretch.startNs;
      }
    }
  });

  it('a panic ends the life of A, and a new boot begins another', () => {
    const lives = clocksOf({ path: 'kdump' });
    expect(lives.map(({ kernel, isGone }) => `${kernel} ${isGone}`)).toEqual([
      'original true',
      'dump true',
      'original false',
    ]);
    expect(lives.flatMap(standing)).toEqual([]);
  });

  it('a power cut ends all lives, and nobody waits for a kernel that is lost', () => {
    const history = smallRun({ faults: [{ name: 'power-cut', where: 'image.write' }] });
    const cutNs = history.allRecords.find(({ notes }) =>
      notes.some(({ type }) => type === 'fault.struck'),
    )?.nowNs;
    const [a, b, again] = kernelClocks(worldsOf(history));
    expect([a?.endNs, b?.endNs]).toEqual([cutNs, cutNs]);
    expect(again).toMatchObject({ kernel: 'original', isGone: false });
    expect(clockGaps(worldsOf(history), 'original').map(({ endNs }) => endNs)).toEqual([cutNs]);
  });

  it('a hibernation is one gap of A, with the time without power in it', () => {
    const lives = clocksOf({ variant: 'hibernate' });
    const a = lives.filter(({ kernel }) => kernel === 'original');
    expect(a).toHaveLength(1);
    const [gap, ...more] = a.flatMap(standing);
    expect(more).toEqual([]);
    const c = lives.find(({ kernel }) => kernel === 'restore');
    expect(gap && c && gap.startNs < c.startNs && c.startNs < gap.endNs).toBe(true);
    expect(lives.find(({ kernel }) => kernel === 'dump')?.isGone).toBe(true);
  });
});
