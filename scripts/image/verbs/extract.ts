/** `kjump image extract`: the kernel's log, or bytes of memory. */

import { ImageError } from '../../../image/image-error.ts';
import { knownMemory } from '../../../image/linux/known-memory.ts';
import { logRecords } from '../../../image/linux/log-records.ts';
import { dmesgLine } from '../../../kernels/linux/format-dmesg.ts';
import { OptionError } from '../../../machines/options/option-error.ts';
import { command, type WithCommon } from '../../cli/command.ts';
import { exitCodes, type Io } from '../../cli/io.ts';
import { flag, optionalText } from '../../cli/options.ts';
import type { Parsed } from '../../cli/parse.ts';
import { hexDump } from '../hex-dump.ts';
import { type ImageInput, inputTable, requiredFiles, withImage } from '../image-input.ts';
import { type MemoryRange, rangeOf, rangePieces } from '../memory-range.ts';
import { threadsOption, type Working, working } from '../pack-on.ts';

const extractTable = {
  log: flag("the kernel's log, as makedumpfile --dump-dmesg prints it"),
  range: optionalText({
    takes: 'START+SIZE',
    help: 'bytes from an address; kernel addresses (from 0xffff800000000000 on) go through the page tables in the image. START-END is taken too',
  }),
  out: optionalText({
    takes: 'FILE',
    help: 'where to; bytes as they are',
    otherwise: 'standard output, a range as a hex dump',
  }),
  threads: threadsOption,
  ...inputTable,
};

export const extract = command({
  name: 'image extract',
  about: "Takes the kernel's log or a range of memory out of an image",
  table: extractTable,
  positionals: { takes: 'FILE', most: 1 },
  notes: ['Exit codes: 0 done; 2 it is not in the image, or the arguments are bad.'],
  run: extractFrom,
});

type Values = Parsed<WithCommon<typeof extractTable>>['values'];

async function extractFrom(
  { positionals, values }: Parsed<WithCommon<typeof extractTable>>,
  io: Io,
): Promise<number> {
  const [path = ''] = requiredFiles(positionals, 'FILE', 1);
  const range = values.range === undefined ? undefined : rangeOf(values.range);
  if (values.log === (range !== undefined)) {
    throw new OptionError('option.unknown', {
      option: '--log, --range',
      expected: 'one of the two',
      found: values.log ? 'both' : 'none',
    });
  }
  return withImage(io.files, path, values, (input) =>
    working(io, values.threads, async (tools) => {
      if (range === undefined) await extractLog(input, tools, { values, io });
      else await extractRange(input, range, { tools, values, io });
      return exitCodes.well;
    }),
  );
}

type Told = { readonly values: Values; readonly io: Io };

async function extractLog({ contents }: ImageInput, tools: Working, { values, io }: Told): Promise<void> {
  const { kernel, notes } = await knownMemory(contents.memory, tools);
  if (kernel === undefined) {
    throw new ImageError('kernel.not-found', {
      offset: 0,
      expected: 'a VMCOREINFO note',
      found: notes.join('; '),
    });
  }
  const records = [...logRecords(kernel)];
  const text = records.map(dmesgLine).join('');
  if (values.out !== undefined)
    io.files.write(values.out, (file) => file.writeAt(0, Buffer.from(text, 'latin1')));
  else if (values.json) io.out.write(`${JSON.stringify({ records: records.length, log: text }, null, 2)}\n`);
  else io.out.write(text);
}

async function extractRange(
  { contents }: ImageInput,
  range: MemoryRange,
  { tools, values, io }: Told & { readonly tools: Working },
): Promise<void> {
  const kernel = range.isVirtual ? (await knownMemory(contents.memory, tools)).kernel : undefined;
  const pieces = rangePieces(range, contents.memory, kernel);
  if (values.out !== undefined) {
    io.files.write(values.out, (file) => {
      for (const { offset, bytes } of pieces) file.writeAt(offset, bytes);
    });
    return;
  }
  for (const { offset, bytes } of pieces) io.out.write(hexDump(range.start + BigInt(offset), bytes));
}
