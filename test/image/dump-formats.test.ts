import { describe, expect, it } from 'vitest';
import { diffImages } from '../../image/diff-images.ts';
import { vmcoreElf } from '../../image/formats/elf/index.ts';
import { kdumpCompressed } from '../../image/formats/kdump-compressed/index.ts';
import { flatSink } from '../../image/formats/kdump-flattened/flat-sink.ts';
import { openFlat } from '../../image/formats/kdump-flattened/open-flat.ts';
import { raw } from '../../image/formats/raw/index.ts';
import { type MemoryFile, memoryFile } from '../../image/memory-file.ts';
import type { MemoryImage, MemoryRun } from '../../image/memory-image.ts';
import { packHere } from '../../image/packer.ts';
import { pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { salvagedImage } from '../../image/salvaged-image.ts';
import { readBounded, sourceOf } from '../../image/sink.ts';
import { kdump } from './dump-provocations.ts';
import { pageFilledWith, sampleDump } from './sample-dump.ts';

const sample = vmcoreElf.read(sampleDump()).memory;
const run = (startPfn: number, count: number, kind: MemoryRun['kind']): MemoryRun => ({
  startPfn: pfn(startPfn),
  count,
  kind,
});

/** Every page is filled with the number of its frame. */
const memoryOf = (...runs: readonly MemoryRun[]): MemoryImage => ({
  runs: () => runs,
  readPage: (frame) => pageFilledWith(frame % 256),
  cpus: [],
  vmcoreinfo: undefined,
  machine: {},
});

async function writtenAs(
  format: typeof vmcoreElf,
  memory: MemoryImage,
): Promise<{ file: MemoryFile; memory: MemoryImage; notes: readonly string[] }> {
  const file = memoryFile();
  const report = await format.write?.(memory, file, { codec: 'none', packer: packHere });
  return { file, memory: format.read(file).memory, notes: report?.notes ?? [] };
}

const runsOf = ({ runs }: MemoryImage): string[] =>
  [...runs()].map(({ startPfn, count, kind }) => `${startPfn}+${count} ${kind}`);

describe('an ELF dump', () => {
  it('tells memory that ends within a page as partial, and reads its rest as zeros', () => {
    expect(runsOf(sample).filter((text) => text.endsWith('partial'))).toEqual(['159+1 partial']);
    const page = sample.readPage(pfn(0x9f));
    expect(page.subarray(0, 0xc00)).toEqual(new Uint8Array(0xc00).fill(0x11));
    expect(page.subarray(0xc00)).toEqual(new Uint8Array(0x400));
  });

  it('keeps what was left out apart from zeros, and writes neither', async () => {
    const told = memoryOf(
      run(1, 2, 'stored'),
      run(3, 4, 'free'),
      run(7, 1, 'zero'),
      run(9, 1, 'stored'),
      run(20, 2, 'user'),
    );
    const { file, memory } = await writtenAs(vmcoreElf, told);
    expect(runsOf(memory)).toEqual(['1+2 stored', '3+4 leftOut', '7+1 zero', '9+1 stored', '20+2 leftOut']);
    expect(memory.readPage(pfn(9))).toEqual(pageFilledWith(9));
    expect([...file.dataStretches()].reduce((sum, { length }) => sum + length, 0)).toBe(4 * pageSizeBytes);
    expect(() => memory.readPage(pfn(3))).toThrow('this memory is not in the image');
  });

  it('with more gaps than segments fills the shortest ones with zeros, and says how many pages that are', async () => {
    const runs = Array.from({ length: 6000 }, (_, index) =>
      run(1 + index * 2 + (index > 3000 ? 64 * (index - 3000) : 0), 1, 'stored'),
    );
    const { memory, notes } = await writtenAs(vmcoreElf, memoryOf(...runs));
    expect(notes).toContainEqual(
      '3000 pages that the image does not have are zeros here: there would be too many segments without them',
    );
    const stored = [...memory.runs()].reduce(
      (sum, { count, kind }) => sum + (kind === 'stored' ? count : 0),
      0,
    );
    expect(stored).toBeGreaterThanOrEqual(6000);
    for (const { startPfn } of runs) expect(memory.readPage(startPfn)[0]).toBe(startPfn % 256);
  });
});

describe('a kdump', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])('of header version %i is read', async (version) => {
    const { memory, facts } = kdumpCompressed.read(await kdump([8, version]));
    expect(facts).toContainEqual(['header version', String(version)]);
    expect(memory.readPage(pfn(0x1fff))).toEqual(pageFilledWith(0x33));
    expect(memory.cpus).toHaveLength(version < 4 ? 0 : 2);
    expect(memory.vmcoreinfo === undefined).toBe(version < 3);
  });

  it('that was cut short tells the pages it has no data of as not saved, and the problem', async () => {
    const whole = await kdump([424, 1 | 8]);
    const cutFile = sourceOf(readBounded(whole, 0, whole.length - 30));
    const { memory, problems } = kdumpCompressed.read(cutFile);
    expect(problems).toEqual(['the dump is incomplete: makedumpfile had no room for all of it']);
    expect(runsOf(memory).at(-1)).toBe(`${0x1fff}+1 notSaved`);
    expect(await kdumpCompressed.verify?.(cutFile, { packer: packHere })).toMatchObject({
      lost: [],
      problems,
    });
  });

  it('that was cut off without saying so has lost pages, and goes on without them', async () => {
    const whole = await kdump();
    const cutFile = sourceOf(readBounded(whole, 0, whole.length - 30));
    const { memory } = kdumpCompressed.read(cutFile);
    const report = await kdumpCompressed.verify?.(cutFile, { packer: packHere });
    expect(report?.lost).toEqual([run(0x1fff, 1, 'lost')]);
    const salvaged = await writtenAs(vmcoreElf, salvagedImage(memory, report?.lost ?? []));
    expect(runsOf(salvaged.memory).at(-1)).toBe(`${0x1fff}+1 leftOut`);
    await expect(writtenAs(vmcoreElf, memory)).rejects.toThrow('a page of the image is damaged');
  });

  it('says which bytes are nobody’s', async () => {
    const file = await kdump();
    file.writeAt(file.length, new Uint8Array(10));
    const report = await kdumpCompressed.verify?.(file, { packer: packHere });
    expect(report?.problems).toEqual([
      expect.stringMatching(/^the data ends at offset 0x[0-9a-f]+, the file at 0x[0-9a-f]+$/),
    ]);
  });
});

