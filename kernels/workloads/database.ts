/**
 * A server: a large heap from the first unit on, of which every transaction changes one row, and a file whose blocks are written and
 * made safe with fsync every few transactions. The workload that suffers most from a disk that is not there.
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { appendLine, syncFiles, writeBlocks } from '../linux/task-files.ts';
import { compute, fillHeap, patternOf, type Work } from './heap-work.ts';
import { mixed } from './mixed.ts';
import { taskNameOf, type Workload } from './workload.ts';

/** Ours: a buffer pool larger than what a run touches again, and a file that is written round and round. */
const poolPages = 120;
const fileBlocks = 16;
const writeUnits = 6;
const rowBlocks = 4;
const commitUnits = 6;
const reportUnits = 12;

export const database: Workload = {
  name: 'database',
  about: 'a server: large heap, one row changed at a time, a file written with fsync',
  taskNames: ['postgres', 'walwriter', 'checkpointer', 'vacuum'],
  installed: [],
  unit: (box, task, unit) => {
    const work = { task, unit };
    if (unit === 0) fillHeap(box, work, { from: 0, count: poolPages });
    const row = unit % 2 === 0 ? 0 : compute(box, work, 1 + (mixed(task, unit) % poolPages));
    const name = taskNameOf(database, task);
    if (unit % writeUnits === writeUnits - 1) writeRows(box, work, { name, row });
    if (unit % commitUnits === commitUnits - 1) syncFiles(box, task);
    if (unit % reportUnits === reportUnits - 1)
      appendLine(box, task, `${name}.out`, `${name}: ${unit + 1} rows, ${row}`);
  },
};

function writeRows(
  box: Box,
  work: Work,
  { name, row }: { readonly name: string; readonly row: number },
): void {
  const first = (Math.floor(work.unit / writeUnits) * rowBlocks) % fileBlocks;
  const writes = Array.from({ length: rowBlocks }, (_, index) => {
    return {
      block: first + index,
      content: patternOf(box, work, mixed(row, index)),
      usedBytes: pageSizeBytes,
    };
  });
  writeBlocks(box, work.task, `${name}.db`, writes);
}
