/**
 * `npm run bench`: every benchmark as a table, with what is promised and what it is compared with. Names behind it choose some:
 * `npm run bench -- memory`. A promise that is not kept is marked, and is no failure: a busy machine proves nothing.
 */
import { codecBenchmarks } from './codecs.ts';
import { imageBenchmarks } from './image.ts';
import { memoryBenchmarks } from './memory.ts';
import type { BenchmarkRow } from './row.ts';
import { runBenchmarks } from './run.ts';

const benchmarks: Readonly<Record<string, () => readonly BenchmarkRow[] | Promise<readonly BenchmarkRow[]>>> =
  {
    codecs: codecBenchmarks,
    image: imageBenchmarks,
    memory: memoryBenchmarks,
    run: runBenchmarks,
  };

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  const known = Object.keys(benchmarks).join(', ');
  process.stderr.write(`bench: expected some of ${known}, found ${unknown.join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const [name, measure] of Object.entries(benchmarks)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    for (const row of await measure()) process.stdout.write(`${rowText(row)}\n`);
  }
}

function rowText({ name, value, unit, target, peer }: BenchmarkRow): string {
  const promised =
    target === undefined ? '' : `${target.bound} ${numberText(target.value)}: ${verdictOf(value, target)}`;
  const beside = peer === undefined ? '' : `${peer.name}: ${numberText(peer.value)} ${peer.unit}`;
  const cells = [
    name.padEnd(48),
    `${numberText(value).padStart(12)} ${unit.padEnd(15)}`,
    promised.padEnd(28),
    beside,
  ];
  return cells.join(' ').trimEnd();
}

function verdictOf(value: number, { bound, value: limit }: NonNullable<BenchmarkRow['target']>): string {
  return (bound === 'at most' ? value <= limit : value >= limit) ? 'kept' : 'MISSED';
}

/** Three digits that count, and no more than are known. */
function numberText(value: number): string {
  return value.toLocaleString(
    'en-US',
    value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  );
}
