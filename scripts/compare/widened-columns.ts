/**
 * `--variants`, `--loads` and `--sweep`: every column once for each variant of its path, each kind of load, each value. What a column
 * says itself stays as it is, and so does a load that the path decides: kdump has only its region.
 */
import { OptionError } from '../../machines/options/option-error.ts';
import { type ColumnText, columnText, loadKinds, numbered } from './column.ts';
import type { Sweep } from './sweep.ts';

export type Widening = {
  readonly variants: boolean;
  readonly loads: boolean;
  readonly sweeps: readonly Sweep[];
};

/** Where a column came from: itself, and what each sweep set it to, as `ram=1G`. */
export type WidenedColumn = { readonly text: string; readonly of: string; readonly at: readonly string[] };

export function widenedColumns(
  texts: readonly string[],
  { variants, loads, sweeps }: Widening,
): readonly WidenedColumn[] {
  const columns = texts
    .flatMap((text) => (variants ? withEach(text, 'variant') : [text]))
    .flatMap((text) => (loads ? withEach(text, 'load') : [text]));
  const names = numbered(columns);
  return columns.flatMap((column, index) => {
    const swept = sweeps.reduce<readonly (readonly string[])[]>(
      (all, sweep) => all.flatMap((at) => valuesFor(column, sweep).map((value) => [...at, value])),
      [[]],
    );
    return swept.map((at) => ({ text: [column, ...at].join(':'), of: names[index] ?? column, at }));
  });
}

/** Options that a column may say in one word, and which words. */
const wordsOf = (option: string, { path }: ColumnText): readonly string[] =>
  option === 'load' ? loadKinds : option === 'variant' ? path.variants.map(({ name }) => name) : [];

/** Where a column says an option itself, in a word or with its name. */
const saidIn = (column: ColumnText, option: string): string | undefined =>
  column.parts.find((part) => part.startsWith(`${option}=`) || wordsOf(option, column).includes(part));

/** Words stand before options, where nothing can take them for the end of a value. */
function withEach(text: string, option: 'variant' | 'load'): readonly string[] {
  const column = columnText(text);
  const { path, parts } = column;
  const isDecided =
    option === 'load' ? path.needsRegion || path.handsOver === true : path.variants.length < 2;
  if (isDecided || saidIn(column, option) !== undefined) return [text];
  const given = parts.filter((part) => !part.includes('='));
  const options = parts.filter((part) => part.includes('='));
  return wordsOf(option, column).map((word) => [path.name, ...given, word, ...options].join(':'));
}

function valuesFor(text: string, { name, values }: Sweep): readonly string[] {
  const own = saidIn(columnText(text), name);
  if (own === undefined) return values.map((value) => `${name}=${value}`);
  throw new OptionError('option.combination', {
    option: '--sweep',
    expected: `columns that leave ${name} open`,
    found: `${text}, which says ${own}`,
  });
}
