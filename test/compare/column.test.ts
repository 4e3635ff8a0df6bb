import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths/index.ts';
import { scenarioNamed } from '../../machines/scenarios/index.ts';
import { boxOptionsOf } from '../../scripts/cli/box-options.ts';
import { columnsOf } from '../../scripts/compare/column.ts';
import { widenedColumns } from '../../scripts/compare/widened-columns.ts';

const common = boxOptionsOf({ seed: 7, variant: 'try-again' });

const optionsOf = (text: string) => columnsOf([text], common)[0]?.options;

describe('a column', () => {
  it('is a path with the options that all columns have', () => {
    expect(optionsOf('kexec-jump')).toEqual(common);
  });

  it('leaves a variant out that its path does not have', () => {
    expect(optionsOf('kdump')).toEqual({ ...common, path: 'kdump', variant: undefined });
  });

  it('names a variant, a kind of load and options of its own, in any order', () => {
    const expected = { ...common, variant: 'jump-back', load: 'on-demand', cpus: 4, ramBytes: 2 ** 31 };
    expect(optionsOf('kexec-jump:jump-back:on-demand:cpus=4:ram=2G')).toEqual(expected);
    expect(optionsOf('kexec-jump:ram=2G:cpus=4:on-demand:jump-back')).toEqual(expected);
  });

  it('names a variant and a load with a slash between them', () => {
    const expected = { ...common, variant: 'hibernate', load: 'on-demand' };
    expect(optionsOf('kexec-jump:hibernate/on-demand')).toEqual(expected);
    expect(optionsOf('kexec-jump:cpus=4:hibernate/on-demand')).toEqual({ ...expected, cpus: 4 });
  });

  it('keeps the colons in a value', () => {
    const faults = [{ name: 'device-fails', where: 'freeze:gpu' }];
    expect(optionsOf('kexec-jump:fault=device-fails@freeze:gpu')).toEqual({ ...common, faults });
    expect(optionsOf('kexec-jump:fault=device-fails@freeze:gpu:cpus=1')).toEqual({
      ...common,
      faults,
      cpus: 1,
    });
  });

  it('takes every fault that it names', () => {
    const faults = [
      { name: 'wakeup', where: 'freeze' },
      { name: 'late', where: 'freeze:gpu' },
    ];
    expect(optionsOf('kexec-jump:fault=wakeup@freeze:fault=late@freeze:gpu')).toMatchObject({ faults });
  });

  it('may be a recorded boot, which its own options and words go before', () => {
    const options = scenarioNamed('a15')?.options;
    expect(optionsOf('plain-kexec:on-demand:cpus=3:scenario=a15')).toEqual({
      ...common,
      variant: undefined,
      ...options,
      load: 'on-demand',
      cpus: 3,
    });
    expect(optionsOf('kdump:scenario=a15')?.path).toBe('kdump');
  });

  it('that stands there twice is numbered', () => {
    expect(columnsOf(['kdump', 'none', 'kdump'], common).map(({ name }) => name)).toEqual([
      'kdump',
      'none',
      'kdump (2)',
    ]);
  });
});

describe('a widened column', () => {
  const widened = (text: string, variants: boolean, loads: boolean) =>
    widenedColumns([text], { variants, loads, sweeps: [] }).map((column) => column.text);

  it('stands once for each variant of its path and for each kind of load', () => {
    const variants = paths[0].variants.map(({ name }) => name);
    expect(widened('kexec-jump', true, false)).toEqual(variants.map((name) => `kexec-jump:${name}`));
    expect(widened('kexec-jump:cpus=1', true, true)).toEqual(
      variants.flatMap((name) => [
        `kexec-jump:${name}:reserved:cpus=1`,
        `kexec-jump:${name}:on-demand:cpus=1`,
      ]),
    );
  });

  it('keeps what it says itself', () => {
    expect(widened('kexec-jump:rounds:load=on-demand', true, true)).toEqual([
      'kexec-jump:rounds:load=on-demand',
    ]);
    expect(widened('kexec-jump:rounds/reserved', true, true)).toEqual(['kexec-jump:rounds/reserved']);
    expect(widened('kexec-jump:variant=rounds', true, false)).toEqual(['kexec-jump:variant=rounds']);
  });

  it('leaves the load to a path that has only one', () => {
    expect(widened('kdump', true, true)).toEqual(['kdump']);
    expect(widened('plain-kexec', false, true)).toEqual(['plain-kexec']);
  });

  it('stands once for each value of a sweep, and knows what it was', () => {
    const sweeps = [{ name: 'ram', values: ['1G', '2G'] }];
    expect(widenedColumns(['kdump', 'kdump'], { variants: false, loads: false, sweeps })).toEqual([
      { text: 'kdump:ram=1G', of: 'kdump', at: ['ram=1G'] },
      { text: 'kdump:ram=2G', of: 'kdump', at: ['ram=2G'] },
      { text: 'kdump:ram=1G', of: 'kdump (2)', at: ['ram=1G'] },
      { text: 'kdump:ram=2G', of: 'kdump (2)', at: ['ram=2G'] },
    ]);
  });
});
