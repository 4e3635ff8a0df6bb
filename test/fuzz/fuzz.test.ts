import { describe, expect, it } from 'vitest';
import { ImageError } from '../../image/image-error.ts';
import { sourceOf } from '../../image/sink.ts';
import { type CampaignWatch, campaign } from '../../scripts/fuzz/campaign.ts';
import { flipEverywhere } from '../../scripts/fuzz/flips.ts';
import { codecsOf, sampleImage, writableFormats } from '../../scripts/fuzz/format-targets.ts';
import type { FuzzTarget } from '../../scripts/fuzz/fuzz-target.ts';
import { mutated } from '../../scripts/fuzz/mutation.ts';
import { fuzzTargets } from '../../scripts/fuzz/targets.ts';
import { watchedCampaign } from '../../scripts/fuzz/watch.ts';
import { badInput, badSeed, fuzzTargets as badTargets } from './bad-targets.ts';

/** No clock and no memory: those bounds are for `npm run fuzz`, on a machine that does nothing else. */
const noWatch: CampaignWatch = { clockMs: () => 0, peakBytes: () => 0, onInput: () => {} };
const plan = { seed: 1, from: 0, count: 20 };
const inputsInTests = 2000;
const flipsInTests = 8;

describe('the short form of npm run fuzz', () => {
  it.each(fuzzTargets)(`$name takes or refuses ${inputsInTests} damaged inputs`, async (target) => {
    const result = await campaign(target, { ...plan, count: inputsInTests }, noWatch);
    expect(result.findings).toEqual([]);
  });

  it.each(writableFormats)('$name keeps what it promises of each of its ranges', async (format) => {
    const results = await flipEverywhere(format, { seed: 1, flipsInRange: flipsInTests });
    expect(
      results.flatMap(({ codec, findings }) => findings.map((finding) => ({ codec, ...finding }))),
    ).toEqual([]);
  });
});

describe('what a format says of its ranges', () => {
  const protecting = writableFormats.flatMap((format) =>
    codecsOf(format).map((codec) => ({ format, codec, name: format.name })),
  );

  it.each(protecting)('$name with $codec covers the image from end to end', async ({ format, codec }) => {
    const image = await sampleImage(format, codec);
    let end = 0;
    for (const { offset, length } of format.protection?.(sourceOf(image)) ?? [
      { offset: 0, length: image.length },
    ]) {
      expect(offset).toBe(end);
      end = offset + length;
    }
    expect(end).toBe(image.length);
  });
});

describe('an input', () => {
  it('is the same for the same seed and number', () => {
    expect(mutated([badSeed], 1, 7)).toEqual(mutated([badSeed], 1, 7));
  });

  it('is another one for another seed, and for another number', () => {
    const inputs = [mutated([badSeed], 1, 7), mutated([badSeed], 2, 7), mutated([badSeed], 1, 8)];
    expect(new Set(inputs.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).size).toBe(3);
  });

  it('leaves the seeds as they were', () => {
    const seed = badSeed.slice();
    for (let inputIndex = 0; inputIndex < 200; inputIndex += 1) mutated([seed], 1, inputIndex);
    expect(seed).toEqual(badSeed);
  });

  it('comes from every kind of change', () => {
    const changes = Array.from({ length: 200 }, (_, index) => mutated([badSeed], 1, index).changes).flat();
    expect(new Set(changes).size).toBe(8);
  });
});

describe('a campaign', () => {
  it('counts what was taken, and what was refused by its code', async () => {
    const refuses = target((bytes) => {
      if (bytes.length >= badSeed.length) return;
      throw new ImageError('codec.damaged', { offset: 0, expected: 'more', found: 'less' });
    });
    const { inputs, taken, refused, findings } = await campaign(refuses, plan, noWatch);
    expect({ inputs, sum: taken + (refused['codec.damaged'] ?? 0), findings }).toEqual({
      inputs: 20,
      sum: 20,
      findings: [],
    });
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(20);
  });

  it('finds what is thrown and is no ImageError', async () => {
    const throws = badTargets.find(({ name }) => name === 'throws') ?? target(() => {});
    const { findings } = await campaign(throws, plan, noWatch);
    expect(findings).toEqual([
      { inputIndex: badInput, kind: 'error', message: 'TypeError: not a typed error' },
    ]);
  });

  it('finds an input that is slow every time it is tried', async () => {
    let nowMs = 0;
    let calls = 0;
    const slow = target(() => {
      calls += 1;
      nowMs += calls > 5 && calls < 9 ? 1500 : 1;
    });
    const { findings } = await campaign(slow, plan, { ...noWatch, clockMs: () => nowMs });
    expect(findings).toEqual([{ inputIndex: 4, kind: 'slow', message: '1500 ms' }]);
  });

  it('is not misled by one slow try', async () => {
    let nowMs = 0;
    let calls = 0;
    const slowOnce = target(() => {
      calls += 1;
      nowMs += calls === 5 ? 1500 : 1;
    });
    const { findings } = await campaign(slowOnce, plan, { ...noWatch, clockMs: () => nowMs });
    expect(findings).toEqual([]);
  });

  it('finds an input that takes too much memory, once', async () => {
    let calls = 0;
    const grows = target(() => {
      calls += 1;
    });
    const peakBytes = (): number => (calls > 5 ? 2 ** 30 : 0);
    const { findings } = await campaign(grows, plan, { ...noWatch, peakBytes });
    expect(findings).toEqual([
      { inputIndex: 4, kind: 'memory', message: `${2 ** 30} bytes more than before` },
    ]);
  });
});

describe('a watched campaign', () => {
  const targetsUrl = new URL('bad-targets.ts', import.meta.url).href;

  it.each([
    ['hangs', 'hang'],
    ['crashes', 'crash'],
    ['throws', 'error'],
  ])('finds where a target %s, and goes on behind it', async (name, kind) => {
    const { inputs, findings } = await watchedCampaign(name, { plan, hangMs: 1000, targetsUrl });
    expect(findings.map((finding) => ({ kind: finding.kind, inputIndex: finding.inputIndex }))).toEqual([
      { kind, inputIndex: badInput },
    ]);
    expect(inputs).toBe(plan.count);
  });
});

const target = (run: FuzzTarget['run']): FuzzTarget => ({
  name: 'made here',
  seeds: async () => [badSeed],
  run,
});
