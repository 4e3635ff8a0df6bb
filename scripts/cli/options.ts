/**
 * The kinds of options that commands take, as data: from a table of them follow parsing (parse.ts), types and help (help.ts).
 * Names that stand in a registry are checked where they are looked up, which says what is registered; here only forms are checked.
 */
import { memparse } from '../../kernels/linux/memparse.ts';
import type { PlannedFault } from '../../kernels/plan.ts';
import { OptionError } from '../../machines/options/option-error.ts';

export type Option<Value> = {
  /** What stands for the value in the help; without it the option is a flag. */
  readonly takes?: string;
  readonly help: string;
  /** Shown in the help: words that may be given, and what holds when the option is not. */
  readonly words?: readonly string[];
  readonly otherwise?: string;
  /** All values given, in order; none: the default. */
  readonly read: (given: readonly string[], option: string) => Value;
};

export type OptionTable = Readonly<Record<string, Option<unknown>>>;
export type ValuesOf<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer Value> ? Value : never;
};

type Told<Value> = { readonly takes: string; readonly help: string; readonly otherwise: Value };

export const flag = (help: string): Option<boolean> => ({ help, read: (given) => given.length > 0 });

/** A name out of a registry. */
export const name = (told: Told<string> & { readonly words: readonly string[] }): Option<string> => ({
  ...told,
  read: (given) => given.at(-1) ?? told.otherwise,
});

/** A name or a path without a default; `words` are those that are known. */
export const optionalText = (told: {
  readonly takes: string;
  readonly help: string;
  readonly words?: readonly string[];
  readonly otherwise?: string;
}): Option<string | undefined> => ({ ...told, read: (given) => given.at(-1) });

/** One of a few words, the first of which holds when none is given. */
export const oneOfWords = <const Words extends readonly [string, ...string[]]>(
  words: Words,
  told: { readonly takes: string; readonly help: string },
): Option<Words[number]> => ({
  ...told,
  words,
  otherwise: words[0],
  read: (given, option) => {
    const text = given.at(-1) ?? words[0];
    if (words.includes(text)) return text;
    throw new OptionError('option.unknown', { option, expected: `one of ${words.join(', ')}`, found: text });
  },
});

export const wholeNumber = <Otherwise extends number | undefined>(
  told: Told<Otherwise>,
): Option<number | Otherwise> => ({
  takes: told.takes,
  help: told.help,
  ...(told.otherwise !== undefined && { otherwise: String(told.otherwise) }),
  read: (given, option) => {
    const text = given.at(-1);
    if (text === undefined) return told.otherwise;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw new OptionError('option.number', { option, expected: 'a whole number', found: text });
  },
});

const sizeUnits: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Bytes, or KiB and so on with a letter, as Linux reads sizes on its command line. */
export const size = (told: Told<number>): Option<number> => ({
  ...told,
  otherwise: sizeText(told.otherwise),
  read: (given, option) => {
    const text = given.at(-1);
    if (text === undefined) return told.otherwise;
    const [, count = '', unit = ''] = /^(\d{1,15})([KMGT]?)$/i.exec(text) ?? [];
    const bytes = Number(count) * (sizeUnits[unit.toUpperCase()] ?? 1);
    if (count !== '' && Number.isSafeInteger(bytes)) return bytes;
    throw new OptionError('option.size', { option, expected: 'a size such as 512M, 1G or 1T', found: text });
  },
});

/** An address or a size as kexec and Linux read one: decimal, 0x for hexadecimal, K, M or G behind it. */
export const address = (told: {
  readonly takes: string;
  readonly help: string;
}): Option<number | undefined> => ({
  ...told,
  read: (given, option) => {
    const text = given.at(-1);
    if (text === undefined) return undefined;
    const { value, end } = memparse(text);
    if (text !== '' && end === text.length && Number.isSafeInteger(value)) return value;
    throw new OptionError('option.size', { option, expected: 'an address such as 0x50fffff', found: text });
  },
});

/** The shortest text of a size that `size` reads back. */
export function sizeText(bytes: number): string {
  const [unit, unitBytes] = Object.entries(sizeUnits).findLast(([, each]) => bytes % each === 0) ?? ['', 1];
  return bytes === 0 ? '0' : `${bytes / unitBytes}${unit}`;
}

/** Names with commas between them; given twice, the lists are joined. */
export const names = (told: {
  readonly takes: string;
  readonly help: string;
  readonly words?: readonly string[];
  readonly otherwise: string;
}): Option<readonly string[] | undefined> => ({
  ...told,
  read: (given) => {
    if (given.length === 0) return undefined;
    return given.flatMap((text) => text.split(',')).filter((text) => text !== '');
  },
});

/** NAME or NAME@WHERE, any number of times. */
export const faultList = (help: string): Option<readonly PlannedFault[]> => ({
  takes: 'NAME[@WHERE]',
  help,
  read: (given, option) => given.map((text) => plannedFault(text, option)),
});

export function plannedFault(text: string, option: string): PlannedFault {
  const at = text.indexOf('@');
  const [name, where] = at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
  if (name !== undefined && name !== '' && where !== '')
    return where === undefined ? { name } : { name, where };
  throw new OptionError('option.unknown', { option, expected: 'NAME or NAME@WHERE', found: text });
}
