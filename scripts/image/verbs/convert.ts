/** `kjump image convert`: any image as another. */
import type { CodecName } from '../../../image/codecs/codec.ts';
import { type Filtered, filterMemory } from '../../../image/filter/filter-memory.ts';
import { correctedRules, type FilterRules, makedumpfile172Rules } from '../../../image/filter/page-reason.ts';
import type { ImageFormat, VerifyReport, WriteReport } from '../../../image/formats/image-format.ts';
import { imageFormats } from '../../../image/formats/index.ts';
import { knownMemory } from '../../../image/linux/known-memory.ts';
import type { MemoryImage } from '../../../image/memory-image.ts';
import { salvagedImage } from '../../../image/salvaged-image.ts';
import { OptionError } from '../../../machines/options/option-error.ts';
import { command, type WithCommon } from '../../cli/command.ts';
import { exitCodes, type Io } from '../../cli/io.ts';
import { address, flag, oneOfWords, optionalText, wholeNumber } from '../../cli/options.ts';
import type { Parsed } from '../../cli/parse.ts';
import { withBackupHome } from '../backup-home.ts';
import { convertJson, convertText } from '../convert-report.ts';
import { formatNamed, type ImageInput, inputTable, requiredFiles, withImage } from '../image-input.ts';
import { threadsOption, type Working, working } from '../pack-on.ts';
import { settingsOf, settingsOption } from '../settings.ts';
import { verifyInput } from '../verify-input.ts';

const writable = imageFormats.filter(({ write }) => write !== undefined);

const convertTable = {
  to: optionalText({ takes: 'FORMAT', help: 'what to write', words: writable.map(({ name }) => name) }),
  codec: optionalText({
    takes: 'NAME',
    help: 'how to pack pages; --list names codecs',
    otherwise: 'the first of the format',
  }),
  level: wholeNumber({
    takes: 'N',
    help: 'pages to leave out, as makedumpfile -d counts them: 1 zeros, 2 cache, 4 private cache too, 8 user data, 16 free',
    otherwise: 0,
  }),
  rules: oneOfWords(['corrected', 'makedumpfile-1.7.2'], {
    takes: 'WHICH',
    help: 'whether huge pages and slabs are filtered rightly, or as makedumpfile 1.7.2 does it on kernels since 6.6',
  }),
  set: settingsOption,
  entry: address({
    takes: 'ADDR',
    help: "of a jump on demand: A's jump-back entry; what A had in B's range goes home from its backup frames",
  }),
  salvage: flag('go on without pages that are damaged, and say which these are'),
  threads: threadsOption,
  ...inputTable,
};

export const convert = command({
  name: 'image convert',
  about:
    'Writes an image as another format. A hibernation image becomes a dump: VMCOREINFO and registers are found in the saved memory itself, and what is not found is said',
  table: convertTable,
  positionals: { takes: 'IN OUT', most: 2 },
  notes: [
    'The file is written beside its place, synced, and renamed: OUT is there whole or not at all.',
    ...writable.flatMap(({ name, settings = [] }) =>
      settings.length === 0
        ? []
        : [`--set for ${name}: ${settings.map((one) => `${one.name} (${one.help})`).join('; ')}.`],
    ),
    'Exit codes: 0 written; 1 written, but pages were lost (--salvage); 2 bad input, nothing was written.',
  ],
  run: convertFile,
});

type Values = Parsed<WithCommon<typeof convertTable>>['values'];

async function convertFile(
  { positionals, values }: Parsed<WithCommon<typeof convertTable>>,
  io: Io,
): Promise<number> {
  const [path = '', target = ''] = requiredFiles(positionals, 'IN OUT', 2);
  const format = targetFormat(values.to);
  const codec = codecOf(format, values.codec);
  const settings = settingsOf(format, values.set);
  const rules = values.rules === 'corrected' ? correctedRules : makedumpfile172Rules;
  checkLevel(values.level);
  return withImage(io.files, path, values, (input) =>
    working(io, values.threads, async (tools) => {
      const prepared = await prepare(input, tools, { values, rules });
      const write = (memory: MemoryImage): Promise<WriteReport> =>
        io.files.writeSlowly(target, async (sink) =>
          format.write(memory, sink, {
            codec,
            settings,
            nowSeconds: Math.floor(Date.now() / 1000),
            ...tools,
          }),
        );
      const report = await write(prepared.filtered.memory);
      const told = { input, target, to: format.name, codec, report, ...prepared };
      io.out.write(values.json ? `${JSON.stringify(convertJson(told), null, 2)}\n` : convertText(told));
      return prepared.lost.length > 0 ? exitCodes.no : exitCodes.well;
    }),
  );
}

type Prepared = {
  readonly filtered: Filtered;
  readonly lost: VerifyReport['lost'];
  readonly notes: readonly string[];
};

/** In this order: what is damaged must not be searched or filtered by. */
async function prepare(
  input: ImageInput,
  tools: Working,
  { values, rules }: { readonly values: Values; readonly rules: FilterRules },
): Promise<Prepared> {
  const verified = values.salvage ? await verifyInput(input, tools) : undefined;
  const lost = verified?.lost ?? [];
  const salvaged = salvagedImage(input.contents.memory, lost);
  const known = await knownMemory(
    values.entry === undefined ? salvaged : withBackupHome(salvaged, values.entry),
    tools,
  );
  const filtered = filterMemory(known.memory, { level: values.level, rules, progress: tools.progress });
  return { filtered, lost, notes: [...(verified?.problems ?? []), ...known.notes] };
}

type WritableFormat = ImageFormat & Required<Pick<ImageFormat, 'write'>>;

function targetFormat(name: string | undefined): WritableFormat {
  const expected = `one of ${writable.map((each) => each.name).join(', ')}`;
  if (name === undefined)
    throw new OptionError('option.unknown', { option: '--to', expected, found: 'nothing' });
  const format = formatNamed(name, '--to');
  const { write } = format;
  if (write !== undefined) return { ...format, write };
  throw new OptionError('option.unknown', { option: '--to', expected, found: name });
}

function codecOf({ codecs = ['none'], name }: ImageFormat, wanted: string | undefined): CodecName {
  const [first = 'none'] = codecs;
  if (wanted === undefined) return first;
  const codec = codecs.find((each) => each === wanted);
  if (codec !== undefined) return codec;
  const expected = `a codec of ${name}: ${codecs.join(', ')}`;
  throw new OptionError('option.unknown', { option: '--codec', expected, found: wanted });
}

function checkLevel(level: number): void {
  if (level <= 31) return;
  throw new OptionError('option.number', { option: '--level', expected: '0 to 31', found: String(level) });
}
