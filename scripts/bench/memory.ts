/**
 * What sparse memory costs: a page set alone and in batches, a write of bytes, the snapshot that a write leaves behind,
 * the difference of two worlds, and the swap of a jump.
 *
 * The box has 16 GiB, 65,536 pages of it touched: nine tenths in clusters of 512 pages, the rest scattered. Times are
 * wall time, the median of several rounds; on a machine that does other work as well, compare ratios only.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import { type ContentId, Contents, zeroContent } from '../../kernels/memory/contents.ts';
import { PageMap } from '../../kernels/memory/page-map.ts';
import type { BenchmarkRow } from './row.ts';
import { usedBytes } from './used-bytes.ts';

const boxPages = 2 ** 22;
const touchedPages = 65_536;
const jumpPages = 2 ** 18;
const rounds = 7;

export function memoryBenchmarks(): readonly BenchmarkRow[] {
  const touched = Array.from({ length: touchedPages }, (_, order) => touchedIndex(order));
  const memory = PageMap.filled(boxPages, zeroContent).change((draft) => {
    for (const [order, index] of touched.entries()) draft.set(index, contentNumber(order));
  });
  return [
    setOne(memory),
    setBatch(memory),
    writeBytes(),
    keepSnapshot(memory),
    findDifferences(memory),
    swapTouched(),
  ];
}

function setOne(memory: PageMap): BenchmarkRow {
  const writes = 20_000;
  const milliseconds = medianTime(() => {
    let map = memory;
    for (let order = 0; order < writes; order++) {
      map = map.set(shuffledIndex(order), contentNumber(touchedPages + order));
    }
  });
  const value = (milliseconds * 1000) / writes;
  return { name: 'set one page at 16 GiB', value, unit: 'us', target: { bound: 'at most', value: 1 } };
}

function setBatch(memory: PageMap): BenchmarkRow {
  const batches = 40;
  const batchPages = 1000;
  const milliseconds = medianTime(() => {
    for (let batch = 0; batch < batches; batch++) {
      memory.change((draft) => {
        for (let order = 0; order < batchPages; order++) {
          draft.set(shuffledIndex(batch * batchPages + order), contentNumber(touchedPages + order));
        }
      });
    }
  });
  const value = (batches * batchPages * 1000) / milliseconds;
  const target = { bound: 'at least', value: 2_000_000 } as const;
  return { name: 'set pages at 16 GiB in batches of 1,000', value, unit: 'pages/s', target };
}

/** Reads the page, writes 8 bytes into a copy, interns the copy, which is always new, and sets the page. */
function writeBytes(): BenchmarkRow {
  const writes = 10_000;
  const milliseconds = medianTime(() => {
    const contents = new Contents();
    let map = PageMap.filled(boxPages, zeroContent);
    for (let order = 0; order < writes; order++) {
      const index = shuffledIndex(order);
      const bytes = new Uint8Array(Float64Array.of(order + 1).buffer);
      map = map.set(index, contents.written(map.get(index), (order * 8) % pageSizeBytes, bytes));
    }
  });
  return { name: 'write 8 bytes: copy, intern, set', value: (milliseconds * 1000) / writes, unit: 'us' };
}

/** Measured on the heap, after a collection before and after. */
function keepSnapshot(memory: PageMap): BenchmarkRow {
  const snapshots = 5000;
  const kept: PageMap[] = [];
  const before = usedBytes();
  let map = memory;
  for (let order = 0; order < snapshots; order++) {
    map = map.set(shuffledIndex(order), contentNumber(touchedPages + order));
    kept.push(map);
  }
  const value = (usedBytes() - before) / kept.length;
  const target = { bound: 'at most', value: 2560 } as const;
  return { name: 'keep the map after one write at 16 GiB (heap)', value, unit: 'bytes', target };
}

function findDifferences(memory: PageMap): BenchmarkRow {
  const other = memory.change((draft) => {
    for (let order = 0; order < 100; order++) {
      draft.set(shuffledIndex(order), contentNumber(touchedPages + order));
    }
  });
  const repeats = 50;
  let found = 0;
  const milliseconds = medianTime(() => {
    for (let repeat = 0; repeat < repeats; repeat++) found = [...memory.differences(other)].length;
  });
  const target = { bound: 'at most', value: 0.1 } as const;
  return {
    name: `difference of maps ${found} pages apart`,
    value: milliseconds / repeats,
    unit: 'ms',
    target,
  };
}

/** The 262,144 pages of 1 GiB change places with as many others, pair by pair, as the control page's code does it. */
function swapTouched(): BenchmarkRow {
  const half = boxPages / 2;
  const memory = PageMap.filled(boxPages, zeroContent).change((draft) => {
    for (let order = 0; order < jumpPages; order++) {
      draft.set(order, contentNumber(order));
      draft.set(half + order, contentNumber(jumpPages + order));
    }
  });
  const swap = medianTime(() => {
    memory.change((draft) => {
      for (let order = 0; order < jumpPages; order++) draft.swap(order, half + order);
    });
  });
  // A quarter of the bytes four times over: beyond every cache, and no 2 GiB asked of the machine.
  const parts = 4;
  const from = Buffer.alloc((jumpPages * pageSizeBytes) / parts, 1);
  const to = Buffer.alloc(from.length, 2);
  const copy = medianTime(() => {
    for (let part = 0; part < parts; part++) from.copy(to);
  });
  const peer = { name: 'Buffer.copy of 1 GiB', value: copy, unit: 'ms' };
  return {
    name: 'swap 1 GiB of touched pages, page by page',
    value: swap / copy,
    unit: 'of Buffer.copy',
    peer,
  };
}

/** The indexes of the touched pages: clusters evenly spread, and every tenth page by itself anywhere. */
function touchedIndex(order: number): number {
  const clusterPages = 512;
  const cluster = Math.floor(order / clusterPages);
  if (order % 10 === 0) return scattered(order);
  return (cluster * (boxPages / (touchedPages / clusterPages)) + (order % clusterPages)) % boxPages;
}

/** A touched page, in no order. */
function shuffledIndex(order: number): number {
  return touchedIndex(scattered(order) % touchedPages);
}

/** 22 bits that look like chance: multiplicative hashing (Knuth, The Art of Computer Programming 3, 6.4). */
function scattered(order: number): number {
  return Math.imul(order + 1, 0x9e3779b1) >>> 10;
}

function contentNumber(number: number): ContentId {
  // A page map does not look behind its ids, so a number that no other page has will do for a content.
  return (number + 2) as ContentId;
}

function medianTime(run: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  }).sort((left, right) => left - right);
  return times[Math.floor(rounds / 2)] ?? Number.NaN;
}
