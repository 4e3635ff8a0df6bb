/** A comparison as JSON: the keys of design section 6, and more. Times are nanoseconds. Fields may be added, never renamed. */
import type { Column } from './column.ts';
import type { Comparison } from './comparison.ts';
import type { SweptColumn } from './sweep-text.ts';

/** What stands in each column: its options, and where a sweep put it. */
export type ColumnTold = Column & SweptColumn;

export function comparisonJson(
  comparison: Comparison,
  columns: readonly ColumnTold[],
  title: string,
): string {
  const { names, phases, figures, commonCount, partialCount, shares, isSame } = comparison;
  const report = {
    paths: names,
    box: title,
    columns: columns.map(({ name, of, at, options }) => ({ name, of, at, options })),
    isSame,
    commonSteps: commonCount,
    partialSteps: partialCount,
    phases: phases.map(({ phase, ...rest }) => ({ name: phase, ...rest })),
    figures,
    shares,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
