/** Arguments against a table of options. What is not in the table, or has not its form, is an OptionError that says what would fit. */
import { parseArgs } from 'node:util';
import { OptionError } from '../../machines/options/option-error.ts';
import { closest } from './closest.ts';
import type { OptionTable, ValuesOf } from './options.ts';

export type Parsed<Table extends OptionTable> = {
  readonly values: ValuesOf<Table>;
  /** What was really given, in the order of the command line. */
  readonly given: readonly Given[];
  readonly positionals: readonly string[];
};

export type Given = { readonly name: string; readonly value: string | undefined };

export type PositionalRule = { readonly takes: string; readonly most: number };

export function parseOptions<Table extends OptionTable>(
  table: Table,
  args: readonly string[],
  rule: PositionalRule = { takes: '', most: 0 },
): Parsed<Table> {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(table).map(([name, { takes }]) => [
        name,
        { type: takes === undefined ? 'boolean' : 'string' },
      ]),
    ),
  });
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [checked(table, token)] : []));
  checkPositionals(positionals, rule);
  const entries = Object.entries(table).map(([name, option]) => {
    const texts = given.filter((each) => each.name === name).map(({ value }) => value ?? '');
    return [name, option.read(texts, `--${name}`)];
  });
  // The compiler cannot see that fromEntries keeps the pairing of names and values.
  return { values: Object.fromEntries(entries) as ValuesOf<Table>, given, positionals };
}

type OptionToken = { readonly name: string; readonly rawName: string; readonly value: string | undefined };

function checked(table: OptionTable, { name, rawName, value }: OptionToken): Given {
  const option = rawName.startsWith('--') ? table[name] : undefined;
  if (option === undefined) {
    const near = closest(rawName.replace(/^-+/, ''), Object.keys(table));
    throw new OptionError('option.unknown', {
      option: rawName,
      expected: 'an option of this command',
      found: rawName,
      ...(near !== undefined && { help: `Did you mean --${near}?` }),
    });
  }
  const takesValue = option.takes !== undefined;
  if (takesValue === (value !== undefined)) return { name, value };
  const expected = takesValue ? `a value: --${name} ${option.takes}` : `no value: --${name} alone`;
  throw new OptionError('option.unknown', { option: rawName, expected, found: value ?? '' });
}

function checkPositionals(positionals: readonly string[], { takes, most }: PositionalRule): void {
  const extra = positionals[most];
  if (extra === undefined) return;
  const expected = most === 0 ? 'options only' : `at most ${takes}`;
  throw new OptionError('option.unknown', {
    option: extra,
    expected,
    found: extra,
    help: 'Every option begins with two dashes.',
  });
}

/** The options as they would be typed again. */
export const typed = (given: readonly Given[]): string =>
  given
    .map(({ name, value }) => (value === undefined ? `--${name}` : `--${name} ${quoted(value)}`))
    .join(' ');

/** For a shell of POSIX, where it has to be. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
