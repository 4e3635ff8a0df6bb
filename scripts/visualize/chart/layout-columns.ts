/**
 * Breaks a list of rows into `columnCount` columns of consecutive rows, as a newspaper breaks its text, so that the highest column is
 * as low as it can be. Among breaks that are equally good the earlier columns are filled first.
 */
export function columnsOf<Row>(
  rows: readonly Row[],
  heights: readonly number[],
  columnCount: number,
): readonly (readonly Row[])[] {
  const limit = lowestLimit(heights, columnCount);
  const columns: Row[][] = [];
  let left = 0;
  rows.forEach((row, index) => {
    const height = heights[index] ?? 0;
    const column = columns.at(-1);
    if (column === undefined || left + height > limit) {
      columns.push([row]);
      left = height;
    } else {
      column.push(row);
      left += height;
    }
  });
  return columns;
}

/** The lowest height into which the rows fit: one of the sums of consecutive rows. */
function lowestLimit(heights: readonly number[], columnCount: number): number {
  const sums = heights.flatMap((_, first) =>
    heights.slice(first).map((_unused, index) => sumOf(heights.slice(first, first + index + 1))),
  );
  const fitting = sums.filter((limit) => columnsNeeded(heights, limit) <= columnCount);
  return Math.min(...fitting);
}

function columnsNeeded(heights: readonly number[], limit: number): number {
  if (heights.some((height) => height > limit)) return Number.POSITIVE_INFINITY;
  let columns = 1;
  let left = 0;
  for (const height of heights) {
    if (left + height > limit) {
      columns += 1;
      left = 0;
    }
    left += height;
  }
  return columns;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
