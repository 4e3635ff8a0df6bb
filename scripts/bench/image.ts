/**
 * What images cost beside Debian's makedumpfile, in the same run and on the same dump: filter it at level 31, write it packed, read it
 * back. Medians of five, one of each in turn.
 *
 * The dump (large-dump.ts) keeps 640 MB of 2 GiB. Ours is measured inside its process; what Node needs to start is a row of its own.
 * Neither side waits for the disk: makedumpfile does not sync, and our sync comes after the time is taken. Ours works on as
 * many threads as there are processors, makedumpfile on one: with --num-threads 1.7.2 takes several times as long (on two
 * processors; measured.md E and tools/makedumpfile-timing.txt of the recordings say the same).
 *
 * Where the time goes: packing is nine tenths of writing, in zlib itself on both sides, and with LZO in TypeScript against C, at a third of
 * its speed on each processor: with two of them at rest LZO takes about twice makedumpfile's time, and three times when others
 * use one of them. Reading back pages as they are is as fast as the system reads; packed ones are as fast as their decoder, 0.3 to
 * 0.5 GB/s on each processor, so that two do not come to 1 GB/s.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '../../kernels/assert.ts';
import type { ImageJob, ImageMeasure } from './image-process.ts';
import { writeLargeDump } from './large-dump.ts';
import { median } from './median.ts';
import type { BenchmarkRow } from './row.ts';

const rounds = 5;
const processFile = fileURLToPath(
  new URL(`image-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);
const makedumpfilePaths = ['/usr/bin/makedumpfile', '/usr/sbin/makedumpfile', '/sbin/makedumpfile'];

export async function imageBenchmarks(): Promise<readonly BenchmarkRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kjump-image-bench-'));
  try {
    const dump = join(folder, 'large.elf');
    await writeLargeDump(dump);
    return rowsOf(measureAll(folder, dump));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Sample = { readonly milliseconds: number; readonly bytes: number; readonly residentBytes: number };
type Samples = Map<string, Sample[]>;

function measureAll(folder: string, dump: string): Samples {
  const samples: Samples = new Map();
  const add = (name: string, sample: Sample): void => {
    samples.set(name, [...(samples.get(name) ?? []), sample]);
  };
  const makedumpfile = makedumpfilePaths.find(isExecutable);
  for (let round = 0; round < rounds; round += 1) {
    add('start', startUp());
    add('filter', ours('filter', dump));
    add('read dump', ours('verify', dump));
    for (const codec of ['zlib', 'lzo', 'zstd', 'none']) {
      const output = join(folder, `ours.${codec}`);
      add(codec, ours('write', dump, output, codec));
      add(`read ${codec}`, ours('verify', output));
      rmSync(output);
    }
    if (makedumpfile === undefined) continue;
    for (const [name, ...options] of [
      ['filter', '--dry-run'],
      ['zlib', '-c'],
      ['lzo', '-l'],
    ] as const) {
      const output = join(folder, `theirs.${name}`);
      add(`their ${name}`, theirs(makedumpfile, [...options, '-d', '31', dump, output], output));
    }
  }
  return samples;
}

function ours(job: ImageJob, input: string, output = '', codec = ''): Sample {
  const args = [...process.execArgv, processFile, job, input, output, codec];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert(status === 0, `bench: ${job} ended with ${status}: ${stderr}`);
  // Our own process prints it.
  return JSON.parse(stdout) as ImageMeasure;
}

function startUp(): Sample {
  const start = performance.now();
  spawnSync(process.execPath, ['-e', '']);
  return { milliseconds: performance.now() - start, bytes: 0, residentBytes: 0 };
}

function theirs(tool: string, args: readonly string[], output: string): Sample {
  rmSync(output, { force: true });
  const start = performance.now();
  const { status, stderr } = spawnSync(tool, args, { encoding: 'utf8' });
  const milliseconds = performance.now() - start;
  assert(status === 0, `bench: makedumpfile ended with ${status}: ${stderr}`);
  const bytes = statSync(output, { throwIfNoEntry: false })?.size ?? 0;
  rmSync(output, { force: true });
  return { milliseconds, bytes, residentBytes: 0 };
}

function rowsOf(samples: Samples): readonly BenchmarkRow[] {
  const of = (name: string, what: keyof Sample): number =>
    median((samples.get(name) ?? []).map((sample) => sample[what]));
  const ratio = (
    name: string,
    what: 'milliseconds' | 'bytes',
    peer: string,
    limit: number,
  ): BenchmarkRow => ({
    name: `image: ${name}, ${what === 'bytes' ? 'size' : 'time'}`,
    value: of(name, what) / of(peer, what),
    unit: 'of the peer',
    target: { bound: 'at most', value: limit },
    peer: {
      name: peer.replace('their', 'makedumpfile'),
      value: what === 'bytes' ? of(peer, what) / 1e6 : of(peer, what),
      unit: what === 'bytes' ? 'MB' : 'ms',
    },
  });
  const rate = (name: string): BenchmarkRow => ({
    name: `image: ${name} back and verify`,
    value: of(name, 'bytes') / of(name, 'milliseconds') / 1e6,
    unit: 'GB/s',
    target: { bound: 'at least', value: 1 },
  });
  const withPeer = samples.has('their zlib')
    ? [
        ratio('filter', 'milliseconds', 'their filter', 1.5),
        ratio('zlib', 'milliseconds', 'their zlib', 1),
        ratio('zlib', 'bytes', 'their zlib', 1.02),
        ratio('lzo', 'milliseconds', 'their lzo', 2.5),
      ]
    : [];
  return [
    { name: 'image: Node starts', value: of('start', 'milliseconds'), unit: 'ms' },
    ...withPeer,
    ratio('zstd', 'milliseconds', 'zlib', 1),
    ratio('zstd', 'bytes', 'zlib', 1),
    ...['read dump', 'read none', 'read lzo', 'read zlib', 'read zstd'].map(rate),
    {
      name: 'image: peak memory',
      value: Math.max(...[...samples.values()].flat().map(({ residentBytes }) => residentBytes)) / 1e6,
      unit: 'MB',
      target: { bound: 'at most', value: 256 },
    },
  ];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
