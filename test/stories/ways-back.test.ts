/**
 * What B is told and what it loads decide whether A comes back: mem= on B's command line, the end of its range, and the three ways back
 * (linux.md A1.2, A1.8 rows 1 and 7, log a10). No outcome is asked for: each follows from maps and bytes.
 */
import { describe, expect, it } from 'vitest';
import { managedFrameCount } from '../../kernels/executors/managed-frames.ts';
import { momentView } from '../../machines/laws/moment-view.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { type Told, tell } from '../kit/story.ts';

const onDemand: Partial<BoxOptions> = { load: 'on-demand', cpus: 1 };
const told = (options: Partial<BoxOptions>): Told => tell({ ...onDemand, ...options });

describe('a whole kernel as the way back', () => {
  const entry = { wayBack: 'entry' } as const;

  it('is refused by a B that manages less than twice of it (log a10)', () => {
    const small = told(entry);
    expect(small.verdict).toBe('refused');
    expect(small.console).toContain('kexec_load failed: Invalid argument');
    expect(small.console).toContain('entry       = 0x51000f2 flags = 0x3e0002');
    const managed = managedFrameCount(momentView(small.history.rules, small.world), 'dump');
    expect(managed).toBeLessThan(2 * (0x9e + 0x1f00));
    // 63,780 KiB in log a10.
    expect(Math.round(managed / 256)).toBe(62);
  });

  it('leads back to A from a B with more memory: its entry is what counts, the kernel is never started', () => {
    const large = told({ ...entry, memMax: 0x58fffff });
    expect(large.verdict).toBe('restored');
    expect(large.broken).toEqual([]);
    expect(large.console.filter((line) => line.startsWith('Linux version'))).toHaveLength(2);
  });
});

describe("an empty segment as the way back, whatever A's range", () => {
  const unhelped = { wayBack: 'empty-page', quirks: ['b-sees-all-memory'] } as const;

  it.each([
    // The last step of 2 MiB that B knows of holds A's control page, the first page above mem-max, or it does not.
    [0x50fffff, 'mem=81M', 'restored'],
    [0x4ffffff, 'mem=80M', 'lost'],
    [0x48fffff, 'mem=73M', 'restored'],
    [0x47fffff, 'mem=72M', 'lost'],
    // Told of less than its range, B does not map that step either.
    [0x50fffff, 'mem=79M', 'lost'],
  ])('mem-max 0x%x with %s: %s', (memMax, bAppend, verdict) => {
    const run = told({ ...unhelped, memMax, bAppend });
    expect(run.verdict).toBe(verdict);
    expect(run.world.machine.tripleFaults).toBe(verdict === 'lost' ? 1 : 0);
  });
});

describe('a B that is told of more than its range', () => {
  it('writes over A up to there: A comes back, and is not what it was', () => {
    const run = told({ quirks: ['b-sees-all-memory'], bAppend: 'mem=120M' });
    expect(run.verdict).toBe('restored');
    expect(run.broken).toContain('b-stays-in-its-range');
  });
});

describe('B with two processors', () => {
  it('takes the second one down before it leaves, and brings it up when it is entered again', () => {
    const run = told({ cpus: 2, bAppend: 'nr_cpus=2', variant: 'rounds', rounds: 2 });
    expect(run.verdict).toBe('restored');
    expect(run.broken).toEqual([]);
    expect(run.markers.filter((line) => line.startsWith('CPU1 is up'))).toHaveLength(3);
  });

  it('of which one does not come back: B goes on without it, and so does the jump back', () => {
    const run = tell(
      { ...onDemand, cpus: 2, bAppend: 'nr_cpus=2', variant: 'rounds', rounds: 2 },
      'cpu-stays-down@dump/cpu.online:1',
    );
    expect(run.verdict).toBe('restored');
    expect(run.ignored).toEqual([]);
  });
});
