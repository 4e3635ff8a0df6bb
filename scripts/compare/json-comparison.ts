/** A comparison as JSON: the keys of design section 6, and more. Times are nanoseconds. Fields may be added, never renamed. */
import type { Comparison } from './comparison.ts';

export function comparisonJson(comparison: Comparison, title: string): string {
  const { names, phases, figures, commonCount, partialCount, isSame } = comparison;
  const report = {
    paths: names,
    box: title,
    isSame,
    commonSteps: commonCount,
    partialSteps: partialCount,
    phases: phases.map(({ phase, ...rest }) => ({ name: phase, ...rest })),
    figures,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
