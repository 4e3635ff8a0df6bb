/**
 * What codecs cost, page by page of 4 KiB as dumps have them, each beside zlib of the same run: time to pack and to unpack, and size.
 *
 * The pages are those of the program that runs this, node itself: machine code, tables and text, pages of zeros left out. Times are
 * the best of several rounds; all codecs take turns, so that what else the machine does hits all of them alike.
 */
import type { Codec } from '../../image/codecs/codec.ts';
import { codecs } from '../../image/codecs/index.ts';
import { pageSizeBytes } from '../../image/pfn.ts';
import { assert } from '../../kernels/assert.ts';
import { nodePages } from './node-pages.ts';
import type { BenchmarkRow } from './row.ts';

const sampleBytes = 2 ** 24;
const rounds = 3;

type Measured = { readonly packMs: number; readonly unpackMs: number; readonly packedBytes: number };

export function codecBenchmarks(): readonly BenchmarkRow[] {
  const pages = nodePages(sampleBytes);
  const measured = measureAll(
    pages,
    Object.values(codecs).filter(({ name }) => name !== 'none'),
  );
  const peer = measured.get('zlib');
  assert(peer !== undefined, 'bench: zlib is what the others are compared with');
  const totalBytes = pages.length * pageSizeBytes;
  return [...measured]
    .filter(([name]) => name !== 'zlib')
    .flatMap(([name, one]) => {
      const target = name === 'zstd' ? { target: { bound: 'at most', value: 1 } as const } : {};
      return [
        {
          name: `${name}: pack pages`,
          value: one.packMs / peer.packMs,
          unit: 'of zlib',
          ...target,
          peer: rate('zlib packs', totalBytes, peer.packMs),
        },
        {
          name: `${name}: unpack pages`,
          value: one.unpackMs / peer.unpackMs,
          unit: 'of zlib',
          peer: rate('zlib unpacks', totalBytes, peer.unpackMs),
        },
        {
          name: `${name}: size of packed pages`,
          value: one.packedBytes / peer.packedBytes,
          unit: 'of zlib',
          ...target,
          peer: { name: 'zlib', value: (100 * peer.packedBytes) / totalBytes, unit: '%' },
        },
      ];
    });
}

const rate = (name: string, bytes: number, milliseconds: number): NonNullable<BenchmarkRow['peer']> => ({
  name,
  value: bytes / 1000 / milliseconds,
  unit: 'MB/s',
});

function measureAll(pages: readonly Uint8Array[], all: readonly Codec[]): ReadonlyMap<string, Measured> {
  const best = new Map<string, Measured>();
  for (let round = 0; round < rounds; round += 1) {
    for (const codec of all) {
      const before = best.get(codec.name);
      const now = measure(pages, codec);
      best.set(codec.name, {
        packMs: Math.min(now.packMs, before?.packMs ?? now.packMs),
        unpackMs: Math.min(now.unpackMs, before?.unpackMs ?? now.unpackMs),
        packedBytes: now.packedBytes,
      });
    }
  }
  return best;
}

function measure(pages: readonly Uint8Array[], codec: Codec): Measured {
  const room = new Uint8Array(codec.worstCaseBytes(pageSizeBytes));
  const all = new Uint8Array(pages.length * room.length);
  const ends: number[] = [];
  let end = 0;
  const packMs = timeOf(() => {
    for (const page of pages) {
      end += codec.compressInto(page, all.subarray(end));
      ends.push(end);
    }
  });
  const unpackMs = timeOf(() => {
    for (const [index, to] of ends.entries())
      codec.decompressInto(all.subarray(ends[index - 1] ?? 0, to), room.subarray(0, pageSizeBytes));
  });
  return { packMs, unpackMs, packedBytes: end };
}

function timeOf(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
