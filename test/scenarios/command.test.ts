/** `--scenario` on the command line: its options hold, single ones beside it win, and a name that is none is a plain error. */
import { describe, expect, it } from 'vitest';
import { OptionError } from '../../machines/options/option-error.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { scenarioNamed, scenarios } from '../../machines/scenarios/index.ts';
import { boxTable, givenBoxOptions } from '../../scripts/cli/box-options.ts';
import { parseOptions } from '../../scripts/cli/parse.ts';

const given = (...args: readonly string[]) => givenBoxOptions(parseOptions(boxTable, args));

function codeOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof OptionError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('--scenario', () => {
  it('takes the options of the scenario', () => {
    expect(given('--scenario', 'a3')).toEqual(scenarioNamed('a3')?.options);
  });

  it('lets a single option win, wherever it stands', () => {
    expect(given('--mem-max', '0x4ffffff', '--scenario', 'a1').memMax).toBe(0x4ffffff);
    expect(given('--scenario', 'a1', '--cpus=2').cpus).toBe(2);
  });

  it('refuses a name that is none', () => {
    expect(codeOf(() => given('--scenario', 'a99'))).toMatch(
      /^option\.unknown: --scenario: expected one of a0, /,
    );
  });

  it.each(scenarios)('$name says what it is, where it was recorded and what it shows', (scenario) => {
    expect(scenario.source).toMatch(new RegExp(`^${scenario.name}-.*\\.log: `));
    expect(scenario.shows.length).toBeGreaterThan(20);
    expect(scenario.about.length).toBeGreaterThan(10);
    expect(() => planOf(scenario.options)).not.toThrow();
  });
});

describe('the options of kexec', () => {
  it('are addresses as kexec takes them', () => {
    expect(given('--mem-max', '0x50fffff', '--mem-min', '1M')).toEqual({
      memMax: 0x50fffff,
      memMin: 2 ** 20,
    });
    expect(codeOf(() => given('--mem-max', '81 MiB'))).toMatch(
      /^option\.size: --mem-max: expected an address/,
    );
    expect(codeOf(() => given('--mem-max', ''))).toMatch(/^option\.size/);
  });

  it.each([
    [{ memMax: 0x50ffffe }, /^option\.size: --mem-max: expected the last address of a page/],
    [{ memMax: 0x1ffffff }, /^option\.size: --mem-max: .*B has to fit below it/],
    [{ memMax: 2 ** 40 - 1 }, /^option\.size: --mem-max/],
    [{ memMin: 0x1001 }, /^option\.size: --mem-min: expected the first address of a page/],
    [{ memMin: 0x6000000 }, /^option\.size: --mem-min: .*below --mem-max/],
    [{ bAppend: 'mem=81M\n' }, /^option\.text: --b-append: expected printable ASCII/],
    [{ attempts: 9 }, /^option\.number: --attempts/],
  ])('%j is refused', (options, message) => {
    expect(codeOf(() => planOf({ load: 'on-demand', ...options }))).toMatch(message);
  });

  it('say how many processors B brings up, as far as there are', () => {
    const counted = (cpus: number, bAppend: string) => planOf({ cpus, bAppend }).dumpCpuCount;
    expect(counted(4, '')).toBe(1);
    expect(counted(4, 'nr_cpus=2 mem=81M')).toBe(2);
    expect(counted(2, 'nr_cpus=8')).toBe(2);
    expect(counted(2, 'nr_cpus=none')).toBe(1);
  });
});
