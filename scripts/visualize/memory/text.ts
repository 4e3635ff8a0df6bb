/**
 * The memory of a run as text for a terminal: rows from address 0 up, a column for each moment, then how much is for what.
 *
 *   address            size        before load     after load      B runs
 *   0x0001000        636 KiB   B   A pool          A pool          B pool
 *   0x5100000          4 KiB       A pool          control page    control page
 *
 * B marks the frames that B gets: a region, or what the jump swaps with the backup pages. Not to scale. Where a page is too narrow for
 * all moments, they come in several blocks.
 */
import { pageSizeBytes } from '../../../image/pfn.ts';
import { wrap } from '../../cli/wrap.ts';
import { bytesText } from '../../report/quantity-text.ts';
import type { TextOptions } from '../run/text.ts';
import { backupLines, type MemoryMap } from './memory-map.ts';
import { type MemoryRow, memoryRows } from './memory-rows.ts';
import { memoryTable } from './memory-table.ts';

const sizeColumns = 11;
const rangeColumns = 3;
const titleColumns = 15;

export function memoryText(map: MemoryMap, options: TextOptions): string {
  const { columns, paint } = options;
  const rows = memoryRows(map);
  const addressColumns = Math.max(9, ...rows.map(({ start }) => addressText(start).length + 1));
  const left = addressColumns + sizeColumns + rangeColumns;
  const heads = map.columns.map(({ title }) => title);
  const titles = [...heads, ...rows.flatMap((row) => row.cells.map((cell) => cell?.title ?? ''))];
  const blocks = blocksOf(heads.length, columns - left, 1 + Math.max(...titles.map((title) => title.length)));
  const maps = blocks.flatMap(({ from, to, width }) => [
    paint(
      'bold',
      `${'address'.padEnd(addressColumns)}${'size '.padStart(sizeColumns)}${''.padEnd(rangeColumns)}${cells(heads.slice(from, to), width)}`,
    ),
    ...rows.flatMap((row, index) => [
      ...(row.isAfterHole && index > 0 ? ['⋮'] : []),
      `${addressText(row.start).padEnd(addressColumns)}${sizeOf(row)}${row.isInSecondRange ? ' B ' : '   '}${cells(
        row.cells.slice(from, to).map((cell) => cell?.title ?? ''),
        width,
      )}`,
    ]),
    '',
  ]);
  const table = memoryTable(map);
  const leastColumns = 2 + Math.max(...table.flatMap((row) => row.cells.map((cell) => cell.length)));
  const tables = blocksOf(heads.length, columns - titleColumns, leastColumns).flatMap(
    ({ from, to, width }) => [
      paint('bold', `${'pages · size'.padEnd(titleColumns)}${cells(heads.slice(from, to), width)}`),
      ...table.map(
        ({ title, cells: each }) => `${title.padEnd(titleColumns)}${cells(each.slice(from, to), width)}`,
      ),
      '',
    ],
  );
  const legend = table.map(({ title, about }) => `${title.padEnd(titleColumns)}${about}`);
  return [
    ...wrap(map.title, columns),
    '',
    ...maps,
    ...tables,
    ...backupLines(map).flatMap((line) => wrap(line, columns)),
    ...(map.columns.some(({ backup }) => backup) ? [''] : []),
    ...legend.flatMap((line) =>
      wrap(line, columns).map((part, index) => (index === 0 ? part : `    ${part}`)),
    ),
    '',
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

const addressText = (frame: number): string => `0x${(frame * pageSizeBytes).toString(16)}`;
const sizeOf = ({ count }: MemoryRow): string =>
  bytesText(count * pageSizeBytes)
    .padStart(sizeColumns - 1)
    .padEnd(sizeColumns);

const cells = (texts: readonly string[], width: number): string =>
  texts.map((text) => text.padEnd(width)).join('');

type Block = { readonly from: number; readonly to: number; readonly width: number };

/** As many columns side by side as there is room for. */
function blocksOf(count: number, room: number, least: number): readonly Block[] {
  const most = Math.max(1, Math.floor(room / least));
  const blockCount = Math.ceil(count / most);
  const perBlock = Math.ceil(count / blockCount);
  const width = Math.max(least, Math.min(24, Math.floor(room / perBlock)));
  return Array.from({ length: blockCount }, (_, index) => {
    return { from: index * perBlock, to: Math.min(count, (index + 1) * perBlock), width };
  });
}
