/** `kjump compare`: paths, or one path in several ways, on the same box, side by side. */
import { boxOptionsOf, boxTable, givenBoxOptions } from '../cli/box-options.ts';
import { command, type WithCommon } from '../cli/command.ts';
import { exitCodes, type Io } from '../cli/io.ts';
import { flag } from '../cli/options.ts';
import type { Parsed } from '../cli/parse.ts';
import { boxTitle } from '../compare/box-title.ts';
import { columnsOf } from '../compare/column.ts';
import { compareColumns } from '../compare/compare-columns.ts';
import { comparisonJson } from '../compare/json-comparison.ts';
import { pageWidth, widthOption } from '../compare/page-width.ts';
import { comparisonText } from '../compare/text-comparison.ts';

const { path: _path, ...columnTable } = boxTable;

const compareTable = {
  ...columnTable,
  'exit-code': flag('1 when the columns differ, as diff does'),
  width: widthOption,
};

type CompareTable = WithCommon<typeof compareTable>;

const defaultColumns = ['kexec-jump', 'kdump'];
/** More do not fit on a page, and none of the questions needs them. */
const columnLimit = 8;

export const compare = command({
  name: 'compare',
  about:
    'Runs paths on the same box and shows, phase by phase, what they share, what only one does, and what it costs',
  table: compareTable,
  positionals: { takes: 'PATH[:PART]…', most: columnLimit },
  notes: [
    'Without paths: kexec-jump and kdump.',
    'PART is a variant of the path, a kind of load, or an option for this column alone, NAME=VALUE: kexec-jump:on-demand, kdump:cpus=4, kexec-jump:try-again:fault=device-fails@freeze:gpu. All other options hold for every column.',
    'Exit codes: 0 compared; 1 only with --exit-code, when anything differs; 2 bad input; 3 a run was stopped at its limit.',
    'Times in the JSON are nanoseconds.',
  ],
  run: comparePaths,
});

async function comparePaths({ positionals, values, given }: Parsed<CompareTable>, io: Io): Promise<number> {
  // The path stands in the columns: it is never given, and so never read.
  const wanted = givenBoxOptions({ values: { ...values, path: '' }, given, positionals });
  const common = boxOptionsOf(wanted);
  const columns = columnsOf(positionals.length === 0 ? defaultColumns : positionals, common);
  const page = { columns: pageWidth(values.width, io.out), paint: io.out.paint };
  const comparison = compareColumns(columns, io);
  const title = boxTitle(common);
  io.out.write(values.json ? comparisonJson(comparison, title) : comparisonText(comparison, title, page));
  if (comparison.stopped.length > 0) {
    io.err.write(`kjump compare: stopped at the step limit: ${comparison.stopped.join(', ')}\n`);
    return exitCodes.limit;
  }
  return values['exit-code'] && !comparison.isSame ? exitCodes.no : exitCodes.well;
}
