import { describe, expect, it } from 'vitest';
import {
  encodeFrameList,
  forEachListed,
  listPagesFor,
  readFrameList,
} from '../../image/formats/snapshot-stream/frame-list.ts';
import { FrameTable } from '../../image/formats/snapshot-stream/frame-table.ts';
import { snapshotStream } from '../../image/formats/snapshot-stream/index.ts';
import { ImageError } from '../../image/image-error.ts';
import { memoryFile } from '../../image/memory-file.ts';
import { packHere } from '../../image/packer.ts';
import { pageSizeBytes, pfn } from '../../image/pfn.ts';
import { readBounded } from '../../image/sink.ts';
import { readEveryPage } from '../../image/verify-image.ts';
import {
  sampleDataPages,
  samplePage,
  sampleSnapshot,
  sampleZeroPages,
  streamImage,
} from './sample-snapshot.ts';

const listed = (pages: Iterable<Uint8Array>): [number, boolean][] => {
  const frames: [number, boolean][] = [];
  for (const page of pages) forEachListed(page, (frame, isZero) => frames.push([frame, isZero]));
  return frames;
};

describe('a frame list', () => {
  it.each([1, 511, 512, 513, 1024])(
    'of %i frames has whole pages and ends with a mark, unless it is full',
    (count) => {
      const pages = [...encodeFrameList([{ startPfn: pfn(7), count, kind: 'stored' }])];
      expect(pages).toHaveLength(listPagesFor(count));
      expect(listed(pages)).toHaveLength(count);
      const end = Buffer.concat(pages).subarray(count * 8);
      if (count % 512 !== 0) expect(end.subarray(0, 8)).toEqual(Buffer.alloc(8, 0xff));
      expect(end.subarray(8).every((byte) => byte === 0)).toBe(true);
    },
  );

  it('marks zero pages in bit 63, and keeps frame numbers beyond 2^32', () => {
    const pages = [
      ...encodeFrameList([
        { startPfn: pfn(2 ** 33), count: 1, kind: 'stored' },
        { startPfn: pfn(2 ** 33 + 5), count: 2, kind: 'zero' },
      ]),
    ];
    expect(listed(pages)).toEqual([
      [2 ** 33, false],
      [2 ** 33 + 5, true],
      [2 ** 33 + 6, true],
    ]);
    expect(Buffer.from(pages[0] ?? []).readBigUInt64LE(8)).toBe(2n ** 63n + 2n ** 33n + 5n);
  });

  it('out of order is refused with the place of the entry', () => {
    const pages = [
      ...encodeFrameList([
        { startPfn: pfn(5), count: 1, kind: 'stored' },
        { startPfn: pfn(3), count: 1, kind: 'stored' },
      ]),
    ];
    expect(() => readFrameList(pages, () => 0x3000)).toThrow(/at offset 0x3008 expected a frame from 0x6 to/);
  });
});

describe('a table of frames', () => {
  it('knows for each frame which data page it has', () => {
    const table = new FrameTable();
    for (const [frame, isZero] of [
      [3, false],
      [4, false],
      [5, true],
      [6, true],
      [9, false],
    ] as const)
      expect(table.add(frame, isZero)).toBe(true);
    expect([2, 3, 4, 5, 6, 7, 9, 10].map((frame) => table.find(pfn(frame)))).toEqual([
      undefined,
      0,
      1,
      'zero',
      'zero',
      undefined,
      2,
      undefined,
    ]);
    expect(table.add(9, false)).toBe(false);
    expect([table.dataPages, table.zeroPages, table.runCount]).toEqual([3, 2, 3]);
  });
});

describe('a stream', () => {
  it('is read back frame for frame, behind a header of another program too', async () => {
    const file = await streamImage();
    const behind = memoryFile();
    behind.writeAt(0, Buffer.from('a header'));
    behind.writeAt(pageSizeBytes, readBounded(file, 0, file.length));
    for (const source of [file, behind]) {
      const { memory, pageCount, problems } = snapshotStream.read(source);
      expect(problems).toEqual([]);
      expect(pageCount).toBe(sampleDataPages + sampleZeroPages);
      expect([...memory.runs()]).toEqual([...sampleSnapshot.runs()]);
      expect(memory.readPage(pfn(0x1001))).toEqual(samplePage(pfn(0x1001)));
    }
  });

  it('finds pages of zeros by itself, and leaves their data out', async () => {
    const file = memoryFile();
    const page = (frame: number) => new Uint8Array(pageSizeBytes).fill(frame === 4 ? 0 : frame);
    const report = await snapshotStream.write?.(
      { ...sampleSnapshot, runs: () => [{ startPfn: pfn(3), count: 3, kind: 'stored' }], readPage: page },
      file,
      { codec: 'none', packer: packHere },
    );
    expect(report).toMatchObject({ storedPages: 2, zeroPages: 1, lengthBytes: 4 * pageSizeBytes });
    const { memory } = snapshotStream.read(file);
    expect([...memory.runs()].map(({ kind }) => kind)).toEqual(['stored', 'zero', 'stored']);
    expect(memory.readPage(pfn(5))[0]).toBe(5);
  });

  it('leaves out what cannot be read, and says so', async () => {
    const file = memoryFile();
    const readPage = (frame: number): Uint8Array => {
      if (frame === 0x101)
        throw new ImageError('bytes.out-of-range', { offset: 0, expected: 'a page', found: 'none' });
      return samplePage(pfn(frame));
    };
    const memory = { ...sampleSnapshot, readPage };
    const report = await snapshotStream.write?.(memory, file, { codec: 'none', packer: packHere });
    expect(report?.notes).toEqual(['pages that could not be read, and are not in the image: 1']);
    expect(report?.storedPages).toBe(sampleDataPages - 1);
    expect(() => snapshotStream.read(file).memory.readPage(pfn(0x101))).toThrow(
      'expected a frame that the list names',
    );
  });

  it('that ends early loses the pages at its end, and says how many bytes it needs', async () => {
    const file = await streamImage();
    file.setLength(file.length - 3 * pageSizeBytes - 100);
    const contents = snapshotStream.read(file);
    expect(contents.problems).toEqual([expect.stringContaining('the pages at its end are missing')]);
    const { lost, pagesRead } = await readEveryPage(contents, { packer: packHere });
    expect(lost).toEqual([{ startPfn: pfn(0x1000 + 423 - 4), count: 4, kind: 'lost' }]);
    expect(pagesRead).toBe(sampleDataPages - 4);
  });

  it('leads every byte of the file to what covers it: almost none', async () => {
    const file = await streamImage();
    file.setLength(file.length + 10);
    let next = 0;
    for (const { offset, length } of snapshotStream.protection?.(file) ?? []) {
      expect(offset).toBe(next);
      next = offset + length;
    }
    expect(next).toBe(file.length);
  });
});
