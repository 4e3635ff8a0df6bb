/** `--memory FILE`: a dump or an image of another machine as what A has in its memory. */
import { afterAll, describe, expect, it } from 'vitest';
import { vmcoreElf } from '../../image/formats/elf/index.ts';
import { addressOf, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import type { Source } from '../../image/sink.ts';
import { pagesInPlace, placeGivenMemory } from '../../kernels/linux/given-memory.ts';
import { type GivenPage, GivenPages } from '../../kernels/memory/given-pages.ts';
import { faultFreeRun } from '../../machines/faults/fault-free-run.ts';
import { defaultOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { boxOptionsOf } from '../../scripts/cli/box-options.ts';
import { readMemory } from '../../scripts/cli/read-memory.ts';
import { checkMemory, parseTrace, readSavedRun } from '../../scripts/saved-run/read.ts';
import { recordedImages } from '../image/recorded-image.ts';
import { pageFilledWith, sampleDump, sampleLayout, samplePlan } from '../image/sample-dump.ts';
import { kjump, type MemoryIo, memoryIo, textOf } from './memory-io.ts';

const recorded = recordedImages();
afterAll(recorded.close);

/** The sample's RAM ends at 32 MiB: one page above A's kernel, one in its text, one where RAM ends within the page, one of zeros. */
const pages = new Map([
  [0x9f, pageFilledWith(0x11)],
  [0x1001, pageFilledWith(0x22)],
  [0x1ffe, pageFilledWith(0)],
  [0x1fff, pageFilledWith(0x33)],
]);

/** Files beside those in memory, opened as they are. */
function ioWith(sources: Readonly<Record<string, Source>>): MemoryIo {
  const memory = memoryIo();
  const { files } = memory.io;
  const open: typeof files.open = (path) => {
    const source = sources[path];
    return source === undefined ? files.open(path) : { ...source, close: () => undefined };
  };
  return { ...memory, io: { ...memory.io, files: { ...files, open } } };
}

const filesWith = (source: Source) => ({ open: () => ({ ...source, close: () => undefined }) });

function pageOf(dump: Source, frame: number): Uint8Array {
  return vmcoreElf
    .read(dump)
    .readPhysical(addressOf(pfn(frame)), pageSizeBytes)
    .slice();
}

describe('a dump of our own', () => {
  it('comes back bit for bit, is in the image that B saves, and is told in the report', async () => {
    const memory = ioWith({ 'a.elf': sampleDump(undefined, pages) });
    const { code, stdout } = await kjump(['run', '--memory', 'a.elf', '--save', 'saved', '--json'], memory);
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report).toMatchObject({ verdict: 'restored', violations: [] });
    expect(report.memory.after).toBe(report.memory.before);
    expect(report.givenMemory).toMatchObject({
      file: 'a.elf',
      format: 'vmcore-elf',
      passedOver: { kernel: 1, region: 0, low: 0, noRam: 1 },
    });
    const saved = memory.files.get('saved/vmcore.elf');
    expect(saved && pageOf(saved, 0x1fff)).toEqual(pages.get(0x1fff));
    expect(saved && pageOf(saved, 0x1001)).not.toEqual(pages.get(0x1001));
  });

  it('is told for people with what was passed over', async () => {
    const memory = ioWith({ 'a.elf': sampleDump(undefined, pages) });
    const { stdout } = await kjump(['run', '--memory', 'a.elf', '--limit', '20'], memory);
    expect(stdout).toMatch(/memory {4}\d pages? of a\.elf \(vmcore-elf\); passed over: 1 where A's own/);
  });

  it('makes another run than cleared memory does', async () => {
    const memory = ioWith({ 'a.elf': sampleDump(undefined, pages) });
    const given = JSON.parse((await kjump(['run', '--memory', 'a.elf', '--json'], memory)).stdout);
    const cleared = JSON.parse((await kjump(['run', '--json'])).stdout);
    expect(given.memory.before).not.toBe(cleared.memory.before);
  });

  it.each(['on-demand', 'reserved'])('comes back from the power being off, loaded %s', async (load) => {
    const memory = ioWith({ 'a.elf': sampleDump(undefined, pages) });
    const options = ['--variant', 'hibernate', '--load', load, '--memory', 'a.elf', '--json'];
    const report = JSON.parse((await kjump(['run', ...options], memory)).stdout);
    expect(report).toMatchObject({ verdict: 'restored', violations: [] });
  });

  it('is read by compare for every column', async () => {
    const memory = ioWith({ 'a.elf': sampleDump(undefined, pages) });
    expect((await kjump(['compare', '--memory', 'a.elf', '--json'], memory)).code).toBe(0);
  });
});

describe('frames of the file', () => {
  const options = { ...defaultOptions };
  const file = (frames: readonly number[], beyond: GivenPages['beyond'] = []) =>
    new GivenPages(
      frames.map((frame): GivenPage => ({ frame: pfn(frame), bytes: pageFilledWith(7) })),
      beyond,
    );

  it('are passed over where A has a use of its own for them, each for one reason', () => {
    const plan = planOf(options);
    const { original, region } = plan.layout;
    const { text, early, memoryMap, sections, poolStart } = original;
    const passed = [text, sections, memoryMap, early].map(({ start }) => start);
    const frames = [0x9e, 0xa0, 0xff, ...passed, poolStart, poolStart + 1, poolStart + 3, region.start];
    const given = file(
      frames.sort((one, other) => one - other),
      [{ start: pfn(2 ** 20), count: 5 }],
    );
    const placed = placeGivenMemory(plan, given);
    expect(placed.taken).toEqual([
      { start: poolStart, count: 2 },
      { start: poolStart + 3, count: 1 },
    ]);
    // 0xa0 and 0xff are the hole below 1 MiB.
    expect(placed.passedOver).toEqual({ low: 1, kernel: 4, region: 1, noRam: 7 });
    expect([...pagesInPlace(placed)].map(({ frame }) => frame)).toEqual([
      poolStart,
      poolStart + 1,
      poolStart + 3,
    ]);
  });

  it('are all the memory there is in a box that is large enough, with struct pages of their own', () => {
    const frame = (6 * 2 ** 30) / pageSizeBytes;
    const plan = planOf({
      ...options,
      ramBytes: 64 * 2 ** 30,
      memory: { file: 'f', format: 'raw', pages: file([frame]) },
    });
    const section = plan.layout.sectionRuns.find(
      ({ first, count }) => first <= frame / 32768 && frame / 32768 < first + count,
    );
    expect(section?.isShared).toBe(false);
    expect(plan.memory?.takenCount).toBe(1);
  });

  it('are never given out: they hold at the end what they held in the beginning', () => {
    const { poolStart } = planOf(options).layout.original;
    const frames = Array.from({ length: 64 }, (_, index) => pfn(poolStart + index));
    const memory = { file: 'f', format: 'raw', pages: file(frames) };
    const { history } = faultFreeRun(planOf({ ...options, memory }), 100_000);
    const { contents } = history.rules;
    for (const frame of frames)
      expect(contents.bytes(history.world.memory.get(frame))).toEqual(pageFilledWith(7));
  });
});

describe('a saved run', () => {
  const dump = sampleDump(undefined, pages);
  const other = sampleDump(undefined, new Map([[0x1fff, pageFilledWith(0x44)]]));

  async function savedRun(): Promise<MemoryIo> {
    const memory = ioWith({ 'a.elf': dump, 'elsewhere.elf': dump, 'other.elf': other });
    const { code } = await kjump(['run', '--memory', 'a.elf', '--limit', '60', '--save', 'saved'], memory);
    expect(code).toBe(3);
    return memory;
  }

  it.each([
    ['run', '--picks', 'saved'],
    ['step', '--picks', 'saved'],
    ['visualize', 'run', 'saved'],
  ])('%s is told when it lacks the file, and when it is another one', async (...args) => {
    const memory = await savedRun();
    expect(await kjump(args, memory)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected the pages of a.elf'),
    });
    expect(memory.stderr()).toContain('found no --memory');
    expect((await kjump([...args, '--memory', 'other.elf'], memory)).code).toBe(2);
    expect(memory.stderr()).toContain('found other.elf with');
    expect((await kjump([...args, '--memory', 'elsewhere.elf'], memory)).code).not.toBe(2);
  });

  it.each([
    [undefined, 'memory.wanted'],
    [other, 'memory.other'],
  ])('is checked by digest (%#)', async (source, code) => {
    const saved = readSavedRun('saved', (await savedRun()).io.files);
    const given = source && readMemory(saved.options, 'b', filesWith(source));
    expect(() => checkMemory(saved, given)).toThrow(expect.objectContaining({ code }));
  });

  it('whose memory is not told as it should be is damaged', async () => {
    const memory = await savedRun();
    const text = textOf(memory.files.get('saved/trace.ndjson')).replace('"file":"a.elf"', '"file":7');
    expect(() => parseTrace(text, 'trace')).toThrow(expect.objectContaining({ code: 'trace.damaged' }));
  });
});

describe('a file that will not do', () => {
  const box = { ...defaultOptions };
  const alone = (frame: number) => sampleDump(undefined, new Map([[frame, pageFilledWith(1)]]));
  const dumpFrom = (start: number): Source => {
    const plan = { ...samplePlan, ranges: [{ first: physical(start), last: physical(start + 0xfffff) }] };
    const touched = new Map([[start / pageSizeBytes, pageFilledWith(1)]]);
    return sampleDump(sampleLayout({ ...plan, kernelText: { ...plan.kernelText, sizeBytes: 0 } }), touched);
  };

  it('is told with the --ram that would do', () => {
    const error = expect.objectContaining({
      code: 'memory.misplaced',
      message: expect.stringMatching(/--ram 8G would do/),
    });
    expect(() => readMemory(box, 'a.elf', filesWith(dumpFrom(5 * 2 ** 30)))).toThrow(error);
  });

  it('is refused where A has its kernel at any size', () => {
    const error = expect.objectContaining({
      code: 'memory.misplaced',
      message: expect.stringMatching(/no --ram would do/),
    });
    expect(() => readMemory(box, 'a.elf', filesWith(alone(0x1001)))).toThrow(error);
  });

  it('is refused beyond the limit of what is held in memory', () => {
    const error = expect.objectContaining({ code: 'memory.too-large' });
    expect(() => readMemory(box, 'a.elf', filesWith(sampleDump(undefined, pages)), 1)).toThrow(error);
  });

  it('ends the command with exit code 2, whether it is missing, unknown or misplaced', async () => {
    const text = new TextEncoder().encode('no image of any kind');
    const unknown: Source = {
      length: text.length,
      readAt: (offset, length) => text.slice(offset, offset + length),
    };
    const memory = ioWith({ 'unknown.txt': unknown, 'text.elf': alone(0x1001) });
    for (const name of ['nothing.elf', 'unknown.txt', 'text.elf'])
      expect((await kjump(['run', '--memory', name], memory)).code).toBe(2);
  });
});

describe('a recorded file', () => {
  it.for([
    ['b2-vmcore.elf', 'vmcore-elf', []],
    ['c2-nocompress.swap.img', 'swsusp', ['--load', 'on-demand']],
  ] as const)('%s is the memory of A, comes back, and is saved', async ([name, format, options], context) => {
    const source = recorded.open(context, name);
    const memory = ioWith({ [name]: source });
    const args = ['run', '--memory', name, '--save', 'saved', '--json', ...options];
    const { code, stdout } = await kjump(args, memory);
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report).toMatchObject({ verdict: 'restored', violations: [], givenMemory: { format } });
    expect(report.givenMemory.pages).toBeGreaterThan(4000);
    const saved = memory.files.get('saved/vmcore.elf');
    const { pages: given } = readMemory(boxOptionsOf({}), name, filesWith(source));
    const placed = placeGivenMemory(
      planOf({ ramBytes: report.options.ramBytes, load: report.options.load }),
      given,
    );
    for (const { frame, bytes } of [...pagesInPlace(placed)].filter((_, index) => index % 97 === 0))
      expect(saved && pageOf(saved, frame)).toEqual(bytes);
  });
});
