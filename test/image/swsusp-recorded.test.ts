import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import { formatOf } from '../../image/formats/index.ts';
import { snapshotStream } from '../../image/formats/snapshot-stream/index.ts';
import { decodeInfoPage } from '../../image/formats/snapshot-stream/info-page.ts';
import { swsusp } from '../../image/formats/swsusp/index.ts';
import { openSwsusp } from '../../image/formats/swsusp/open-swsusp.ts';
import { memoryFile } from '../../image/memory-file.ts';
import type { MemoryImage } from '../../image/memory-image.ts';
import { packHere } from '../../image/packer.ts';
import { pageBatches } from '../../image/page-batches.ts';
import { pageSizeBytes } from '../../image/pfn.ts';
import { storedRuns } from '../../image/verify-image.ts';
import { needs } from '../kit/needs.ts';
import { type RecordedName, recordedImages } from './recorded-image.ts';

const images = recordedImages();
afterAll(images.close);

const artefact = (context: TestContext, path: string): string =>
  readFileSync(join(needs(context, 'artefacts'), path), 'latin1');

/** What the recorder's own decoder printed for the image, by field. */
function printedHeader(context: TestContext, name: string) {
  const text = artefact(context, 'tools/swsusp-headers.txt');
  const [, part = ''] =
    new RegExp(`^${name}[^\\n]*?: ?(hw_sig[\\s\\S]*?)(?=^c\\d|$(?![\\s\\S]))`, 'm').exec(
      text.replaceAll(/^(c\d\S*) /gm, '$1: '),
    ) ?? [];
  const field = (pattern: RegExp): string => pattern.exec(part)?.[1] ?? 'missing';
  const numbers = field(/pages,size = \(([^)]*)\)/)
    .split(', ')
    .map(Number);
  return {
    hardwareSignature: Number(`0x${field(/hw_sig=(\w+)/)}`),
    crc: Number(`0x${field(/crc32=(\w+)/)}`),
    firstMapPage: Number(field(/image=(\d+)/)),
    flags: Number(field(/flags=(0x\w+)/)),
    virtual: field(/jump_address=(\w+)/),
    physical: Number(`0x${field(/ phys=(\w+)/)}`),
    cr3: Number(`0x${field(/cr3=(\w+)/)}`),
    magic: field(/magic=(\w+)/),
    memoryMapCrc: field(/e820_checksum=(\w+)/).padStart(16, '0'),
    frameCount: numbers[1],
    dataPages: numbers[3],
    pages: numbers[4],
    sizeBytes: numbers[5],
  };
}

async function digestOf(memory: MemoryImage): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([...memory.runs()]));
  for await (const { bytes } of pageBatches(memory, storedRuns(memory.runs()), packHere)) hash.update(bytes);
  return hash.digest('hex');
}

type Facts = {
  readonly name: RecordedName;
  readonly header: string;
  readonly log: string;
  readonly units: number | undefined;
};
const onSwap: readonly Facts[] = [
  {
    name: 'c1-swsusp-lzo.swap.img',
    header: 'c1-swsusp-shutdown-lzo',
    log: 'c1-swsusp-shutdown-lzo-boot1',
    units: 244,
  },
  {
    name: 'c2-nocompress.swap.img',
    header: 'c2-swsusp-shutdown-nocompress',
    log: 'c2-swsusp-shutdown-nocompress-boot1',
    units: undefined,
  },
  {
    name: 'c3-swsusp-lz4.swap.img',
    header: 'c3-swsusp-shutdown-lz4',
    log: 'c3-swsusp-shutdown-lz4-boot1',
    units: 244,
  },
];

