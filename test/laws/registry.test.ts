import { describe, expect, it } from 'vitest';
import { lawNamed, laws, violationsOf } from '../../machines/laws/index.ts';
import type { Law } from '../../machines/laws/law.ts';
import { endOf, historyOf, untilOperator } from './sabotaged-run.ts';

const small = { ramBytes: 2 ** 28, tasks: 1, work: 1, path: 'none' } as const;

describe('the registry of laws', () => {
  it('has every name once', () => {
    expect(new Set(laws.map(({ name }) => name)).size).toBe(laws.length);
  });

  it.each(laws.map((law) => [law.name, law] as const))('%s says all that a law has to say', (name, law) => {
    const { says, verifies, leavesOut, source, atStep, atEnd } = law;
    expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
    for (const text of [says, verifies, leavesOut, source]) expect(text.length).toBeGreaterThan(10);
    expect(says).toMatch(/^[A-Z“]/);
    expect(atStep ?? atEnd).toBeDefined();
    expect(lawNamed(name)).toBe(law);
  });

  it('finds no law that is not there', () => {
    expect(lawNamed('no-such-law')).toBeUndefined();
  });
});

const strict: Law = {
  name: 'nothing-prints',
  says: 'No kernel prints anything',
  verifies: 'all records',
  leavesOut: 'nothing',
  source: 'this test',
  atStep: ({ record }) => record.printed.map(({ text }) => text),
  atEnd: ({ world }) => [{ text: 'the end' }, { text: 'the beginning', step: 1 + world.step - world.step }],
};

describe('a law that is added as one module and one line', () => {
  it('is asked at every step and at the end', () => {
    const history = endOf(historyOf(small));
    const violations = violationsOf(history, { laws: [...laws, strict] });
    const printing = history.allRecords.filter(({ printed }) => printed.length > 0).map(({ step }) => step);
    expect(printing.length).toBeGreaterThan(0);
    expect(new Set(violations.map(({ law }) => law))).toEqual(new Set(['nothing-prints']));
    expect(new Set(violations.map(({ step }) => step))).toEqual(new Set([1, ...printing, history.length]));
  });

  it('is heard once when it says the same in many steps', () => {
    const grumbling = { ...strict, atStep: () => ['too slow'], atEnd: () => [] };
    const violations = violationsOf(endOf(historyOf(small)), { laws: [grumbling] });
    expect(violations).toEqual([{ law: 'nothing-prints', step: 1, text: 'too slow' }]);
  });

  it('is not asked about the end of a run that has not ended', () => {
    const history = untilOperator(historyOf(small), 'settling');
    const atEndOnly = { ...strict, atStep: () => [] };
    expect(violationsOf(history, { laws: [atEndOnly] })).toEqual([]);
  });

  it('sees what is known of a history, whatever is shown of it', () => {
    const history = endOf(historyOf(small));
    const shown = violationsOf(history, { laws: [strict] });
    history.goTo(3);
    expect(violationsOf(history, { laws: [strict] })).toEqual(shown);
  });
});
