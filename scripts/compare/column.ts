/**
 * A column of a comparison: `PATH[:PART]…`, where a part is a variant of the path, a kind of load, or an option of its own,
 * `NAME=VALUE` as `run` takes it. What a column does not say is as the options of the command say.
 *
 *   kexec-jump:on-demand   kexec-jump:hibernate/on-demand   kdump:cpus=4   kexec-jump:try-again:fault=device-fails@freeze:gpu
 *
 * A variant and a load may also stand with a slash between them. A colon or a slash may stand in a value: what follows an option and is
 * no part by itself belongs to its value.
 */
import type { LoadKind } from '../../kernels/plan.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import { pathNamed, paths } from '../../machines/paths/index.ts';
import type { Path } from '../../machines/paths/path.ts';
import { boxTable, givenBoxOptions } from '../cli/box-options.ts';
import { parseOptions } from '../cli/parse.ts';

export type Column = { readonly name: string; readonly options: BoxOptions };

/** A column as it was asked for, in words. */
export type ColumnText = { readonly path: Path; readonly parts: readonly string[] };

export const loadKinds: readonly LoadKind[] = ['reserved', 'on-demand'];
const words: readonly string[] = [
  ...loadKinds,
  ...paths.flatMap(({ variants }) => variants.map(({ name }) => name)),
];

export function columnsOf(texts: readonly string[], common: BoxOptions): readonly Column[] {
  const names = numbered(texts);
  return texts.map((text, index) => ({ name: names[index] ?? text, options: optionsOf(text, common) }));
}

/** Two columns of one name are told apart by their number. */
export const numbered = (texts: readonly string[]): readonly string[] =>
  texts.map((text, index) => {
    const before = texts.slice(0, index).filter((each) => each === text).length;
    return before === 0 ? text : `${text} (${before + 1})`;
  });

function optionsOf(text: string, common: BoxOptions): BoxOptions {
  const { path, parts } = columnText(text);
  // A variant belongs to its path: one that was given for all holds where it is known.
  const isKnown = path.variants.some((variant) => variant.name === common.variant);
  const start: BoxOptions = { ...common, variant: isKnown ? common.variant : undefined };
  const own = parts.map((part) => partOf(part, path, text));
  const given = own.flatMap((part) => ('argument' in part ? [part.argument] : []));
  const words = own.flatMap((part) => ('argument' in part ? [] : [part]));
  const options = givenBoxOptions(parseOptions(boxTable, given));
  return { ...Object.assign(start, options, ...words), path: path.name };
}

export function columnText(text: string): ColumnText {
  const [name = '', ...parts] = partsOf(text);
  const path = pathNamed(name);
  if (path !== undefined) return { path, parts };
  const expected = `PATH[:VARIANT][:LOAD][:NAME=VALUE], with PATH one of ${paths.map((each) => each.name).join(', ')}`;
  throw new OptionError('option.unknown', { option: text, expected, found: name });
}

/** What has no equals sign belongs to the option before it, unless it is a word of its own here. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  for (const part of text.split(':')) {
    const last = parts.at(-1);
    const isOwn = part.includes('=') || part.split('/').every((word) => words.includes(word));
    if (last?.includes('=') === true && !isOwn) parts[parts.length - 1] = `${last}:${part}`;
    else parts.push(...(part.includes('=') ? [part] : part.split('/')));
  }
  return parts;
}

type Part = { readonly argument: string } | Pick<BoxOptions, 'load'> | Pick<BoxOptions, 'variant'>;

function partOf(part: string, path: Path, column: string): Part {
  const load = loadKinds.find((kind) => kind === part);
  if (load !== undefined) return { load };
  if (path.variants.some(({ name }) => name === part)) return { variant: part };
  const [name = '', ...value] = part.split('=');
  if (value.length > 0 && Object.hasOwn(boxTable, name) && name !== 'path') {
    return { argument: `--${name}=${value.join('=')}` };
  }
  const variants = path.variants.map((variant) => variant.name);
  throw new OptionError('option.unknown', {
    option: column,
    expected: `behind ${path.name} one of ${[...variants, ...loadKinds].join(', ')}, or NAME=VALUE with an option of run`,
    found: part,
  });
}
