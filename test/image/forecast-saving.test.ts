import { describe, expect, it } from 'vitest';
import { lastAttempt, readMeminfo } from '../../image/forecast/save-attempt.ts';
import {
  defaultReservedBytes,
  maximumPages,
  type SavePlan,
  saveForecast,
} from '../../image/forecast/save-forecast.ts';

const frameCount = 40_827;
const plan = (changes: Partial<SavePlan> = {}): SavePlan => ({
  frameCount,
  use: { freePages: 30_000, reclaimablePages: 4000, swapFreePages: undefined },
  attempt: undefined,
  imageSizeBytes: undefined,
  reservedBytes: defaultReservedBytes,
  swapFreePages: 32_767,
  isCompressed: true,
  ...changes,
});
const failing = (changes: Partial<SavePlan>) =>
  saveForecast(plan(changes)).checks.find(({ result }) => result === 'fail');
const using = (inUse: number, reclaimablePages = 0) => ({
  freePages: frameCount - inUse,
  reclaimablePages,
  swapFreePages: undefined,
});

describe('memory', () => {
  it('has room for half of it, less what is kept for I/O and twice what is reserved', () => {
    // (40827 - 6 - 1024) / 2 - 512, with a page of bitmap for 32768 frames.
    expect(maximumPages(frameCount, defaultReservedBytes)).toBe(19_386);
    expect(maximumPages(frameCount, 0)).toBe(19_386 + 512);
  });

  it('is short when more is in use for good than can be copied, by as many pages', () => {
    expect(saveForecast(plan({ use: using(10_000) })).verdict).toBe(true);
    expect(failing({ use: using(20_000) })).toMatchObject({
      name: 'room in memory',
      log: ['PM: hibernation: Image allocation is 614 pages short'],
      error: -12,
    });
    expect(saveForecast(plan({ use: using(20_000, 10_000) })).verdict).toBe(true);
  });

  it('that comes close to it leaves the answer open, as does memory that nobody knows', () => {
    expect(saveForecast(plan({ use: using(19_000) })).verdict).toBeNull();
    expect(saveForecast(plan({ use: undefined })).verdict).toBeNull();
    expect(saveForecast(plan({ frameCount: undefined })).verdict).toBeNull();
  });
});

describe('swap', () => {
  it('that is not there is no place for an image', () => {
    expect(failing({ swapFreePages: 0 })?.log).toEqual([
      'PM: Cannot find swap device, try swapon -a',
      'PM: Cannot get swap writer',
    ]);
    expect(saveForecast(plan({ swapFreePages: undefined })).verdict).toBeNull();
  });

  it('has to have 1024 pages more than an uncompressed image, and not one less', () => {
    const attempt = { copiedPages: 7767, zeroPages: 2093, packedShare: undefined, failure: undefined };
    const pages = 7788;
    const with_ = (swapFreePages: number) => plan({ attempt, isCompressed: false, swapFreePages });
    expect(saveForecast(with_(pages + 1025)).verdict).toBe(true);
    expect(failing(with_(pages + 1024))).toMatchObject({
      name: 'room on swap',
      log: ['PM: Not enough free swap'],
      error: -28,
    });
  });

  it('is enough for certain, too small for certain, or depends on how memory compresses', () => {
    expect(saveForecast(plan({ swapFreePages: 12_000 })).verdict).toBe(true);
    expect(failing({ swapFreePages: 2 })).toMatchObject({
      log: ['PM: Image saving failed: -28'],
    });
    const { verdict, reason } = saveForecast(plan({ swapFreePages: 4000 }));
    expect(verdict).toBeNull();
    expect(reason).toContain('it fits when the memory compresses to 36 % or less');
  });

  it('is measured by the last image of the log, with a quarter to spare', () => {
    const attempt = { copiedPages: 7766, zeroPages: 2091, packedShare: 14_507 / 31_144, failure: undefined };
    const verdict = (swapFreePages: number) => saveForecast(plan({ attempt, swapFreePages })).verdict;
    expect([2000, 3600, 5000].map(verdict)).toEqual([false, null, true]);
  });
});

describe('a log', () => {
  const log = (...lines: readonly string[]): string =>
    ['PM: hibernation: hibernation entry', ...lines].join('\n');

  it('tells the last attempt: pages, how they were packed, and how it failed', () => {
    expect(lastAttempt('no attempt')).toBeUndefined();
    expect(
      lastAttempt(
        log('Image created (1 pages copied, 1 zero pages)') +
          log(
            'Image created (7766 pages copied, 2091 zero pages)',
            'hibernation: Wrote 31144 kbytes in 0.31 seconds',
            'Image size after compression: 15572 kbytes',
          ),
      ),
    ).toEqual({ copiedPages: 7766, zeroPages: 2091, packedShare: 0.5, failure: undefined });
    const failed = lastAttempt(log('PM: hibernation: Image allocation is 180 pages short'));
    expect(failed?.failure).toBe('Image allocation is 180 pages short');
    expect(saveForecast(plan({ attempt: failed })).verdict).toBeNull();
  });

  it('of /proc/meminfo tells what is free and what may go', () => {
    const text =
      'MemTotal: 60572 kB\nMemFree:   41120 kB\nSReclaimable: 400 kB\nActive(file):  8 kB\nSwapFree: 4000 kB\n';
    expect(readMeminfo(text)).toEqual({ freePages: 10_280, reclaimablePages: 102, swapFreePages: 1000 });
    expect(readMeminfo('nothing')).toBeUndefined();
  });
});
