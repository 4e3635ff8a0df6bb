import { beforeAll, describe, expect, it } from 'vitest';
import { answers, type JsonAnswer, stepped, told } from './stepped.ts';

const onwards = ['s', 's 5', 'n', 'c', 'si', 'until jump.left', 'goto end'];
const backwards = ['rs', 'rs 5', 'rn', 'rc', 'rsi', 'rc jump.left', 'goto start', 'restart'];

describe('the ends of a run', () => {
  let said: readonly JsonAnswer[] = [];

  beforeAll(async () => {
    const atEnd = onwards.flatMap((verb) => ['goto end', verb, 'rs']);
    const atStart = backwards.flatMap((verb) => ['goto start', verb, 's']);
    said = await answers(...atEnd, ...atStart);
  });

  it.each(onwards)('%s at the end says so, and goes on from there', (verb) => {
    const [, at, back] = said.slice(3 * onwards.indexOf(verb));
    expect(at).toMatchObject({ steps: 0, edge: 'end', ending: { verdict: 'restored', violations: [] } });
    expect(back).toMatchObject({ steps: 1, step: at.step - 1 });
  });

  it.each(backwards)('%s at the start says so, and goes on from there', (verb) => {
    const [, at, on] = said.slice(3 * (onwards.length + backwards.indexOf(verb)));
    expect(at).toMatchObject({ step: 0, steps: 0, edge: 'start' });
    expect(on).toMatchObject({ steps: 1, step: 1 });
  });

  it('are told in words', async () => {
    const lines = (await told('rc', 'goto end', 'c')).split('\n');
    expect(lines[0]).toBe('at the start: there is nothing before it');
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(/^at the end, after \d+ steps and [\d.]+ s: restored$/),
      'no law is broken',
    ]);
  });

  it('of the input is the end of the stepper: exit code 0, with quit or without, whatever was typed before', async () => {
    expect((await stepped(['s'])).code).toBe(0);
    expect((await stepped([])).code).toBe(0);
    expect((await stepped(['frobnicate', 'quit', 'where'])).code).toBe(0);
    expect((await stepped(['quit', 'where'])).stdout).toBe('');
  });
});
