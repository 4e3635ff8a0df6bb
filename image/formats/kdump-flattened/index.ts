/**
 * The flattened format: a dump as a sequence of writes, for pipes, which cannot seek (makedumpfile -F; linux.md C.4.4). Big endian,
 * unlike the dump in it.
 *
 *   header, 4096 bytes     "makedumpfile" and 4 zeros, type 1 (i64), version 1 (i64), zeros
 *   records                offset in the dump (i64), length (i64), so many bytes
 *   end                    -1, -1
 *
 * Read as `makedumpfile -R` puts it together: later writes win, what was never written is zeros. What it holds is a kdump-compressed
 * dump or an ELF one (makedumpfile -E -F); written is the former.
 */
import { textOf } from '../../bytes.ts';
import { ImageError } from '../../image-error.ts';
import type { MemoryImage } from '../../memory-image.ts';
import { readBounded, type Sink, type Source } from '../../sink.ts';
import { readEveryPage } from '../../verify-image.ts';
import { vmcoreElf } from '../elf/index.ts';
import type {
  ImageContents,
  ImageFormat,
  ProtectedRange,
  ReadOptions,
  VerifyOptions,
  VerifyReport,
  WriteOptions,
  WriteReport,
} from '../image-format.ts';
import { kdumpCompressed } from '../kdump-compressed/index.ts';
import { flatSink } from './flat-sink.ts';
import { flatMagic, openFlat } from './open-flat.ts';

/** What may be inside, in the order of asking. */
const inside = [kdumpCompressed, vmcoreElf] as const;

export const kdumpFlattened: ImageFormat = {
  name: 'kdump-flattened',
  describe: 'a dump as a sequence of writes, as makedumpfile -F sends it through a pipe',
  sniff: (firstBytes) => textOf(firstBytes.subarray(0, flatMagic.length)) === flatMagic,
  read,
  write,
  codecs: kdumpCompressed.codecs ?? [],
  protection,
  verify,
};

function read(source: Source, options: ReadOptions = {}): ImageContents {
  const { data, problems, recordCount } = openFlat(source);
  const format = formatInside(data);
  const contents = format.read(data, {
    ...options,
    parts: (options.parts ?? []).map((part) => openFlat(part).data),
  });
  return {
    ...contents,
    facts: [['holds', format.name], ['records', String(recordCount)], ...contents.facts],
    problems: [...problems, ...contents.problems],
  };
}

function formatInside(data: Source): (typeof inside)[number] {
  const firstBytes = readBounded(data, 0, Math.min(data.length, 4096));
  const format = inside.find((one) => one.sniff(firstBytes));
  if (format !== undefined) return format;
  throw new ImageError('flat.unknown-inside', {
    offset: 4096,
    expected: `records of ${inside.map(({ name }) => name).join(' or ')}`,
    found: JSON.stringify(textOf(firstBytes.subarray(0, 8))),
  });
}

async function write(memory: MemoryImage, sink: Sink, options: WriteOptions): Promise<WriteReport> {
  const flat = flatSink(sink);
  const report = await kdumpCompressed.write?.(memory, flat, options);
  const lengthBytes = flat.finish();
  return { storedPages: 0, zeroPages: 0, notes: [], ...report, lengthBytes };
}

async function verify(source: Source, options: VerifyOptions): Promise<VerifyReport> {
  const { data, problems } = openFlat(source);
  const format = formatInside(data);
  const report =
    (await format.verify?.(data, options)) ?? (await readEveryPage(format.read(data, options), options));
  return { ...report, problems: [...problems, ...report.problems] };
}

function* protection(source: Source): Generator<ProtectedRange> {
  const { places } = openFlat(source);
  yield { offset: 0, length: 32, kind: 'structural', what: 'header' };
  yield { offset: 32, length: 4096 - 32, kind: 'unprotected', what: 'rest of the header' };
  let end = 4096;
  for (const { sourceOffset, length } of places) {
    yield {
      offset: end,
      length: sourceOffset - end,
      kind: 'structural',
      what: 'place and length of a write',
    };
    yield { offset: sourceOffset, length, kind: 'unprotected', what: 'bytes of the dump inside' };
    end = sourceOffset + length;
  }
  if (end < source.length)
    yield { offset: end, length: source.length - end, kind: 'structural', what: 'end mark' };
}
