/** How wide a text is: as asked for, as the terminal, or as a page. */
import { OptionError } from '../../machines/options/option-error.ts';
import type { Output } from '../cli/io.ts';
import { wholeNumber } from '../cli/options.ts';

/** What is not a terminal is read in an editor or on a page. */
const plainColumns = 100;
/** Below this words stand one below the other. */
const leastColumns = 40;

export const widthOption = wholeNumber({
  takes: 'COLUMNS',
  help: `of the text (that of the terminal, else ${plainColumns})`,
  otherwise: undefined,
});

export function pageWidth(
  asked: number | undefined,
  { isTerminal, columns }: Pick<Output, 'isTerminal' | 'columns'>,
): number {
  if (asked === undefined) return isTerminal ? columns : plainColumns;
  if (asked >= leastColumns) return asked;
  const expected = `at least ${leastColumns} columns`;
  throw new OptionError('option.number', { option: '--width', expected, found: String(asked) });
}
