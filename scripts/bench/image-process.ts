/**
 * One measured job on an image as a process of its own, so that memory is its own too: filters and writes a dump, or verifies one.
 * Prints one line of JSON: milliseconds of the job itself, from the opened file to the last byte handed to the system, and the
 * largest resident size that the system saw.
 */
import { availableParallelism } from 'node:os';
import type { CodecName } from '../../image/codecs/codec.ts';
import { filterMemory } from '../../image/filter/filter-memory.ts';
import { formatOf } from '../../image/formats/index.ts';
import { kdumpCompressed } from '../../image/formats/kdump-compressed/index.ts';
import { readEveryPage } from '../../image/verify-image.ts';
import { diskFiles } from '../cli/disk-files.ts';
import { threadPacker } from '../image/thread-packer.ts';

export type ImageJob = 'filter' | 'write' | 'verify';
export type ImageMeasure = {
  readonly milliseconds: number;
  readonly residentBytes: number;
  readonly bytes: number;
};

/** makedumpfile -d 31. */
const level = 31;

const [job = '', input = '', output = '', codec = ''] = process.argv.slice(2);
const packer = threadPacker(availableParallelism());
const source = diskFiles.open(input);
const { milliseconds, bytes } = await measured(job);
source.close();
await packer.close();
// Kilobytes (getrusage, ru_maxrss).
const measure: ImageMeasure = { milliseconds, bytes, residentBytes: process.resourceUsage().maxRSS * 1024 };
process.stdout.write(`${JSON.stringify(measure)}\n`);

async function measured(name: string): Promise<{ readonly milliseconds: number; readonly bytes: number }> {
  const start = performance.now();
  const since = (): number => performance.now() - start;
  const format = formatOf(source);
  const contents = format.read(source);
  if (name === 'verify') {
    const report = await (format.verify?.(source, { packer }) ?? readEveryPage(contents, { packer }));
    return { milliseconds: since(), bytes: report.pagesRead * 4096 };
  }
  const { memory, counts } = filterMemory(contents.memory, { level });
  if (name === 'filter') return { milliseconds: since(), bytes: (counts.stored ?? 0) * 4096 };
  return diskFiles.writeSlowly(output, async (sink) => {
    // Whoever runs this gives the name of a codec.
    const options = { codec: codec as CodecName, packer };
    const report = await kdumpCompressed.write?.(memory, sink, options);
    return { milliseconds: since(), bytes: report?.lengthBytes ?? 0 };
  });
}
