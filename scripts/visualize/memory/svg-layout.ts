/**
 * Where everything of a memory map stands, in pixels: addresses run down, each moment has a column, cells of one kind below each other are one.
 *
 * Not to scale: a row is as high as the logarithm of its size, and never lower than its text, so that a page and a terabyte can be seen in
 * one picture. Promises: no text touches another.
 */
import { pageSizeBytes } from '../../../image/pfn.ts';
import { wrap } from '../../cli/wrap.ts';
import { bytesText } from '../../report/quantity-text.ts';
import { textWidth } from '../chart/text-width.ts';
import type { MemoryKindName } from './memory-kinds.ts';
import { backupLines, type MemoryMap } from './memory-map.ts';
import { type MemoryRow, memoryRows } from './memory-rows.ts';
import { type MemoryTableRow, memoryTable } from './memory-table.ts';

export const fontSize = 11;
export const padding = 16;
const titleHeight = 18;
const titleColumns = 100;
const headHeight = 34;
const rowHeight = 16;
/** What ten times the size adds to the height of a row. */
const heightForTenfold = 3;
const holeHeight = 12;
const columnGap = 10;
const tableRowHeight = 17;
const lineHeight = 15;
const rangeWidth = 26;
const swatchWidth = 20;

export type PlacedText = { readonly x: number; readonly y: number; readonly text: string };
export type PlacedCell = {
  readonly kind: MemoryKindName;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly label: PlacedText;
};
export type PlacedSwatch = { readonly kind: MemoryKindName; readonly y: number };

export type MemoryLayout = {
  readonly width: number;
  readonly height: number;
  readonly titles: readonly PlacedText[];
  readonly heads: readonly PlacedText[];
  readonly addresses: readonly PlacedText[];
  readonly cells: readonly PlacedCell[];
  /** Frames that B gets: from here to there. */
  readonly ranges: readonly { readonly x: number; readonly from: number; readonly to: number }[];
  readonly holes: readonly PlacedText[];
  readonly swatches: readonly PlacedSwatch[];
  readonly table: readonly PlacedText[];
  readonly notes: readonly PlacedText[];
};

export const scaleText =
  'Not to scale: a row is as high as the logarithm of its size. ⋮ no memory. The bracket marks the frames that B gets.';

type PlacedRow = { readonly row: MemoryRow; readonly y: number; readonly height: number };
type Columns = { readonly left: number; readonly width: number; readonly xs: readonly number[] };

export function layoutMemory(map: MemoryMap): MemoryLayout {
  const titles = [...wrap(map.title, titleColumns), scaleText].map((text, index) => {
    return { x: padding, y: padding + 8 + index * titleHeight, text };
  });
  const top = padding + titles.length * titleHeight + headHeight;
  const rows = placedRows(memoryRows(map), top);
  const table = memoryTable(map);
  const columns = columnsOf(map, table, rows);
  const last = rows.at(-1);
  const bottom = last === undefined ? top : last.y + last.height;
  const tableTop = bottom + 44;
  const notesTop = tableTop + table.length * tableRowHeight + 22;
  const about = table.map(({ title, about }) => `${title}: ${about}`);
  const notes = [...backupLines(map), '', ...about].map((text, index) => {
    return { x: padding, y: notesTop + index * lineHeight, text };
  });
  const right = columns.left + columns.xs.length * (columns.width + columnGap);
  const texts = [...titles, ...notes].map(({ x, text }) => x + widthOf(text));
  return {
    width: Math.ceil(Math.max(right, ...texts)) + padding,
    height: notesTop + notes.length * lineHeight + padding,
    titles,
    heads: [
      { x: padding, y: top - 12, text: 'address, size' },
      ...map.columns.map(({ title }, index) => ({ x: columns.xs[index] ?? 0, y: top - 12, text: title })),
    ],
    addresses: rows.flatMap(({ row, y }) => addressTexts(row, y, columns.left)),
    cells: map.columns.flatMap((_column, index) => cellsOf(rows, index, columns)),
    ranges: rangesOf(rows, columns.left - 14),
    holes: rows
      .filter(({ row }, index) => row.isAfterHole && index > 0)
      .map(({ y }) => ({ x: padding, y: y - 3, text: '⋮' })),
    swatches: table.map(({ kind }, index) => ({ kind, y: tableTop + index * tableRowHeight - 10 })),
    table: [
      { x: padding, y: tableTop - tableRowHeight - 4, text: 'pages · size' },
      ...table.flatMap((row, index) => tableTexts(row, tableTop + index * tableRowHeight, columns)),
    ],
    notes,
  };
}