describe.each(onSwap)('the image $name', ({ name, header, log, units }) => {
  it('has the header and the info page that were printed for it', (context) => {
    const printed = printedHeader(context, header);
    const image = openSwsusp(images.open(context, name));
    const { reentry, ...info } = image.info;
    expect({ ...image.header, ...info, ...reentry }).toMatchObject(printed);
    expect(image.state).toBe('waiting');
    expect(image.units?.count).toBe(units);
  });

  it('has as many pages as the kernel said when it wrote them', (context) => {
    const [, copied, zero] = /Image created \((\d+) pages copied, (\d+) zero pages\)/.exec(
      artefact(context, `logs/${log}.log`),
    ) ?? ['', '', ''];
    const { facts, problems } = swsusp.read(images.open(context, name));
    expect(facts).toContainEqual(['data pages', copied]);
    expect(facts).toContainEqual(['zero pages', zero]);
    expect(problems).toEqual([]);
  });

  it('is recognized, and verifies to the last page', async (context) => {
    const source = images.open(context, name);
    expect(formatOf(source)).toBe(swsusp);
    const report = await swsusp.verify?.(source, { packer: packHere });
    expect(report).toEqual({ pagesRead: printedHeader(context, header).dataPages, problems: [], lost: [] });
  });

  for (const codec of ['lzo', 'lz4', 'none'] as const)
    it(`comes back page for page from an image written with ${codec}`, async (context) => {
      const { memory } = swsusp.read(images.open(context, name));
      const file = memoryFile();
      const report = await swsusp.write?.(memory, file, { codec, packer: packHere });
      expect(report?.notes).toEqual([]);
      const back = swsusp.read(file);
      expect(back.problems).toEqual([]);
      expect(back.memory.machine).toEqual(memory.machine);
      expect(await digestOf(back.memory)).toBe(await digestOf(memory));
    });
});

it('writes c2 again byte for byte, over the whole device', async (context) => {
  const source = images.open(context, 'c2-nocompress.swap.img');
  const file = memoryFile();
  const settings = { label: 'labswap', uuid: '11111111-2222-3333-4444-555555555555', 'swap-pages': '32768' };
  await swsusp.write?.(swsusp.read(source).memory, file, { codec: 'none', packer: packHere, settings });
  expect(file.length).toBe(source.length);
  const pieceBytes = 2 ** 20;
  for (let offset = 0; offset < source.length; offset += pieceBytes) {
    const [written, recorded] = [file.readAt(offset, pieceBytes), source.readAt(offset, pieceBytes)];
    expect(Buffer.compare(written, recorded), `at ${offset}`).toBe(0);
  }
});

describe('the stream d1-uswsusp.img', () => {
  it('is found behind the header of the program that wrote it, with the pages that it says', async (context) => {
    const source = images.open(context, 'd1-uswsusp.img');
    const [, pages, size] = /LABUSWSUSP1 pages=(\d+) hash=\w+ size=(\d+)/.exec(
      Buffer.from(source.readAt(0, 128)).toString('latin1'),
    ) ?? ['', '', ''];
    expect(formatOf(source)).toBe(snapshotStream);
    const info = decodeInfoPage(source.readAt(pageSizeBytes, pageSizeBytes));
    expect(info).toMatchObject({ pages: Number(pages), sizeBytes: Number(size), dataPages: 5722 });
    const { facts, pageCount, problems } = snapshotStream.read(source);
    expect(facts).toContainEqual(['stream begins at', '0x1000']);
    expect(pageCount).toBe(5722 + 2219);
    expect(problems).toEqual([]);
  });

  it('is the same byte for byte when it is written again', async (context) => {
    const source = images.open(context, 'd1-uswsusp.img');
    const { memory } = snapshotStream.read(source, { offsetBytes: pageSizeBytes });
    const file = memoryFile();
    const report = await snapshotStream.write?.(memory, file, { codec: 'none', packer: packHere });
    expect(report).toEqual({ storedPages: 5722, zeroPages: 2219, notes: [], lengthBytes: 23_506_944 });
    const [written, recorded] = [file.readAt(0, file.length), source.readAt(pageSizeBytes, file.length)];
    expect(Buffer.compare(written, recorded)).toBe(0);
  });
});
