import { describe, expect, it } from 'vitest';
import { committedImage } from '../../machines/laws/committed-image.ts';
import { digestsOfRun } from '../../machines/laws/excepted.ts';
import { violationsOf } from '../../machines/laws/index.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { endOf, historyOf, verdictAt } from './sabotaged-run.ts';

/** Every pair of load, processors, workload and seed occurs. All of them together would take four times as long. */
const pairs: readonly Partial<BoxOptions>[] = [
  { load: 'reserved', cpus: 1, workload: 'editor', seed: 1 },
  { load: 'reserved', cpus: 2, workload: 'database', seed: 2 },
  { load: 'reserved', cpus: 8, workload: 'compiler', seed: 1 },
  { load: 'on-demand', cpus: 2, workload: 'editor', seed: 1 },
  { load: 'on-demand', cpus: 8, workload: 'database', seed: 1 },
  { load: 'on-demand', cpus: 1, workload: 'compiler', seed: 2 },
  { load: 'on-demand', cpus: 8, workload: 'editor', seed: 2 },
  { load: 'reserved', cpus: 1, workload: 'database', seed: 1 },
  { load: 'on-demand', cpus: 2, workload: 'compiler', seed: 1 },
];

const others: readonly Partial<BoxOptions>[] = [
  { load: 'on-demand', devicesBetween: 'powered-down' },
  { load: 'reserved', freezer: false, workload: 'idle' },
  { load: 'on-demand', noConsoleSuspend: true, ramBytes: 2 ** 28 },
];

const named = (options: Partial<BoxOptions>): string => Object.values(options).join(' ');

describe('a corrected box that jumps and comes back', () => {
  it.each([...pairs, ...others].map((options) => [named(options), options] as const))(
    'obeys every law: %s',
    (_name, options) => {
      const history = endOf(historyOf(options));
      expect(violationsOf(history)).toEqual([]);
      // Laws about a jump, a return and an image hold of a box that has done none of it, too.
      expect(verdictAt(history)).toBe('restored');
      expect(committedImage(history.rules, history.world).type).toBe('image.whole');
      const { before, after } = digestsOfRun(history.rules, history.world);
      expect(before).toMatch(/^[0-9a-f]{64}$/);
      expect(after).toBe(before);
    },
  );

  it('obeys every law with a terabyte of memory', () => {
    const history = endOf(historyOf({ load: 'on-demand', ramBytes: 2 ** 40 }));
    expect(violationsOf(history)).toEqual([]);
    expect(verdictAt(history)).toBe('restored');
  });
});

describe('a corrected box that crashes', () => {
  it.each([
    { cpus: 1, workload: 'editor' },
    { cpus: 8, workload: 'database', seed: 2 },
  ])('obeys every law: $cpus processors, $workload', (options) => {
    const history = endOf(historyOf({ path: 'kdump', ...options }));
    expect(violationsOf(history)).toEqual([]);
    expect(verdictAt(history)).toBe('dumped');
    expect(committedImage(history.rules, history.world).type).toBe('image.whole');
  });

  it('obeys every law when packets land in the receive ring after the crash', () => {
    const history = endOf(historyOf({ path: 'kdump' }));
    const left = history.allRecords.findIndex(({ notes }) => notes.some(({ type }) => type === 'crash.left'));
    const later = history.allRecords.slice(left).flatMap(({ notes }) => notes);
    expect(later.some(({ type }) => type === 'dma.landed')).toBe(true);
    expect(violationsOf(history)).toEqual([]);
    expect(verdictAt(history)).toBe('dumped');
  });
});

describe('a corrected box that is left alone', () => {
  it('obeys every law', () => {
    const history = endOf(historyOf({ path: 'none', cpus: 2 }));
    expect(violationsOf(history)).toEqual([]);
    expect(verdictAt(history)).toBe('restored');
  });
});