const widthOf = (text: string): number => textWidth(text, fontSize);
const addressText = ({ start }: MemoryRow): string => `0x${(start * pageSizeBytes).toString(16)}`;
const sizeText = ({ count }: MemoryRow): string => bytesText(count * pageSizeBytes);

function placedRows(rows: readonly MemoryRow[], top: number): readonly PlacedRow[] {
  let y = top;
  return rows.map((row, index) => {
    if (row.isAfterHole && index > 0) y += holeHeight;
    const height = rowHeight + Math.round(heightForTenfold * Math.log10(row.count));
    const placed = { row, y, height };
    y += height;
    return placed;
  });
}

function columnsOf(map: MemoryMap, table: readonly MemoryTableRow[], rows: readonly PlacedRow[]): Columns {
  const addresses = rows.map(({ row }) => widthOf(`${addressText(row)}  ${sizeText(row)}`));
  const left = padding + rangeWidth + Math.max(swatchWidth + widthOf('control page'), ...addresses);
  const texts = [
    ...map.columns.map(({ title }) => title),
    ...rows.flatMap(({ row }) => row.cells.map((cell) => cell?.title ?? '')),
    ...table.flatMap(({ cells }) => cells),
  ];
  const width = 12 + Math.max(...texts.map(widthOf));
  return { left, width, xs: map.columns.map((_column, index) => left + index * (width + columnGap)) };
}

function addressTexts(row: MemoryRow, y: number, left: number): readonly PlacedText[] {
  const size = sizeText(row);
  const base = y + 12;
  return [
    { x: padding, y: base, text: addressText(row) },
    { x: left - rangeWidth - widthOf(size), y: base, text: size },
  ];
}

/** One cell for all rows of one kind that touch. */
function cellsOf(rows: readonly PlacedRow[], index: number, { xs, width }: Columns): readonly PlacedCell[] {
  const x = xs[index] ?? 0;
  const cells: PlacedCell[] = [];
  for (const { row, y, height } of rows) {
    const cell = row.cells[index];
    if (cell === undefined) continue;
    const last = cells.at(-1);
    const touches = last !== undefined && last.y + last.height === y && last.label.text === cell.title;
    if (last !== undefined && touches) cells[cells.length - 1] = { ...last, height: last.height + height };
    else
      cells.push({ kind: cell.kind, x, y, width, height, label: { x: x + 6, y: y + 12, text: cell.title } });
  }
  return cells;
}

function rangesOf(rows: readonly PlacedRow[], x: number): MemoryLayout['ranges'] {
  const ranges: { x: number; from: number; to: number }[] = [];
  for (const { row, y, height } of rows) {
    const last = ranges.at(-1);
    if (!row.isInSecondRange) continue;
    if (last?.to === y) last.to = y + height;
    else ranges.push({ x, from: y, to: y + height });
  }
  return ranges;
}

function tableTexts({ title, cells }: MemoryTableRow, y: number, { xs }: Columns): readonly PlacedText[] {
  return [
    { x: padding + swatchWidth, y, text: title },
    ...cells.map((text, index) => ({ x: (xs[index] ?? 0) + 6, y, text })),
  ];
}
