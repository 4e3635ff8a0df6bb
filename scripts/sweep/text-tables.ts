/**
 * A sweep for people: one line for each variant and load, and one for each fault, with the number of runs that ended in each verdict.
 * Below each table stands what is wrong, with the command that shows it.
 */

import { type Verdict, verdicts } from '../../machines/paths/path.ts';
import type { Output } from '../cli/io.ts';
import { wrap } from '../cli/wrap.ts';
import { isWrong } from './judgement.ts';
import type { SweepPlan } from './sweep-plan.ts';
import type { SweepRow } from './sweep-rows.ts';

type Page = Pick<Output, 'paint' | 'columns'>;

export function sweepText(plan: SweepPlan, rows: readonly SweepRow[], page: Page): string {
  const runs = rows.filter(({ fault }) => fault === undefined);
  const strikes = rows.filter(({ fault }) => fault !== undefined);
  const sections = [
    ...(runs.length > 0 ? [runsTable(runs, page)] : []),
    ...[...grouped(strikes, boxName)].map(([name, group]) => faultTable(name, group, page)),
    wrongLines(plan, rows, page),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const boxName = ({ variant, load }: SweepRow): string => `${variant} ${load}`;

function runsTable(rows: readonly SweepRow[], page: Page): readonly string[] {
  const [cpus, workloads] = [
    distinct(rows, ({ cpus: count }) => count),
    distinct(rows, ({ workload }) => workload),
  ];
  return [
    page.paint('bold', 'without faults'),
    ...wrap(`processors ${cpus.join(', ')}; workloads ${workloads.join(', ')}`, page.columns),
    ...countTable('variant and load', grouped(rows, boxName), page),
  ];
}

const faultTable = (name: string, rows: readonly SweepRow[], page: Page): readonly string[] => [
  page.paint('bold', `every fault at every place: ${name}`),
  ...countTable(
    'fault',
    grouped(rows, ({ fault }) => fault ?? ''),
    page,
  ),
];

/** A line for each group, and their sum; columns only for verdicts that there are. */
function countTable(
  title: string,
  groups: ReadonlyMap<string, readonly SweepRow[]>,
  page: Page,
): readonly string[] {
  const all = [...groups.values()].flat();
  const shown = verdicts.filter((verdict) => all.some((row) => row.verdict === verdict));
  const width = Math.max(title.length, ...[...groups.keys()].map(({ length }) => length));
  const line = (name: string, cells: readonly string[]): string =>
    [name.padEnd(width), ...cells.map((cell, index) => cell.padStart(widths[index] ?? 0))].join('  ');
  const headings = ['runs', ...shown, 'no end', 'explained', 'broken'];
  const widths = headings.map(({ length }) => Math.max(5, length));
  const rowOf = ([name, rows]: readonly [string, readonly SweepRow[]]): string =>
    line(name, cellsOf(rows, shown));
  return [
    page.paint('dim', line(title, headings)),
    ...[...groups].map(rowOf),
    page.paint('bold', rowOf(['all', all])),
  ];
}

function cellsOf(rows: readonly SweepRow[], shown: readonly Verdict[]): readonly string[] {
  const countOf = (holds: (row: SweepRow) => boolean): string => {
    const count = rows.filter(holds).length;
    return count === 0 ? '.' : String(count);
  };
  return [
    String(rows.length),
    ...shown.map((verdict) => countOf((row) => row.verdict === verdict)),
    countOf(({ verdict }) => verdict === undefined),
    countOf(({ explained }) => explained.length > 0),
    countOf(({ broken }) => broken.length > 0),
  ];
}

function wrongLines(plan: SweepPlan, rows: readonly SweepRow[], page: Page): readonly string[] {
  const wrong = rows.filter((row) => isWrong(plan, row));
  if (wrong.length === 0) return ['laws: all hold, but those that a fault may break (explained)'];
  return wrong.flatMap((row) => [
    `${page.paint('red', commandOf(plan, row))}`,
    ...wrap(
      `ends with ${row.verdict ?? 'nothing'}${row.end === 'limit' ? ' at the step limit' : ''}`,
      page.columns - 2,
    ).map(indented),
    ...(row.ignoredCount > 0 ? [indented(`${row.ignoredCount} events that no chart took`)] : []),
    ...row.broken.flatMap(({ law, text }) => wrap(`${law}: ${text}`, page.columns - 2).map(indented)),
  ]);
}

const indented = (line: string): string => `  ${line}`;

/** Of an attempt with other chances the command shows the place, not the chance. */
function commandOf({ common, path }: SweepPlan, row: SweepRow): string {
  const { ramBytes = 0, devices = [], tasks, work, seed } = common;
  return [
    `kjump run --path ${path} --variant ${row.variant} --load ${row.load} --cpus ${row.cpus} --workload ${row.workload}`,
    `--ram ${ramBytes / 2 ** 20}M --devices ${devices.join(',')} --tasks ${tasks} --work ${work} --seed ${seed}`,
    ...(row.fault === undefined ? [] : [`--fault ${row.fault}@${row.where}`]),
    ...((row.attempt ?? 1) > 1 ? [`(attempt ${row.attempt})`] : []),
  ].join(' ');
}

function grouped(
  rows: readonly SweepRow[],
  nameOf: (row: SweepRow) => string,
): ReadonlyMap<string, readonly SweepRow[]> {
  const groups = new Map<string, SweepRow[]>();
  for (const row of rows) {
    const name = nameOf(row);
    const group = groups.get(name) ?? [];
    group.push(row);
    groups.set(name, group);
  }
  return groups;
}

const distinct = <T>(rows: readonly SweepRow[], of: (row: SweepRow) => T): readonly T[] => [
  ...new Set(rows.map(of)),
];
