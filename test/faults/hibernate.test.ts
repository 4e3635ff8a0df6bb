/** The table of the long way round: A, B, a power-off, C, and A again (fault-ends.ts). */
import { describe, expect, it } from 'vitest';
import { forkBefore } from '../../machines/faults/fault-free-run.ts';
import { violationsOf } from '../../machines/laws/index.ts';
import { verdictOf } from '../../machines/paths/path.ts';
import { seededChoices, timedChoices } from '../../machines/system/choices.ts';
import { baseOf, tell } from '../kit/story.ts';
import { itEndsAsTheTableSays, smallest } from './fault-ends.ts';

const options = { ...smallest, variant: 'hibernate', load: 'reserved' } as const;

describe('kexec-jump hibernate', () => itEndsAsTheTableSays({ name: 'kexec-jump-hibernate', options }));

describe('somebody chooses another kernel in the boot menu', () => {
  it('and the power fails before it mounts anything: C may still put A back', () => {
    const told = tell(
      options,
      'other-kernel-chosen@firmware.load#2',
      'power-cut@userSpace.start#2',
      'other-kernel-chosen@firmware.load#3',
    );
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual([]);
  });
});

describe('the power goes while the disk is at work', () => {
  const places = ['image.write', 'image.flush', 'image.commit', 'image.consume'];

  it.each(places)('in %s: wherever it is cut, on the disk is a whole image or none', (place) => {
    for (const seed of [1, 2, 3, 4]) {
      const history = forkBefore(baseOf(options), [{ name: 'power-cut', where: `${place}:inside` }]);
      const chance = seededChoices(seed);
      while (history.choose(timedChoices(history.rules, history.world, chance)));
      expect(verdictOf(history.world.actors.operator), `seed ${seed}`).toBe('lost');
      expect(violationsOf(history), `seed ${seed}`).toEqual([]);
    }
  });
});

describe('the clock with the battery', () => {
  const nightNs = 28_800e9;
  const sleptNs = (...faults: readonly string[]): number =>
    tell(options, ...faults).world.clock.kernels.original.sleptNs;

  it('tells A that it slept through the night', () => {
    expect(sleptNs()).toBeGreaterThan(nightNs);
    expect(sleptNs()).toBeLessThan(1.1 * nightNs);
  });

  it('is not believed when it tells an earlier time', () => {
    expect(sleptNs('clock-jumps-back')).toBe(0);
  });

  it('is believed when it tells a time months later', () => {
    expect(sleptNs('clock-jumps-ahead')).toBeGreaterThan(90 * 86_400e9);
  });
});

describe('a kernel without memory for its one program', () => {
  it.each([
    ['image.write', 'makedumpfile', 'aborted'],
    ['image.load', 'krestore', 'lost'],
  ])('at %s kills %s, and the run is %s', (place, command, verdict) => {
    const told = tell({ ...options, noConsoleSuspend: true }, `out-of-memory@${place}`);
    expect(told.console.filter((line) => line.startsWith('Out of memory'))).toEqual([
      `Out of memory: Killed process 111 (${command}) total-vm:49996kB, anon-rss:13696kB, file-rss:0kB, shmem-rss:2328kB, UID:0 pgtables:136kB oom_score_adj:0`,
    ]);
    expect(told.verdict).toBe(verdict);
  });
});

describe('C says why it loads nothing', () => {
  it.each([
    ['other-machine', 'the image is of another machine'],
    ['memory-map-moves', 'the memory map has changed'],
    ['mounted-in-between', 'the root file system was mounted since the image was taken'],
    ['image-rots@image.check:data', 'the saved blocks are not those that were committed'],
    ['restored-again@complete', 'the saved image was already loaded'],
  ])('%s: %s', (fault, reason) => {
    const told = tell(options, fault);
    expect(told.console.filter((line) => line.startsWith(`restore: ${reason}`))).toHaveLength(1);
  });
});
