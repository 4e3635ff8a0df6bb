/**
 * What a run costs: steps in a second, bytes for each world that is kept, and what a terabyte costs more than a gigabyte.
 *
 * Bytes of a kept world are those that a whole default run adds to a process which has run it once before (so that code, caches of
 * charts and the like are there), divided by its worlds: worlds, records, page contents and what was read out of pages, all of it.
 * The terabyte is measured over whole processes, `kjump run --save` from start to exit, digests, laws and the image included: the
 * median of several, one of each in turn, and the largest resident size that the system saw.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '../../kernels/assert.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime } from '../../machines/system/choices.ts';
import { History, runToEnd } from '../../machines/system/history.ts';
import { boxOptionsOf } from '../cli/box-options.ts';
import { median } from './median.ts';
import type { BenchmarkRow } from './row.ts';
import { usedBytes } from './used-bytes.ts';

const rounds = 5;
/** Far more than the default run has. */
const stepLimit = 10_000;
const wholeRunFile = fileURLToPath(new URL('whole-run.ts', import.meta.url));

export const runBenchmarks = (): readonly BenchmarkRow[] => [
  stepsPerSecond(),
  bytesPerWorld(),
  ...terabyte(),
];

function stepsPerSecond(): BenchmarkRow {
  const rates = Array.from({ length: rounds }, () => {
    const start = performance.now();
    const { length } = defaultRun();
    return (length * 1000) / (performance.now() - start);
  });
  return { name: 'steps of the default run', value: median(rates), unit: 'steps/s' };
}

function bytesPerWorld(): BenchmarkRow {
  defaultRun();
  const before = usedBytes();
  const history = defaultRun();
  const value = (usedBytes() - before) / (history.length + 1);
  const target = { bound: 'at most', value: 16_384 } as const;
  return { name: 'a kept world of the default run, all included', value, unit: 'bytes', target };
}

function defaultRun(): History {
  const { rules, world } = beginBox(planOf(boxOptionsOf({})));
  const history = new History(rules, world, inTime);
  runToEnd(history, stepLimit);
  return history;
}

type WholeRun = { readonly milliseconds: number; readonly residentBytes: number };

function terabyte(): readonly BenchmarkRow[] {
  const small: WholeRun[] = [];
  const large: WholeRun[] = [];
  for (let round = 0; round < rounds; round += 1) {
    small.push(wholeRun('1G'));
    large.push(wholeRun('1T'));
  }
  const time = (runs: readonly WholeRun[]): number => median(runs.map(({ milliseconds }) => milliseconds));
  const resident = (runs: readonly WholeRun[]): number =>
    Math.max(...runs.map(({ residentBytes }) => residentBytes));
  const megabyte = 1e6;
  return [
    {
      name: 'run --ram 1T --save, whole process',
      value: time(large) / time(small),
      unit: 'of --ram 1G',
      target: { bound: 'at most', value: 1.5 },
      peer: { name: '--ram 1G', value: time(small), unit: 'ms' },
    },
    {
      name: 'run --ram 1T --save, memory beyond --ram 1G',
      value: (resident(large) - resident(small)) / megabyte,
      unit: 'MB',
      target: { bound: 'at most', value: 100 },
      peer: { name: '--ram 1G', value: resident(small) / megabyte, unit: 'MB' },
    },
  ];
}

function wholeRun(ram: string): WholeRun {
  const folder = mkdtempSync(join(tmpdir(), 'kjump-bench-'));
  try {
    const start = performance.now();
    const args = [...process.execArgv, wholeRunFile, 'run', '--ram', ram, '--save', folder, '--json'];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
    const milliseconds = performance.now() - start;
    assert(status === 0, `bench: run --ram ${ram} ended with ${status}: ${stderr}`);
    return { milliseconds, residentBytes: Number(stderr.trim().split('\n').at(-1)) * 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
