/** Runs each column on its box and compares what came of it. */
import type { Io } from '../cli/io.ts';
import { runFacts } from '../report/run-facts.ts';
import type { Column } from './column.ts';
import { type ComparedRun, type Comparison, compareRuns } from './comparison.ts';
import { figuresOf } from './figures.ts';
import { type BoxRun, runBox } from './run-box.ts';
import { stepsOfRun } from './steps-of-run.ts';
import { traceOfRun } from './trace-of-run.ts';

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

export const runColumn = (column: Column, io: Pick<Io, 'err' | 'clockMs'>): ColumnRun =>
  lookedAt(column, runBox(column.options, io));

/** What is compared of a run. */
export function lookedAt({ name, options }: Column, { history, isStopped }: BoxRun): ColumnRun {
  const facts = runFacts(history, options, isStopped);
  return {
    name,
    path: facts.path,
    variant: facts.variant,
    steps: stepsOfRun(history),
    trace: traceOfRun(history),
    figures: figuresOf(history, facts),
    isStopped,
  };
}
