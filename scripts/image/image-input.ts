/** What all verbs take to read an image, and the image read with it. */
import type { ImageContents, ImageFormat, ReadOptions } from '../../image/formats/image-format.ts';
import { formatOf, imageFormats } from '../../image/formats/index.ts';
import type { Source } from '../../image/sink.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import type { Files, OpenSource } from '../cli/files.ts';
import { address, names, type OptionTable, optionalText, type ValuesOf } from '../cli/options.ts';

export const inputTable = {
  from: optionalText({
    takes: 'FORMAT',
    help: 'what the file is; raw memory is not recognized by itself',
    words: imageFormats.map(({ name }) => name),
    otherwise: 'what it begins with',
  }),
  offset: address({
    takes: 'BYTES',
    help: 'where the image begins: the header page of a swap file (resume_offset times 4096), a stream behind another header',
  }),
  parts: names({ takes: 'FILE,…', help: 'the other files of a dump that was split', otherwise: 'none' }),
} satisfies OptionTable;

export type InputValues = ValuesOf<typeof inputTable>;

export type ImageInput = {
  readonly path: string;
  readonly source: Source;
  readonly format: ImageFormat;
  readonly contents: ImageContents;
  readonly options: ReadOptions;
};

/** Opens it for as long as `use` works with it. */
export async function withImage<Result>(
  files: Files,
  path: string,
  values: InputValues & { readonly salvage?: boolean },
  use: (input: ImageInput) => Promise<Result>,
): Promise<Result> {
  const opened: OpenSource[] = [];
  const open = (each: string): OpenSource => {
    const source = files.open(each);
    opened.push(source);
    return source;
  };
  try {
    const source = open(path);
    const parts = (values.parts ?? []).map(open);
    const format =
      values.from === undefined ? formatOf(source, values.offset) : formatNamed(values.from, '--from');
    const options: ReadOptions = {
      ...(values.offset !== undefined && { offsetBytes: values.offset }),
      ...(parts.length > 0 && { parts }),
      ...(values.salvage === true && { isSalvage: true }),
    };
    return await use({ path, source, format, contents: format.read(source, options), options });
  } finally {
    for (const source of opened) source.close();
  }
}

export function formatNamed(name: string, option: string): ImageFormat {
  const format = imageFormats.find((each) => each.name === name);
  if (format !== undefined) return format;
  const expected = `one of ${imageFormats.map((each) => each.name).join(', ')}`;
  throw new OptionError('option.unknown', { option, expected, found: name });
}

/** The files that a verb was given, no fewer than it takes. */
export function requiredFiles(
  positionals: readonly string[],
  takes: string,
  count: number,
): readonly string[] {
  if (positionals.length >= count) return positionals;
  const found = positionals.length === 0 ? 'nothing' : positionals.join(' ');
  throw new OptionError('option.unknown', { option: takes, expected: takes, found });
}
