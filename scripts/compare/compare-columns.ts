/** Runs each column on its box and compares what came of it. */
import { assert } from '../../kernels/assert.ts';
import { pathNamed } from '../../machines/paths/index.ts';
import type { Io } from '../cli/io.ts';
import { runFacts } from '../report/run-facts.ts';
import type { Column } from './column.ts';
import { type ComparedRun, type Comparison, compareRuns } from './comparison.ts';
import { figuresOf } from './figures.ts';
import { runBox } from './run-box.ts';
import { stepsOfRun } from './steps-of-run.ts';

export type ColumnsCompared = Comparison & {
  /** Columns that were stopped at the limit. */
  readonly stopped: readonly string[];
};

/** One run after the other; only what is compared is kept of each. */
export function compareColumns(columns: readonly Column[], io: Pick<Io, 'err' | 'clockMs'>): ColumnsCompared {
  const runs = columns.map((column) => runColumn(column, io));
  const stopped = runs.filter(({ isStopped }) => isStopped).map(({ name }) => name);
  return { ...compareRuns(runs), stopped };
}

export type ColumnRun = ComparedRun & { readonly isStopped: boolean };

export function runColumn({ name, options }: Column, io: Pick<Io, 'err' | 'clockMs'>): ColumnRun {
  const { history, isStopped } = runBox(options, io);
  const path = pathNamed(options.path);
  assert(path !== undefined, `compare: there is no path ${options.path}`);
  const figures = figuresOf(history, runFacts(history, options, isStopped));
  return { name, path, steps: stepsOfRun(history), figures, isStopped };
}
