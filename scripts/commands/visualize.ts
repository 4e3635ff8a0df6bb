/** `kjump visualize`: the charts as pictures, and a run as a sequence of who told whom what. */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { charts } from '../../machines/charts.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import type { History } from '../../machines/system/history.ts';
import { type BoxTable, boxOptionsOf, boxTable, givenBoxOptions, isBoxOption } from '../cli/box-options.ts';
import { closest } from '../cli/closest.ts';
import { command, type WithCommon } from '../cli/command.ts';
import { writeText } from '../cli/files.ts';
import { exitCodes, type Io } from '../cli/io.ts';
import { flag, names, oneOfWords, optionalText } from '../cli/options.ts';
import type { Given, Parsed } from '../cli/parse.ts';
import { pageWidth, widthOption } from '../compare/page-width.ts';
import { runBox } from '../compare/run-box.ts';
import { historyOfSaved, readSavedRun } from '../saved-run/read.ts';
import { chartGraphOf } from '../visualize/chart/chart-graph.ts';
import { type ChartFormat, chartFormats, drawChart } from '../visualize/chart/draw-chart.ts';
import { drawRun, type RunFormat, runFormats } from '../visualize/run/draw-run.ts';
import { sequenceJson } from '../visualize/run/json.ts';
import { sequenceOf } from '../visualize/run/sequence-of.ts';

const formatNames = [...new Set([...Object.keys(chartFormats), ...Object.keys(runFormats)])];

const visualizeTable = {
  format: optionalText({ takes: 'NAME', help: 'of the picture', words: formatNames, otherwise: 'text' }),
  out: optionalText({ takes: 'FILE', help: 'write the picture there instead of printing it' }),
  highlight: names({
    takes: 'STATE,…',
    help: 'chart: states to mark, as in kexec.freezing',
    otherwise: 'none',
  }),
  focus: optionalText({
    takes: 'STATE',
    help: 'chart: only this state, with what it leads to and is entered from',
  }),
  orientation: oneOfWords(['portrait', 'landscape'], {
    takes: 'HOW',
    help: 'chart: the proportions of an SVG',
  }),
  lifelines: oneOfWords(['together', 'each'], {
    takes: 'HOW',
    help: 'run: one lifeline for all devices, or one for each',
  }),
  unfold: flag('run: every single message, nothing folded'),
  width: { ...widthOption, help: `run: ${widthOption.help}` },
  ...boxTable,
};

type VisualizeTable = WithCommon<typeof visualizeTable>;
type Asked = Parsed<VisualizeTable>;

export const visualize = command({
  name: 'visualize',
  about: 'Draws a chart, or a run as a sequence of operator, firmware, kernels, devices, disk and memory',
  table: visualizeTable,
  positionals: { takes: 'chart NAME | run [DIR]', most: 2 },
  notes: [
    `chart NAME draws one of ${Object.keys(charts).join(', ')} as ${Object.keys(chartFormats).join(', ')}.`,
    `run draws the box that the options describe; run DIR a run that "kjump run --save DIR" wrote; as ${Object.keys(runFormats).join(', ')}. What repeats is folded: freeze × 8: usb-storage … disk.`,
    'With --json the graph of the chart, or the rows of the sequence; times are nanoseconds since power-on.',
    'Exit codes: 0 drawn; 2 bad input; 3 the run was stopped at its limit, and is drawn as far as it went.',
  ],
  run: draw,
});

async function draw(asked: Asked, io: Io): Promise<number> {
  const [kind, name] = asked.positionals;
  if (kind === 'chart') return drawNamedChart(name, asked, io);
  if (kind === 'run') return drawNamedRun(name, asked, io);
  throw new OptionError('option.unknown', {
    option: 'visualize',
    expected: 'chart NAME or run [DIR]',
    found: kind ?? '',
  });
}

