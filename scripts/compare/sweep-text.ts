/**
 * A sweep as text: one table, a figure a row; where it differs over the sweep, a row for each point below its name. Phases are figures too.
 *
 *   figures                              kexec-jump         kdump
 *   verdict                                restored        dumped
 *   written to the disk by B
 *     ram=256M                           27,348 KiB    27,328 KiB
 */
import type { Output } from '../cli/io.ts';
import { wrap } from '../cli/wrap.ts';
import { durationText } from '../report/quantity-text.ts';
import type { ComparedStep, Comparison } from './comparison.ts';
import { brokenLawLines, figureRows } from './figure-rows.ts';
import { takerText } from './taker-text.ts';
import { columnPage, legendOf, type Row, tableLines } from './text-columns.ts';
import type { WidenedColumn } from './widened-columns.ts';

/** In the order of the comparison's names: each column as it is without the sweep, and what the sweep set. */
export type SweptColumn = Pick<WidenedColumn, 'of' | 'at'> & { readonly name: string };

const labelColumns = 32;

export function sweepText(
  { comparison, columns }: { readonly comparison: Comparison; readonly columns: readonly SweptColumn[] },
  title: string,
  out: Pick<Output, 'paint' | 'columns'>,
): string {
  const bases = [...new Set(columns.map(({ of }) => of))];
  const points = [...new Set(columns.map(pointOf))];
  const nameAt = (of: string, point: string): string =>
    columns.find((column) => column.of === of && pointOf(column) === point)?.name ?? '';
  const grid = { bases, points, nameAt };
  const page = columnPage(bases, out, labelColumns);
  const rows = [...measuresOf(comparison)].flatMap((measure) => rowsOf(measure, grid));
  return `${[
    ...wrap(title, out.columns),
    ...wrapped(`Swept, all else being equal: ${points.join('; ')}`, out),
    ...legendOf(bases, page),
    '',
    ...bases.flatMap((base) => stepLines(base, comparison, grid).flatMap((line) => wrapped(line, out))),
    '',
    ...tableLines('figures', rows, page),
    ...brokenLawLines(comparison.figures).flatMap((line) => ['', ...wrapped(line, out)]),
  ].join('\n')}\n`;
}

const wrapped = (text: string, { columns }: Pick<Output, 'columns'>): readonly string[] =>
  wrap(text, columns - 4).map((line, index) => (index === 0 ? line : `    ${line}`));

const pointOf = ({ at }: SweptColumn): string => at.join(' ');

type Grid = {
  readonly bases: readonly string[];
  readonly points: readonly string[];
  readonly nameAt: (of: string, point: string) => string;
};

type Measure = { readonly name: string; readonly textOf: (column: string) => string | undefined };

function* measuresOf({ figures, phases }: Comparison): Generator<Measure> {
  for (const { name, text } of figureRows) {
    yield {
      name,
      textOf: (column) => {
        const own = figures[column];
        return own && text(own);
      },
    };
  }
  for (const { phase, ns } of phases) {
    yield {
      name: `phase ${phase}`,
      textOf: (column) => {
        const own = ns[column];
        return own === undefined ? undefined : durationText(own);
      },
    };
  }
}

function rowsOf({ name, textOf }: Measure, { bases, points, nameAt }: Grid): readonly Row[] {
  const rows = points.map((point) => ({
    label: `  ${point}`,
    cells: bases.map((base) => textOf(nameAt(base, point)) ?? '–'),
  }));
  if (rows.every(({ cells }) => cells.every((cell) => cell === '–'))) return [];
  const [first] = rows;
  const isConstant = rows.every(({ cells }) => cells.join('|') === first?.cells.join('|'));
  if (first !== undefined && isConstant) return [{ label: name, cells: first.cells }];
  return [{ label: name, cells: bases.map(() => '') }, ...rows];
}

/** Whether a run takes other steps at another point. */
function stepLines(base: string, { phases }: Comparison, { points, nameAt }: Grid): readonly string[] {
  const names = points.map((point) => nameAt(base, point));
  const has = ({ counts }: ComparedStep, name: string): boolean => counts[name] !== undefined;
  const steps = phases.flatMap(({ phase, steps }) => steps.map((step) => ({ phase, step })));
  const own = steps.filter(({ step }) => names.some((name) => has(step, name)));
  const partial = own.filter(({ step }) => !names.every((name) => has(step, name)));
  if (partial.length === 0) return [`${base}: the same ${own.length} steps at every value`];
  return [
    `${base}: ${own.length - partial.length} of ${own.length} steps at every value`,
    ...partial.map(({ phase, step }) => {
      const where = points.filter((_point, index) => has(step, names[index] ?? ''));
      return `  ${phase}: ${takerText(step.by)} ${step.text} only at ${where.join('; ')}`;
    }),
  ];
}
