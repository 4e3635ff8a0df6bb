import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { ByteReader } from '../../image/bytes.ts';
import { machineOf } from '../../image/forecast/machine.ts';
import { resumeForecast } from '../../image/forecast/resume-forecast.ts';
import { formatOf } from '../../image/formats/index.ts';
import { dataCrc } from '../../image/formats/swsusp/data-crc.ts';
import { decodeHeaderPage } from '../../image/formats/swsusp/header-page.ts';
import { swsusp } from '../../image/formats/swsusp/index.ts';
import { openSwsusp } from '../../image/formats/swsusp/open-swsusp.ts';
import { ImageError } from '../../image/image-error.ts';
import { type MemoryFile, memoryFile } from '../../image/memory-file.ts';
import { packHere } from '../../image/packer.ts';
import { pageBatches } from '../../image/page-batches.ts';
import { pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { readBounded, type Source } from '../../image/sink.ts';
import { storedRuns } from '../../image/verify-image.ts';
import { needs, run, type Tool } from '../kit/needs.ts';
import {
  sampleDataPages,
  samplePage,
  sampleSnapshot,
  sampleZeroPages,
  swapImage,
  written,
} from './sample-snapshot.ts';

const codecs = ['lzo', 'lz4', 'none'] as const;
const verified = (source: Source, offsetBytes?: number) =>
  swsusp.verify?.(source, { packer: packHere, ...(offsetBytes !== undefined && { offsetBytes }) });

const signed = (file: MemoryFile, text: string, offset = 4086): MemoryFile => {
  file.writeAt(offset, new Uint8Array(10));
  file.writeAt(offset, Buffer.from(text));
  return file;
};

function toolSays(context: TestContext, tool: Tool, file: MemoryFile, options: readonly string[]): string {
  const path = needs(context, tool);
  const folder = mkdtempSync(join(tmpdir(), 'swsusp-'));
  try {
    const image = join(folder, 'swap.img');
    writeFileSync(image, readBounded(file, 0, file.length));
    return run(path, [...options, image]).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(codecs)('a written image, codec %s', (codec) => {
  it('is read back frame for frame and page for page, and verifies', async () => {
    const file = await swapImage(codec);
    const { memory, pageCount, problems } = swsusp.read(file);
    expect([...memory.runs()]).toEqual([...sampleSnapshot.runs()]);
    expect(pageCount).toBe(sampleDataPages + sampleZeroPages);
    expect(problems).toEqual([]);
    for (const frame of [0x10, 0x14, 0x100, 0x15f, 0x100 + 699, 0x1000, 0x1000 + 422])
      expect(memory.readPage(pfn(frame))).toEqual(samplePage(pfn(frame)));
    expect(memory.readPage(pfn(0x2000))).toEqual(new Uint8Array(pageSizeBytes));
    expect(memory.machine).toEqual(sampleSnapshot.machine);
    expect(await verified(file)).toEqual({ pagesRead: sampleDataPages, problems: [], lost: [] });
  });

  it('gives the same pages in batches as one by one', async () => {
    const { memory } = swsusp.read(await swapImage(codec));
    let pages = 0;
    for await (const { runs, bytes, lost } of pageBatches(memory, storedRuns(memory.runs()), packHere)) {
      expect(lost).toEqual([]);
      let at = 0;
      for (const { startPfn, count } of runs)
        for (let frame = startPfn as number; frame < startPfn + count; frame += 1) {
          const page = bytes.subarray(at, at + pageSizeBytes);
          if (Buffer.compare(page, samplePage(pfn(frame))) !== 0) throw new Error(`frame ${frame} differs`);
          at += pageSizeBytes;
          pages += 1;
        }
    }
    expect(pages).toBe(sampleDataPages);
  });

  it('is the same byte for byte when it is written from what was read', async () => {
    const first = await swapImage(codec);
    const second = await written(swsusp, codec, {}, swsusp.read(first).memory);
    expect(second.length).toBe(first.length);
    const difference = Buffer.compare(
      readBounded(second, 0, second.length),
      readBounded(first, 0, first.length),
    );
    expect(difference).toBe(0);
  });

  it('lies in a swap file on a device, told by the offset of its header page', async () => {
    const settings = { offset: String(16 * pageSizeBytes), 'swap-pages': '4000' };
    const file = await swapImage(codec, settings);
    expect(file.length).toBe(4016 * pageSizeBytes);
    const { memory, problems } = swsusp.read(file, { offsetBytes: 16 * pageSizeBytes });
    expect(problems).toEqual([]);
    expect(memory.readPage(pfn(0x1000))).toEqual(samplePage(pfn(0x1000)));
    expect((await verified(file, 16 * pageSizeBytes))?.problems).toEqual([]);
    expect(readBounded(file, 0, 16 * pageSizeBytes).every((byte) => byte === 0)).toBe(true);
  });

  it('in a swap file is hinted at when the device is taken for something else', async () => {
    const file = await swapImage(codec, { offset: '65536' });
    expect(() => formatOf(file)).toThrow('and a swap file with an image: give --offset 0x10000');
    expect(formatOf(file, 65_536)).toBe(swsusp);
  });

  it('leaves swap in use alone, and map pages lie between', async () => {
    const file = await swapImage(codec, { 'swap-in-use': '2-9,20,100-299,301' });
    const { chain } = openSwsusp(file).map;
    const taken = [
      ...chain.mapPages,
      ...[...chain.runs()].flatMap(({ devicePage, count }) => [devicePage, devicePage + count - 1]),
    ];
    for (const page of taken)
      expect((page >= 2 && page <= 9) || page === 20 || (page >= 100 && page < 300) || page === 301).toBe(
        false,
      );
    for (const page of [2, 9, 20, 100, 299, 301])
      expect(readBounded(file, page * pageSizeBytes, pageSizeBytes).every((byte) => byte === 0)).toBe(true);
    expect((await verified(file))?.problems).toEqual([]);
  });

  it('is what blkid and file call a swap area with an image', async (context) => {
    const file = await swapImage(codec, {
      label: 'boxswap',
      uuid: '11111111-2222-3333-4444-555555555555',
    });
    const blkid = toolSays(context, 'blkid', file, ['-p']);
    expect(blkid).toContain('TYPE="swsuspend"');
    expect(blkid).toContain('VERSION="s1suspend"');
    expect(blkid).toContain('LABEL="boxswap" UUID="11111111-2222-3333-4444-555555555555"');
    expect(toolSays(context, 'file', file, ['-b'])).toMatch(
      /Linux swap file, 4k page size, little endian, version 1, size \d+ pages, 0 bad pages, LABEL=boxswap, UUID=11111111-2222-3333-4444-555555555555, with SWSUSP1 image/,
    );
  });
});

describe('the header page', () => {
  it('carries flags, CRC and hardware signature as Linux has them', async () => {
    const header = async (codec: (typeof codecs)[number], settings = {}) =>
      decodeHeaderPage(readBounded(await swapImage(codec, settings), 0, pageSizeBytes));
    expect((await header('lzo')).flags).toBe(4);
    expect((await header('lz4')).flags).toBe(20);
    expect(await header('none')).toMatchObject({ flags: 2, crc: 0 });
    const withSignature = await header('lzo', { 'hardware-signature': '0x12345678' });
    expect(withSignature).toMatchObject({ flags: 12, hardwareSignature: 0x12345678, signature: 'S1SUSPEND' });
    expect((await header('lzo')).crc).toBe((await header('lz4')).crc);
  });

  it('says that an image was consumed once the swap area has its own signature again', async () => {
    const file = signed(await swapImage(), 'SWAPSPACE2');
    const { facts, problems } = swsusp.read(file);
    expect(facts).toContainEqual(['state', 'consumed']);
    expect(problems).toEqual([expect.stringContaining('the image was consumed')]);
  });

  it('without a signature is passed over only to salvage what is there', async () => {
    const file = signed(await swapImage(), 'XXSUSPEND');
    expect(formatOf(file)).toBe(swsusp);
    expect(() => swsusp.read(file)).toThrow('expected S1SUSPEND, found signature "XXSUSPEND"');
    const { memory, problems } = swsusp.read(file, { isSalvage: true });
    expect(problems).toEqual(['there is no signature of an image: a boot finds none']);
    expect(memory.readPage(pfn(0x100))).toEqual(samplePage(pfn(0x100)));
  });

  it.each([
    ['SWAPSPACE2', 'as a swap area without an image has it'],
    ['ULSUSPEND', 'an image of a program that hibernates by itself (uswsusp)'],
    ['LINHIB0001', 'an image of TuxOnIce'],
  ])('with the signature %s alone is told as what it is', (signature, told) => {
    const file = signed(memoryFile(), signature);
    expect(formatOf(file)).toBe(swsusp);
    expect(() => swsusp.read(file)).toThrow(told);
    const found = resumeForecast(file, machineOf({}));
    expect(found.checks.at(-1)).toMatchObject({ name: 'signature', result: 'fail' });
  });

  it('says what is odd about it', async () => {
    const file = signed(await swapImage('none'), 'X', 4076);
    file.writeAt(4072, Uint8Array.of(0x42));
    expect(swsusp.read(file).problems).toEqual([
      'the swap area would get the signature "X" back',
      'flags 0x40 are not known',
    ]);
  });
});

describe('damage', () => {
  it('in a packed unit loses its pages and no others, and is told with their frames', async () => {
    const file = await swapImage();
    const { units, map } = openSwsusp(file);
    const storedIndex = units?.at(4)?.storedIndex ?? 0;
    const offset = (map.chain.find(storedIndex)?.devicePage ?? 0) * pageSizeBytes + 8;
    file.writeAt(offset, new Uint8Array(64).fill(0xff));
    const report = await verified(file);
    expect(report?.pagesRead).toBe(sampleDataPages - 32);
    expect(report?.lost).toEqual([{ startPfn: pfn(0x100 + 4 * 32 - 3 - 5), count: 32, kind: 'lost' }]);
    expect(report?.problems[0]).toMatch(/^frame 0x178: /);
    const { memory } = swsusp.read(file);
    expect(() => memory.readPage(pfn(0x178))).toThrow(ImageError);
    expect(memory.readPage(pfn(0x177))).toEqual(samplePage(pfn(0x177)));
  });

  it('that unpacks all the same is told by the CRC', async () => {
    const file = await swapImage('lz4');
    file.writeAt(4060, Uint8Array.of(1, 2, 3, 4));
    expect((await verified(file))?.problems).toEqual([
      expect.stringMatching(/^the data has CRC 0x.*, the header says 0x4030201$/),
    ]);
  });

  it('that makes the map name a page twice is told', async () => {
    const file = await swapImage('none');
    file.writeAt(pageSizeBytes + 8 * 100, Uint8Array.of(3, 0));
    expect(swsusp.read(file).problems).toEqual(['page 0x3 of the device is in the map more than once']);
  });

  it('in a length of a unit loses all that lies behind it', async () => {
    const file = await swapImage();
    const { units, map } = openSwsusp(file);
    const page = map.chain.find(units?.at(30)?.storedIndex ?? 0)?.devicePage ?? 0;
    file.writeAt(page * pageSizeBytes, new Uint8Array(8));
    const report = await verified(file);
    expect(report?.pagesRead).toBe(30 * 32 - 3);
    expect(report?.problems[0]).toContain('a packed unit of the image is damaged');
  });

  it.each(codecs)('of a device that was cut loses what was behind the cut: %s', async (codec) => {
    const file = await swapImage(codec);
    const { map } = openSwsusp(file);
    // Behind the last map page, so that the cut takes data alone.
    file.setLength((map.chain.mapPages.at(-1) ?? 0) * pageSizeBytes + 20 * pageSizeBytes);
    const report = await verified(file);
    const lostPages = report?.lost.reduce((sum, { count }) => sum + count, 0) ?? 0;
    expect(lostPages).toBeGreaterThan(0);
    expect((report?.pagesRead ?? 0) + lostPages).toBe(sampleDataPages);
    expect(report?.lost.at(-1)?.startPfn).toBeGreaterThan(0xfff);
  });
});

it('leads every byte of the file to what covers it', async () => {
  for (const codec of codecs) {
    const file = await swapImage(codec, { 'swap-in-use': '7-9' });
    const ranges = [...(swsusp.protection?.(file) ?? [])];
    let next = 0;
    for (const { offset, length } of ranges) {
      expect(offset).toBe(next);
      expect(length).toBeGreaterThan(0);
      next = offset + length;
    }
    expect(next).toBe(file.length);
    expect(new Set(ranges.map(({ kind }) => kind)).has('checked')).toBe(codec !== 'none');
  }
});

it('takes the CRC as the kernel does: from 0, and not inverted', () => {
  const bytes = Buffer.from('123456789');
  // The CRC-32 that everybody knows is 0xcbf43926; crc32_le(0, …) of the same bytes is 0x2dfd2d88.
  expect(dataCrc(bytes)).toBe(0x2dfd2d88);
  expect(dataCrc(bytes.subarray(4), dataCrc(bytes.subarray(0, 4)))).toBe(0x2dfd2d88);
});

it('notes what the source does not know, and what a filtered source leaves out', async () => {
  const file = await swapImage();
  const report = await swsusp.write?.(
    {
      ...sampleSnapshot,
      machine: {},
      runs: () => [...sampleSnapshot.runs(), { startPfn: pfn(0x3000), count: 9, kind: 'free' }],
    },
    file,
    { codec: 'lzo', packer: packHere },
  );
  expect(report?.notes).toEqual([
    expect.stringContaining('no re-entry address'),
    expect.stringContaining('no CRC of the memory map'),
    expect.stringContaining(`${sampleDataPages + sampleZeroPages + 9} frames are taken for it`),
    expect.stringContaining('frames without bytes in the source, which whoever resumes finds empty: 9'),
  ]);
  expect(new ByteReader(swsusp.read(file).readPhysical(physical(0x100 * 4096), 8)).u8(0)).toBe(2);
});
