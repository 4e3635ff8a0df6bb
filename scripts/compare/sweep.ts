/**
 * `--sweep NAME=VALUE,…`: an option of `run` in several sizes. Every column runs once for each; several sweeps run in every combination.
 * Commas part the values, so a value that has commas itself is written with plus signs: `devices=disk,disk+gpu`.
 */
import { OptionError } from '../../machines/options/option-error.ts';
import { boxTable } from '../cli/box-options.ts';
import type { Option, OptionTable } from '../cli/options.ts';

/** The values as `run` takes them. */
export type Sweep = { readonly name: string; readonly values: readonly string[] };

const { path: _path, ...sweepTable } = boxTable;

/** A flag has no values to go through. */
const sweepable = Object.entries(sweepTable satisfies OptionTable)
  .filter(([, option]) => 'takes' in option)
  .map(([name]) => name);

export const sweepOption: Option<readonly Sweep[]> = {
  takes: 'NAME=VALUE,…',
  help: 'every column once for each value of an option of run; + for a comma in a value; may be given several times',
  read: (given, option) => {
    const sweeps = given.map((text) => sweepOf(text, option));
    const twice = sweeps.find(({ name }, index) => sweeps.findIndex((each) => each.name === name) < index);
    if (twice === undefined) return sweeps;
    const expected = 'each option swept once';
    throw new OptionError('option.combination', { option, expected, found: `${twice.name} twice` });
  },
};

function sweepOf(text: string, option: string): Sweep {
  const [name = '', list = ''] = text.split(/=(.*)/s);
  const values = list.split(',').map((value) => value.replaceAll('+', ','));
  if (!sweepable.includes(name)) {
    const expected = `NAME=VALUE,… with NAME one of ${sweepable.join(', ')}`;
    throw new OptionError('option.unknown', { option, expected, found: text });
  }
  if (values.every((value) => value !== '') && new Set(values).size === values.length)
    return { name, values };
  const expected = `values of ${name} with commas between them, each once`;
  throw new OptionError('option.text', { option, expected, found: list });
}
