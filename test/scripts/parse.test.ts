import { describe, expect, it } from 'vitest';
import { defaultOptions } from '../../machines/options/box-options.ts';
import { boxOptionsOf, boxTable, givenBoxOptions } from '../../scripts/cli/box-options.ts';
import { closest } from '../../scripts/cli/closest.ts';
import { sizeText } from '../../scripts/cli/options.ts';
import { parseOptions, typed } from '../../scripts/cli/parse.ts';
import { wrap } from '../../scripts/cli/wrap.ts';

const given = (...args: readonly string[]) => givenBoxOptions(parseOptions(boxTable, args));

describe('options of a box', () => {
  it('not given, they are those of the design', () => {
    expect(boxOptionsOf(given())).toMatchObject({
      path: 'kexec-jump',
      load: 'reserved',
      ramBytes: 2 ** 30,
      cpus: 2,
      seed: 1,
      freezer: true,
      devicesBetween: 'quiet',
      kernel: 'corrected',
      tools: 'corrected',
    });
  });

  it('every one of them can be given', () => {
    const line = Object.entries(boxTable).flatMap(([option, { takes, words }]) =>
      takes === undefined ? [`--${option}`] : [`--${option}`, words?.[0] ?? '1'],
    );
    // --memory is read apart, because it needs the disk.
    const { memory: _memory, ...typed } = defaultOptions;
    expect(Object.keys(given(...line)).sort()).toEqual(Object.keys(typed).sort());
  });

  it('only what was given is taken from the line', () => {
    expect(given()).toEqual({});
    expect(given('--cpus', '2')).toEqual({ cpus: 2 });
  });

  it('sizes have units of 1024', () => {
    const sizes = ['1073741824', '1048576K', '1024M', '1g'].map((text) => given('--ram', text).ramBytes);
    expect(new Set(sizes)).toEqual(new Set([2 ** 30]));
    expect(given('--ram', '1T').ramBytes).toBe(2 ** 40);
  });

  it('a size is written so that it reads back, as short as can be', () => {
    const texts = [0, 1, 1536, 2 ** 20, 2 ** 30, 3 * 2 ** 40].map(sizeText);
    expect(texts).toEqual(['0', '1', '1536', '1M', '1G', '3T']);
  });

  it('faults add up, everything else is as given last', () => {
    const faults = given('--fault', 'wakeup@freeze', '--fault', 'memory-short').faults;
    expect(faults).toEqual([{ name: 'wakeup', where: 'freeze' }, { name: 'memory-short' }]);
    expect(given('--seed', '2', '--seed=3').seed).toBe(3);
  });

  it('lists have commas between their names', () => {
    expect(given('--devices', 'disk,gpu', '--devices', 'timer').devices).toEqual(['disk', 'gpu', 'timer']);
    expect(given('--quirk', 'no-vmcore').quirks).toEqual(['no-vmcore']);
  });

  it('flags are true when they are there', () => {
    expect(given('--no-console-suspend')).toEqual({ noConsoleSuspend: true });
    expect(given('--freezer', 'off')).toEqual({ freezer: false });
  });

  it('what was given can be typed again in a shell', () => {
    const { given: words } = parseOptions(boxTable, ['--cpus=4', '--pm-print-times', '--fault', "a@b c'd"]);
    expect(typed(words)).toBe(`--cpus 4 --pm-print-times --fault 'a@b c'\\''d'`);
  });
});

describe('words', () => {
  it('near words are found, far ones are not', () => {
    const known = ['fault', 'format', 'freezer', 'devices', 'devices-between'];
    expect(['falt', 'frezer', 'devices-b', 'xyzzy', 'f'].map((word) => closest(word, known))).toEqual([
      'fault',
      'freezer',
      'devices-between',
      undefined,
      undefined,
    ]);
  });

  it('text is wrapped between words, and no word is cut', () => {
    expect(wrap('a bb ccc extraordinarily d', 6)).toEqual(['a bb', 'ccc', 'extraordinarily', 'd']);
  });
});
