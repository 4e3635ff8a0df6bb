/** Help texts, made from what a command says of itself. */
import type { Option, OptionTable } from './options.ts';
import { wrap } from './wrap.ts';

export type CommandTold = {
  readonly name: string;
  /** What it does, in a sentence. */
  readonly about: string;
  /** What stands behind the name, options apart: `IN OUT`. */
  readonly takes?: string;
  readonly table: OptionTable;
  /** Paragraphs behind the options. */
  readonly notes: readonly string[];
};

/** Lines longer than this are hard to read, however wide the terminal is. */
const widestColumns = 100;
const optionColumns = 28;

export function commandHelp({ name, about, takes, table, notes }: CommandTold, columns: number): string {
  const width = Math.min(columns, widestColumns);
  const usage = ['usage: kjump', name, ...(takes ? [takes] : []), '[options]'].join(' ');
  return [
    usage,
    '',
    ...wrap(`${about}.`, width),
    '',
    ...Object.entries(table).flatMap(([option, told]) => optionLines(option, told, width)),
    ...notes.flatMap((note) => ['', ...wrap(note, width)]),
    '',
  ].join('\n');
}

function optionLines(name: string, option: Option<unknown>, width: number): readonly string[] {
  const head = `  --${name}${option.takes ? ` ${option.takes}` : ''}`;
  const lines = wrap(meaningOf(option), width - optionColumns);
  if (head.length >= optionColumns) return [head, ...lines.map(indented)];
  const [first = '', ...rest] = lines;
  return [`${head.padEnd(optionColumns)}${first}`, ...rest.map(indented)];
}

const indented = (line: string): string => ' '.repeat(optionColumns) + line;

function meaningOf({ help, words, otherwise }: Option<unknown>): string {
  const choice = words && words.length > 0 ? `: ${words.join(', ')}` : '';
  return `${help}${choice}${otherwise === undefined ? '' : ` (${otherwise})`}`;
}