describe('a flattened file', () => {
  it('is put together so that later writes win, and holes are zeros', () => {
    const file = memoryFile();
    const flat = flatSink(file);
    flat.writeAt(0, Uint8Array.of(1, 1, 1, 1, 1, 1));
    flat.writeAt(8, Uint8Array.of(2, 2));
    flat.writeAt(2, Uint8Array.of(3, 3));
    flat.writeAt(5, Uint8Array.of(4, 4, 4, 4));
    flat.setLength(14);
    flat.finish();
    const { data, problems } = openFlat(file);
    expect([...readBounded(data, 0, data.length)]).toEqual([1, 1, 3, 3, 1, 4, 4, 4, 4, 2, 0, 0, 0, 0]);
    expect([...readBounded(data, 3, 4)]).toEqual([3, 1, 4, 4]);
    expect(problems).toEqual([]);
  });

  it('that was cut off is read as far as it goes, and says so', () => {
    const file = memoryFile();
    const flat = flatSink(file);
    flat.writeAt(0, pageFilledWith(1));
    flat.finish();
    const { data, problems } = openFlat(sourceOf(readBounded(file, 0, file.length - 1000)));
    expect(data.length).toBe(pageSizeBytes - 1000 + 16);
    expect(problems).toEqual([expect.stringContaining('no end mark')]);
  });
});

describe('raw memory', () => {
  it('has every byte at its physical address, and says how many pages the image does not have', async () => {
    const { memory, notes } = await writtenAs(raw, memoryOf(run(2, 1, 'stored'), run(4, 1, 'free')));
    expect(raw.read(sourceOf(new Uint8Array(5000))).problems).toEqual([
      '904 bytes at the end are no whole page',
    ]);
    expect(memory.readPage(pfn(2))).toEqual(pageFilledWith(2));
    expect(notes).toEqual(['4 pages are zeros because the image does not have them']);
    const file = memoryFile();
    file.writeAt(512 + pageSizeBytes, pageFilledWith(7));
    expect(raw.read(file, { offsetBytes: 512 }).readPhysical(physical(0x1010), 2)).toEqual(
      Uint8Array.of(7, 7),
    );
  });
});

describe('two images', () => {
  it('differ where only one has a page, or both have another one', async () => {
    const first = memoryOf(run(1, 4, 'stored'), run(5, 2, 'zero'), run(10, 1, 'stored'), run(12, 1, 'free'));
    const second: MemoryImage = {
      ...memoryOf(
        run(2, 2, 'stored'),
        run(4, 1, 'zero'),
        run(5, 1, 'zero'),
        run(6, 1, 'stored'),
        run(11, 1, 'stored'),
      ),
      readPage: (frame) => pageFilledWith(frame === 3 ? 0x99 : frame === 6 ? 0 : frame),
    };
    const found: string[] = [];
    const differences = diffImages(first, second, { packer: packHere });
    let next = await differences.next();
    for (; next.done !== true; next = await differences.next()) {
      const { startPfn, count, kind } = next.value;
      found.push(`${startPfn}+${count} ${kind}`);
    }
    expect(found).toEqual([
      '1+1 onlyFirst',
      '3+1 different',
      '4+1 different',
      '10+1 onlyFirst',
      '11+1 onlySecond',
    ]);
    expect(next.value).toBe(3);
  });
});
