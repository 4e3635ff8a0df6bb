/**
 * The image of a run in another format, packed, or without some pages: what `kjump image convert` makes of `vmcore.elf`, which a saved
 * run has byte for byte as B wrote it. B itself writes ELF to its partition, whatever is asked for here.
 */
import { join } from 'node:path';
import type { CodecName } from '../../image/codecs/codec.ts';
import { filterMemory } from '../../image/filter/filter-memory.ts';
import { correctedRules } from '../../image/filter/page-reason.ts';
import { vmcoreElf } from '../../image/formats/elf/index.ts';
import type { ImageFormat } from '../../image/formats/image-format.ts';
import { imageFormats } from '../../image/formats/index.ts';
import { knownMemory } from '../../image/linux/known-memory.ts';
import { assert } from '../../kernels/assert.ts';
import { committedImage } from '../../machines/laws/committed-image.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import type { History } from '../../machines/system/history.ts';
import type { Io } from '../cli/io.ts';
import { working } from '../image/pack-on.ts';

/** Names that other programs look for. */
export const imageNames = {
  'vmcore-elf': 'vmcore.elf',
  'kdump-compressed': 'vmcore.kdump',
  swsusp: 'swap.img',
} as const;
export type SavedFormat = keyof typeof imageNames;

export type ImageChoice = {
  readonly format: SavedFormat;
  readonly codec: CodecName;
  /** Pages to leave out, as makedumpfile -d counts them. */
  readonly level: number;
};

/** Throws before a run begins rather than after it. */
export function checkImageChoice({ format, codec, level }: ImageChoice): void {
  const known = formatOf(format).codecs ?? ['none'];
  if (!known.includes(codec)) {
    const expected = `a codec of ${format}: ${known.join(', ')}`;
    throw new OptionError('option.unknown', { option: '--codec', expected, found: codec });
  }
  if (level > 31)
    throw new OptionError('option.number', { option: '--level', expected: '0 to 31', found: String(level) });
}

/** The paths that were added to a saved run: none when there is no image; filtered ELF takes the place of the one that B wrote. */
export async function saveImage(
  folder: string,
  history: History,
  { format, codec, level }: ImageChoice,
  io: Io,
): Promise<readonly string[]> {
  const image = committedImage(history.rules, history.world);
  if (image.type === 'image.none') return [];
  const path = join(folder, imageNames[format]);
  const { write } = formatOf(format);
  assert(write !== undefined, `save-image: ${format} can be written`);
  await working(io, undefined, async (tools) => {
    const known = await knownMemory(vmcoreElf.read(image.saved.data).memory, tools);
    const { memory } = filterMemory(known.memory, { level, rules: correctedRules, progress: tools.progress });
    return io.files.writeSlowly(path, (sink) => write(memory, sink, { codec, ...tools }));
  });
  return format === 'vmcore-elf' ? [] : [path];
}

function formatOf(name: SavedFormat): ImageFormat {
  const format = imageFormats.find((each) => each.name === name);
  assert(format !== undefined, `save-image: ${name} is a registered format`);
  return format;
}
