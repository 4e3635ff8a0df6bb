// How a composite's rows, gaps and buses lie from top to bottom. Nothing here depends on the channels, so heights are known first.

import type { Arrangement } from './layout-arrangement.ts';
import type { Course } from './layout-courses.ts';
import type { Gap } from './layout-gaps.ts';
import { gapOf } from './layout-gaps.ts';
import { trackSpacing } from './layout-sizes.ts';

/** Heights of everything in a composite, counted from its top border. */
export interface Levels {
  readonly gaps: readonly (readonly Gap[])[];
  readonly gapTops: readonly (readonly number[])[];
  readonly rowTops: readonly (readonly number[])[];
  readonly buses: ReadonlyMap<string, number>;
  readonly bottom: number;
}

/** Every other column is moved down by `shift`. */
export function levelsOf(arrangement: Arrangement, headerHeight: number, shift: number): Levels {
  const busNames = [
    ...new Set(arrangement.courses.filter(({ bus }) => bus !== null).map((course) => busName(course))),
  ];
  const topNames = busNames.filter((name) => name.startsWith('top'));
  const bottomNames = busNames.filter((name) => name.startsWith('bottom'));
  const start = headerHeight + trackSpacing * topNames.length;
  const gaps = arrangement.columns.map((rows, column) =>
    [...rows, []].map((_, index) => gapOf(arrangement, column, index)),
  );
  const rowHeights = arrangement.columns.map((rows) =>
    rows.map((row) => Math.max(...row.map((child) => arrangement.cells.get(child)?.height ?? 0))),
  );
  const gapTops = gaps.map((columnGaps, column) =>
    columnGaps.map((_, index) =>
      columnGaps
        .slice(0, index)
        .reduce(
          (sum, gap, row) => sum + gap.height + (rowHeights[column]?.[row] ?? 0),
          start + shift * (column % 2),
        ),
    ),
  );
  const rowTops = gapTops.map((tops, column) =>
    tops.slice(0, -1).map((top, index) => top + (gaps[column]?.[index]?.height ?? 0)),
  );
  const contentBottom = Math.max(
    ...gapTops.map((tops, column) => (tops.at(-1) ?? 0) + (gaps[column]?.at(-1)?.height ?? 0)),
  );
  const buses = new Map([
    ...topNames.map((name, index): [string, number] => [name, headerHeight + trackSpacing * (index + 1)]),
    ...bottomNames.map((name, index): [string, number] => [name, contentBottom + trackSpacing * index]),
  ]);
  return { gaps, gapTops, rowTops, buses, bottom: contentBottom + trackSpacing * bottomNames.length };
}

export function busName(course: Course): string {
  return `${course.bus} ${course.net.key}`;
}
