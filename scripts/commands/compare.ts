/** `kjump compare`: paths, or one path in several ways, on the same box, side by side. */
import { OptionError } from '../../machines/options/option-error.ts';
import { boxOptionsOf, boxTable, givenBoxOptions, memoryTable } from '../cli/box-options.ts';
import { command, type WithCommon } from '../cli/command.ts';
import { withMemory } from '../cli/given-memory.ts';
import { exitCodes, type Io } from '../cli/io.ts';
import { flag } from '../cli/options.ts';
import type { Parsed } from '../cli/parse.ts';
import { boxTitle } from '../compare/box-title.ts';
import { columnsOf } from '../compare/column.ts';
import { type ColumnsCompared, compareColumns } from '../compare/compare-columns.ts';
import { type ColumnTold, comparisonJson } from '../compare/json-comparison.ts';
import { pageWidth, widthOption } from '../compare/page-width.ts';
import { sharesText } from '../compare/share-text.ts';
import { sweepOption } from '../compare/sweep.ts';
import { sweepText } from '../compare/sweep-text.ts';
import { comparisonText } from '../compare/text-comparison.ts';
import { widenedColumns } from '../compare/widened-columns.ts';

const { path: _path, ...columnTable } = boxTable;

const compareTable = {
  ...columnTable,
  ...memoryTable,
  variants: flag('every column once for each variant of its path'),
  loads: flag('every column once for each kind of load'),
  sweep: sweepOption,
  share: flag('what the first column and each other have in common, with the lists behind it'),
  'exit-code': flag('1 when the columns differ, as diff does'),
  width: widthOption,
};

type CompareTable = WithCommon<typeof compareTable>;
type Values = Parsed<CompareTable>['values'];

/** More do not fit on a page, and none of the questions needs them; a sweep has a row for each. */
const columnLimit = 16;
const sweptLimit = 64;

export const compare = command({
  name: 'compare',
  about:
    'Runs paths on the same box and shows, phase by phase, what they share, what only one does, and what it costs',
  table: compareTable,
  positionals: { takes: 'PATH[:PART]…', most: columnLimit },
  notes: [
    'Without paths: kexec-jump and kdump; with --share kexec-jump:hibernate and kdump.',
    'PART is a variant of the path, a kind of load, or an option for this column alone, NAME=VALUE: kexec-jump:on-demand, kexec-jump:hibernate/on-demand, kdump:cpus=4, kexec-jump:try-again:fault=device-fails@freeze:gpu. All other options hold for every column.',
    'A sweep runs every column at every value: --sweep ram=256M,1G,16G --sweep devices=disk,disk+gpu.',
    'Exit codes: 0 compared; 1 only with --exit-code, when anything differs; 2 bad input; 3 a run was stopped at its limit.',
    'Times in the JSON are nanoseconds.',
  ],
  run: comparePaths,
});

async function comparePaths({ positionals, values, given }: Parsed<CompareTable>, io: Io): Promise<number> {
  // The path stands in the columns: it is never given, and so never read.
  const wanted = givenBoxOptions({ values: { ...values, path: '' }, given, positionals });
  const common = boxOptionsOf(wanted);
  const page = { columns: pageWidth(values.width, io.out), paint: io.out.paint };
  const asked = positionals.length === 0 ? defaultColumns(values) : positionals;
  const widened = widenedColumns(asked, { ...values, sweeps: values.sweep });
  checkCount(widened.length, values);
  const columns = columnsOf(
    widened.map(({ text }) => text),
    common,
  ).map((column, index): ColumnTold => ({ of: column.name, at: [], ...widened[index], ...column }));
  const withPages = columns.map(async (column) => ({
    ...column,
    options: await withMemory(column.options, values.memory, io.files),
  }));
  const comparison = compareColumns(await Promise.all(withPages), io);
  const title = boxTitle(common);
  io.out.write(
    values.json
      ? comparisonJson(comparison, columns, title)
      : textOf({ comparison, columns, title }, values, page),
  );
  if (comparison.stopped.length > 0) {
    io.err.write(`kjump compare: stopped at the step limit: ${comparison.stopped.join(', ')}\n`);
    return exitCodes.limit;
  }
  return values['exit-code'] && !comparison.isSame ? exitCodes.no : exitCodes.well;
}

/** The claim of 2007 is about hibernation: A is gone from the machine in between. */
const defaultColumns = ({ share }: Values): readonly string[] => [
  share ? 'kexec-jump:hibernate' : 'kexec-jump',
  'kdump',
];

type Result = {
  readonly comparison: ColumnsCompared;
  readonly columns: readonly ColumnTold[];
  readonly title: string;
};

function textOf(
  { comparison, columns, title }: Result,
  { share, sweep }: Values,
  page: Pick<Io['out'], 'columns' | 'paint'>,
): string {
  if (share) return sharesText(comparison.shares, title, page);
  if (sweep.length > 0) return sweepText({ comparison, columns }, title, page);
  return comparisonText(comparison, title, page);
}

function checkCount(count: number, { sweep, share }: Values): void {
  const limit = sweep.length > 0 ? sweptLimit : columnLimit;
  if (count > limit) {
    throw new OptionError('option.number', {
      option: sweep.length > 0 ? '--sweep' : '--variants and --loads',
      expected: `at most ${limit} columns`,
      found: String(count),
      help: 'Each is a run of its own.',
    });
  }
  if (!share || count > 1) return;
  const expected = 'two columns or more';
  throw new OptionError('option.combination', { option: '--share', expected, found: `${count}` });
}
