import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import { machineOf } from '../../image/forecast/machine.ts';
import { readMachineLog } from '../../image/forecast/machine-log.ts';
import { type ResumeForecast, resumeForecast } from '../../image/forecast/resume-forecast.ts';
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Source } from '../../image/sink.ts';
import { needs } from '../kit/needs.ts';
import { type Damage, damages } from './damage-image.ts';
import { cut, type RecordedName, recordedImages } from './recorded-image.ts';

const images = recordedImages();
afterAll(images.close);

const logText = (context: TestContext, name: string): string =>
  readFileSync(join(needs(context, 'artefacts'), 'logs', `${name}.log`), 'latin1');

const forecast = (context: TestContext, source: Source, log: string): ResumeForecast =>
  resumeForecast(source, machineOf({ log: readMachineLog(logText(context, log)) }));

const failing = ({ checks }: ResumeForecast) => checks.find(({ result }) => result === 'fail');

const resumed: readonly (readonly [RecordedName, string])[] = [
  ['c1-swsusp-lzo.swap.img', 'c1-swsusp-shutdown-lzo-boot2'],
  ['c2-nocompress.swap.img', 'c2-swsusp-shutdown-nocompress-boot2'],
  ['c3-swsusp-lz4.swap.img', 'c3-swsusp-shutdown-lz4-boot2'],
  ['d1-uswsusp.img', 'd2-uswsusp-resume'],
];

describe('an image that resumed', () => {
  for (const [name, log] of resumed) {
    it(`${name} will, on the machine of ${log}`, (context) => {
      const { verdict, checks } = forecast(context, images.open(context, name), log);
      expect(verdict).toBe(true);
      expect(checks.map(({ result }) => result)).not.toContain('unknown');
    });
  }

  it('will when user space asks although the boot was told not to look', (context) => {
    const source = images.open(context, 'c1-swsusp-lzo.swap.img');
    expect(forecast(context, source, 'c10-manual-resume-boot2').verdict).toBe(true);
  });

  it('may not when a driver refused to quiesce before', (context) => {
    const source = images.open(context, 'c1-swsusp-lzo.swap.img');
    const { verdict, reason } = forecast(context, source, 'e1-resume-quiesce-fails-boot2');
    expect(verdict).toBeNull();
    expect(reason).toContain('labdev.1: failed to quiesce noirq: error -16');
  });
});

/** What Linux said of it: the error of the resume, and whether it came through. */
type Recorded = { readonly error: number | undefined; readonly isResumed: boolean };

function recorded(text: string): Recorded {
  const [, error] = /resume failed \((-?\d+)\)/.exec(text) ?? [];
  const isResumed = /Hibernation image restored successfully/.test(text);
  return { error: error === undefined ? undefined : Number(error), isResumed };
}

function judge(context: TestContext, { log, where, source, expected }: Damage): number | undefined {
  const machine = log === 'none' ? 'x3-corrupt-nocompress-data' : log;
  const found = forecast(context, source, machine);
  const check = failing(found);
  const told = `${log}, ${where}: ${found.reason}`;
  expect(found.verdict, told).toBe(expected.willResume);
  if (check === undefined) return undefined;
  expect(expected.checks, told).toContain(check.name);
  expect(expected.errors, told).toContain(check.error);
  return check.error;
}

const cases = [
  'x1-corrupt-lzo-data',
  'x2-corrupt-crc-field',
  'x3-corrupt-nocompress-data',
  'x6-corrupt-num-physpages',
  'x7-ram-mismatch',
  'x8-bad-signature',
  'x9-hwsig-mismatch',
  'x10-corrupt-map-next',
  'x12-more-cpus',
  'none',
];

function made(context: TestContext, name: string): Damage[] {
  const lzo = images.open(context, 'c1-swsusp-lzo.swap.img');
  const plain = images.open(context, 'c2-nocompress.swap.img');
  return [...damages(lzo, plain, 1)].filter(({ log }) => log === name);
}

describe('a damaged image', () => {
  for (const name of cases) {
    it(`of ${name} is forecast as Linux met it, wherever the damage is`, { timeout: 120_000 }, (context) => {
      const all = made(context, name);
      expect(all.length).toBeGreaterThan(0);
      const errors = all.map((damage) => judge(context, damage));
      if (name === 'none') return;
      const { error, isResumed } = recorded(logText(context, name));
      // Without an image, and with a wrong hardware signature, Linux prints no number.
      if (error !== undefined) expect(errors).toContain(error);
      if (isResumed) expect(all.every(({ expected }) => expected.willResume)).toBe(true);
    });

    it(`of ${name} is told with the lines that Linux printed`, (context) => {
      if (name === 'none') return;
      const text = logText(context, name);
      const { error } = recorded(text);
      const told = made(context, name)
        .slice(0, 12)
        .map((damage) => failing(forecast(context, damage.source, name)))
        .find((check) => check?.log !== undefined && (error === undefined || check.error === error));
      for (const line of told?.log ?? []) expect(text).toContain(line);
      expect(told === undefined).toBe(['x3', 'x8', 'x12'].includes(name.split('-')[0] ?? ''));
    });
  }

  it('of a stream that ends early is refused when it is to be restored, as in d3', (context) => {
    const source = cut(images.open(context, 'd1-uswsusp.img'), 3001 * pageSizeBytes);
    const found = forecast(context, source, 'd2-uswsusp-resume');
    expect(found).toMatchObject({ verdict: false, format: 'snapshot-stream' });
    expect(failing(found)).toMatchObject({ name: 'data', error: -61 });
  });
});
