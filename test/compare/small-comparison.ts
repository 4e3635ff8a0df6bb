/** Comparisons on a small box. */
import { boxOptionsOf } from '../../scripts/cli/box-options.ts';
import { columnsOf } from '../../scripts/compare/column.ts';
import { type ColumnRun, runColumn } from '../../scripts/compare/compare-columns.ts';
import { type Comparison, compareRuns } from '../../scripts/compare/comparison.ts';
import { memoryIo } from '../scripts/memory-io.ts';

export const smallBox = boxOptionsOf({
  ramBytes: 2 ** 28,
  devices: ['disk', 'network-card', 'console'],
  tasks: 1,
  work: 8,
});

const known = new Map<string, ColumnRun>();

/** Every column is run once, however often it is compared. */
export function compared(...texts: readonly string[]): Comparison {
  const columns = columnsOf(texts, smallBox);
  return compareRuns(
    columns.map((column, index) => {
      const text = texts[index] ?? '';
      const run = known.get(text) ?? runColumn(column, memoryIo().io);
      known.set(text, run);
      return { ...run, name: column.name };
    }),
  );
}
