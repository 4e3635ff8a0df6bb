import { describe, expect, it } from 'vitest';
import { boxOptionsOf } from '../../scripts/cli/box-options.ts';
import { columnsOf } from '../../scripts/compare/column.ts';

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

  it('keeps the colons in a value', () => {
    const faults = [{ name: 'device-fails', where: 'freeze:gpu' }];
    expect(optionsOf('kexec-jump:fault=device-fails@freeze:gpu')).toEqual({ ...common, faults });
    expect(optionsOf('kexec-jump:fault=device-fails@freeze:gpu:cpus=1')).toEqual({
      ...common,
      faults,
      cpus: 1,
    });
  });

  it('that stands there twice is numbered', () => {
    expect(columnsOf(['kdump', 'none', 'kdump'], common).map(({ name }) => name)).toEqual([
      'kdump',
      'none',
      'kdump (2)',
    ]);
  });
});
