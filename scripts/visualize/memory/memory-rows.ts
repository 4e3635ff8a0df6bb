/**
 * A memory map as rows from address 0 up: every stretch of frames that is of one kind at every moment. Of a kind that is scattered the largest
 * ranges have rows of their own; a row shows the kind that has most of its frames, the exact counts stand in the table below the map.
 */
import { pfn } from '../../../image/pfn.ts';
import type { FrameRange } from '../../../kernels/linux/memory-layout.ts';
import { item } from '../../../kernels/shape.ts';
import { common, frameCount, joined } from '../../../machines/laws/frame-ranges.ts';
import { type MemoryKindName, memoryKinds } from './memory-kinds.ts';
import { backupWord, type MemoryColumn, type MemoryMap } from './memory-map.ts';

export type MemoryCell = { readonly kind: MemoryKindName; readonly title: string };

export type MemoryRow = FrameRange & {
  /** No memory, or nothing to tell, between this row and the one before. */
  readonly isAfterHole: boolean;
  readonly isInSecondRange: boolean;
  /** One for each moment. */
  readonly cells: readonly (MemoryCell | undefined)[];
};

/** Our choice: more rows than that are not looked at. */
const rangesOfKind = 6;

export function memoryRows({ columns, secondRange }: MemoryMap): readonly MemoryRow[] {
  const shown = columns.flatMap(({ parts }) => [...parts.values()].flatMap(largest));
  const borders = [
    ...new Set([...shown, ...secondRange].flatMap(({ start, count }) => [start, pfn(start + count)])),
  ].sort((one, other) => one - other);
  const rows: MemoryRow[] = [];
  let end = 0;
  for (const [index, start] of borders.slice(0, -1).entries()) {
    const range = { start, count: item(borders, index + 1) - start };
    const cells = columns.map((column) => cellOf(column, range));
    if (cells.every((cell) => cell === undefined)) continue;
    const isInSecondRange = frameCount(common([range], joined(secondRange))) > 0;
    const row = { ...range, isAfterHole: start > end, isInSecondRange, cells };
    end = start + range.count;
    const last = rows.at(-1);
    if (last !== undefined && isSame(last, row))
      rows[rows.length - 1] = { ...last, count: last.count + row.count };
    else rows.push(row);
  }
  return rows;
}

const largest = (ranges: readonly FrameRange[]): readonly FrameRange[] =>
  [...ranges].sort((one, other) => other.count - one.count).slice(0, rangesOfKind);

function cellOf({ parts, backup }: MemoryColumn, range: FrameRange): MemoryCell | undefined {
  let most = 0;
  let found: MemoryKindName | undefined;
  for (const [kind, ranges] of parts) {
    const frames = frameCount(common([range], ranges));
    if (frames <= most) continue;
    most = frames;
    found = kind;
  }
  if (found === undefined) return undefined;
  const { title } = memoryKinds[found];
  return { kind: found, title: found === 'backup' && backup ? `${title} (${backupWord(backup)})` : title };
}

const isSame = (last: MemoryRow, next: MemoryRow): boolean =>
  !next.isAfterHole &&
  last.isInSecondRange === next.isInSecondRange &&
  last.cells.every((cell, index) => cell?.title === next.cells[index]?.title);