function drawNamedChart(name: string | undefined, asked: Asked, io: Io): number {
  const { values, given } = asked;
  refuse(given, (option) => isBoxOption(option) || ofRuns.includes(option.name), 'chart');
  const machine = charts[name ?? ''];
  if (machine === undefined) {
    const known = Object.keys(charts);
    const near = closest(name ?? '', known);
    throw new OptionError('option.unknown', {
      option: 'visualize chart',
      expected: `one of ${known.join(', ')}`,
      found: name ?? '',
      ...(near !== undefined && { help: `Did you mean ${near}?` }),
    });
  }
  const format = formatOf<ChartFormat>(values.format, chartFormats);
  const picture = values.json
    ? `${JSON.stringify(chartGraphOf(machine), null, 2)}\n`
    : drawChart(machine, format, {
        active: (values.highlight ?? []).map((state) => stateId(machine, state)),
        orientation: values.orientation,
        ...(values.focus !== undefined && { focus: stateId(machine, values.focus) }),
      });
  return show(picture, asked, io);
}

function drawNamedRun(folder: string | undefined, asked: Asked, io: Io): number {
  const { values, given } = asked;
  refuse(given, ({ name }) => ofCharts.includes(name), 'run');
  if (folder !== undefined) refuse(given, isBoxOption, `${folder}, which says what box it is`);
  const format = formatOf<RunFormat>(values.format, runFormats);
  const isPlain = values.out !== undefined || !io.out.isTerminal;
  const page = {
    columns: pageWidth(values.width, { ...io.out, isTerminal: !isPlain }),
    paint: isPlain ? (_style: string, text: string) => text : io.out.paint,
  };
  const { history, isStopped } = openRun(folder, asked, io);
  const options = { devices: values.lifelines, isUnfolded: values.unfold };
  const picture = values.json
    ? sequenceJson(sequenceOf(history, options))
    : drawRun(history, format, { ...options, ...page });
  show(picture, asked, io);
  if (!isStopped) return exitCodes.well;
  io.err.write(`kjump visualize: the run was stopped after ${history.length} steps\n`);
  return exitCodes.limit;
}

type OpenedRun = { readonly history: History; readonly isStopped: boolean };

function openRun(folder: string | undefined, asked: Asked, io: Io): OpenedRun {
  if (folder === undefined) {
    // The box's own options are part of this table, under the same names.
    return runBox(boxOptionsOf(givenBoxOptions(asked as Parsed<BoxTable>)), io);
  }
  const saved = readSavedRun(folder, io.files);
  return { history: historyOfSaved(saved), isStopped: saved.isStopped };
}

const ofCharts: readonly string[] = ['highlight', 'focus', 'orientation'];
const ofRuns: readonly string[] = ['lifelines', 'unfold', 'width'];

/** What would have no effect is not taken. */
function refuse(given: readonly Given[], isWrong: (option: Given) => boolean, beside: string): void {
  const wrong = given.find(isWrong);
  if (wrong === undefined) return;
  throw new OptionError('option.combination', {
    option: `--${wrong.name}`,
    expected: `no such option beside ${beside}`,
    found: `--${wrong.name}`,
  });
}

function formatOf<Format extends string>(
  wanted: string | undefined,
  formats: Record<Format, unknown>,
): Format {
  // The keys of the registry, which the compiler forgets.
  const known = Object.keys(formats) as Format[];
  const format = known.find((each) => each === (wanted ?? 'text'));
  if (format !== undefined) return format;
  throw new OptionError('option.unknown', {
    option: '--format',
    expected: `one of ${known.join(', ')}`,
    found: wanted ?? '',
  });
}

/** A state by its path, `kexec.freezing`, with or without the name of the chart before it. */
function stateId(machine: AnyStateMachine, path: string): string {
  let node: AnyStateNode = machine.root;
  const [first, ...rest] = path.split('.');
  const keys = first === machine.id && !Object.hasOwn(node.states, first) ? rest : [first ?? '', ...rest];
  for (const key of keys) {
    const child: AnyStateNode | undefined = node.states[key];
    if (child === undefined) throw noState(node, path, key);
    node = child;
  }
  return node.id;
}

function noState(around: AnyStateNode, path: string, key: string): OptionError {
  const known = Object.keys(around.states);
  const near = closest(key, known);
  return new OptionError('option.unknown', {
    option: path,
    expected: `in ${around.path.join('.') || around.id} ${known.length === 0 ? 'no states' : `one of ${known.join(', ')}`}`,
    found: key,
    ...(near !== undefined && { help: `Did you mean ${near}?` }),
  });
}

function show(picture: string, { values }: Asked, io: Io): number {
  if (values.out === undefined) io.out.write(picture);
  else writeText(io.files, values.out, picture);
  return exitCodes.well;
}
