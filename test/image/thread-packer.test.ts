import { afterAll, describe, expect, it } from 'vitest';
import { packHere } from '../../image/packer.ts';
import { nodePages } from '../../scripts/bench/node-pages.ts';
import { threadPacker } from '../../scripts/image/thread-packer.ts';

const packer = threadPacker(2);
afterAll(() => packer.close());

const pages = Buffer.concat(nodePages(2 ** 20).slice(0, 100));
pages.fill(0, 4096, 8192);

describe('packing on threads', () => {
  it.each(['zlib', 'lzo', 'zstd'] as const)(
    'with %s gives what packing here gives, in any number at once',
    async (codec) => {
      const job = { codec, bytes: pages, unitSizeBytes: 4096, isSparing: true };
      const here = await packHere.pack(job);
      expect(here.lengths[1]).toBe(0);
      const there = await Promise.all(Array.from({ length: 9 }, () => packer.pack(job)));
      for (const packed of there) {
        expect(packed.lengths).toEqual(here.lengths);
        expect(Buffer.compare(packed.bytes, here.bytes)).toBe(0);
      }
    },
  );

  it('unpacks, and tells the units that failed as zeros with a reason', async () => {
    const { bytes, lengths } = await packer.pack({ codec: 'zlib', bytes: pages, unitSizeBytes: 4096 });
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, (lengths[0] ?? 0) + 2, (lengths[0] ?? 0) + 10);
    const job = {
      codec: 'zlib',
      bytes: damaged,
      lengths,
      unitSizeBytes: 4096,
      into: new Uint8Array(pages.length).fill(9),
    } as const;
    const unpacked = await packer.unpack(job);
    expect(unpacked.failures.map(({ unitIndex }) => unitIndex)).toEqual([1]);
    expect(unpacked.bytes.buffer).toBe(job.into.buffer);
    expect(Buffer.compare(unpacked.bytes, pages)).toBe(0);
  });

  it('says so when a unit comes to less than it must, but for the last one', async () => {
    const short = await packHere.pack({ codec: 'lzo', bytes: pages.subarray(0, 100), unitSizeBytes: 4096 });
    const job = { codec: 'lzo', ...short, unitSizeBytes: 4096 } as const;
    expect((await packer.unpack(job)).failures).toEqual([
      { unitIndex: 0, reason: 'comes to 100 bytes, expected 4096' },
    ]);
    const last = await packer.unpack({ ...job, isLastShorter: true });
    expect(last.failures).toEqual([]);
    expect(Buffer.compare(last.bytes, pages.subarray(0, 100))).toBe(0);
  });
});
