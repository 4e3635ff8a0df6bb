/** Comparisons on a small box. */

import type { History } from '../../machines/system/history.ts';
import { boxOptionsOf } from '../../scripts/cli/box-options.ts';
import { columnsOf, numbered } from '../../scripts/compare/column.ts';
import { type ColumnRun, lookedAt } from '../../scripts/compare/compare-columns.ts';
import { type Comparison, compareRuns } from '../../scripts/compare/comparison.ts';
import type { Figures } from '../../scripts/compare/figures.ts';
import { runBox } from '../../scripts/compare/run-box.ts';
import { memoryIo } from '../scripts/memory-io.ts';

export const smallBox = boxOptionsOf({
  ramBytes: 2 ** 28,
  devices: ['disk', 'network-card', 'console'],
  tasks: 1,
  work: 8,
});

type Known = { readonly run: ColumnRun; readonly history: History };

const known = new Map<string, Known>();

/** Every column is run once, however often it is compared. */
function runOf(text: string): Known {
  const before = known.get(text);
  if (before !== undefined) return before;
  const [column] = columnsOf([text], smallBox);
  if (column === undefined) throw new Error(`small-comparison: no column ${text}`);
  const box = runBox(column.options, memoryIo().io);
  const found = { run: lookedAt(column, box), history: box.history };
  known.set(text, found);
  return found;
}

export const compared = (...texts: readonly string[]): Comparison => {
  const names = numbered(texts);
  return compareRuns(texts.map((text, index) => ({ ...runOf(text).run, name: names[index] ?? text })));
};

/** The figures of a column, and the run itself, to be looked at in another way. */
export function measuredRun(text: string): { readonly figures: Figures; readonly history: History } {
  const { run, history } = runOf(text);
  return { figures: run.figures, history };
}
