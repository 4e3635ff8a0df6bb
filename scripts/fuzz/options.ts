/** What `npm run fuzz --` takes. */
import { flag, names, type OptionTable, optionalText, wholeNumber } from '../cli/options.ts';
import { wrap } from '../cli/wrap.ts';

export const fuzzTable = {
  target: names({ takes: 'NAME,…', help: 'some of the targets that --list names', otherwise: 'all' }),
  count: wholeNumber({
    takes: 'N',
    help: 'inputs for each target (100000), or flips in each range (64)',
    otherwise: undefined,
  }),
  seed: wholeNumber({ takes: 'N', help: 'another seed, other inputs', otherwise: 1 }),
  from: wholeNumber({ takes: 'N', help: 'number of the first input', otherwise: 0 }),
  flips: flag('instead: flip bits in every range of the formats, against what they promise of it'),
  input: optionalText({ takes: 'FILE', help: 'instead: give this file to the target, once' }),
  save: optionalText({
    takes: 'DIR',
    help: 'where inputs that found something are put',
    otherwise: 'fuzz-findings',
  }),
  json: flag('the result as JSON'),
  list: flag('names the targets, and does nothing else'),
  help: flag('this text'),
} satisfies OptionTable;

const optionColumns = 20;

export function fuzzHelp(columns: number): string {
  const options = Object.entries(fuzzTable).flatMap(([name, option]) => {
    const takes = 'takes' in option && option.takes !== undefined ? ` ${option.takes}` : '';
    const otherwise = 'otherwise' in option && option.otherwise !== undefined ? ` (${option.otherwise})` : '';
    const [first = '', ...rest] = wrap(option.help + otherwise, Math.min(columns, 100) - optionColumns);
    return [
      `  --${name}${takes}`.padEnd(optionColumns) + first,
      ...rest.map((line) => ' '.repeat(optionColumns) + line),
    ];
  });
  return ['usage: npm run fuzz -- [options]', '', ...options, ''].join('\n');
}
