import { describe, expect, it } from 'vitest';
import { laws, violationsOf } from '../../machines/laws/index.ts';
import { cases, smallOptions } from './broken-laws.ts';
import { endOf, historyOf } from './sabotaged-run.ts';

describe('a law is broken', () => {
  it.each(cases.map((each) => [each.law, each.when, each] as const))('%s: when %s', (law, _when, each) => {
    const { options, at, says, ...tampering } = each;
    const history = endOf(historyOf({ ...smallOptions, ...options }, tampering));
    const broken = violationsOf(history, { laws: laws.filter(({ name }) => name === law) });
    const texts = broken.map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining([expect.stringContaining(says)]));
    const found = broken.find(({ text }) => text.includes(says));
    const record = history.allRecords.find(({ step }) => step === found?.step);
    expect(record).toBeDefined();
    if (at === 'end') expect(found?.step).toBe(history.world.step);
    else expect(record && at(record)).toBe(true);
  });

  it('for each law at least once', () => {
    expect(new Set(cases.map(({ law }) => law))).toEqual(new Set(laws.map(({ name }) => name)));
  });
});
