/** `kjump visualize`: the charts as pictures, for screen and paper; a run as a sequence, on a time line, or by what its memory was for. */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { charts } from '../../machines/charts.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import type { History } from '../../machines/system/history.ts';
import {
  type BoxTable,
  boxOptionsOf,
  boxTable,
  givenBoxOptions,
  isBoxOption,
  memoryTable,
} from '../cli/box-options.ts';
import { closest } from '../cli/closest.ts';
import { command, type WithCommon } from '../cli/command.ts';
import { writeText } from '../cli/files.ts';
import { withMemory } from '../cli/given-memory.ts';
import { exitCodes, type Io } from '../cli/io.ts';
import { flag, names, oneOfWords, optionalText, wholeNumber } from '../cli/options.ts';
import type { Given, Parsed } from '../cli/parse.ts';
import { pageWidth, widthOption } from '../compare/page-width.ts';
import { runBox } from '../compare/run-box.ts';
import { historyOfSaved, readSavedRun } from '../saved-run/read.ts';
import { chartGraphOf } from '../visualize/chart/chart-graph.ts';
import type { ChartOptions } from '../visualize/chart/chart-options.ts';
import { chartPart } from '../visualize/chart/chart-part.ts';
import { phasesIn } from '../visualize/chart/chart-phases.ts';
import {
  type ChartFormat,
  chartFormats,
  drawChart,
  drawChartOnPaper,
} from '../visualize/chart/draw-chart.ts';
import { type PaperName, paperNames, paperOf } from '../visualize/chart/paper.ts';
import { numberedPath } from '../visualize/numbered-path.ts';
import { type RunView, type RunViewName, runViews } from '../visualize/run/draw-run.ts';

// Object.keys forgets which names there are.
const viewNames = Object.keys(runViews) as RunViewName[];
const formatNames = [
  ...new Set([
    ...Object.keys(chartFormats),
    ...Object.values(runViews).flatMap(({ formats }) => Object.keys(formats)),
  ]),
];

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
  part: optionalText({
    takes: 'PHASE',
    help: 'chart: only the states of a phase, as in quiesce, with what they lead to and are entered from',
  }),
  orientation: oneOfWords(['portrait', 'landscape'], {
    takes: 'HOW',
    help: 'chart: the proportions of an SVG, or how the paper lies',
  }),
  paper: oneOfWords(['none', ...paperNames], {
    takes: 'SIZE',
    help: 'chart: an SVG for print, on as many sheets as it takes to read it',
  }),
  sheet: wholeNumber({ takes: 'N', help: 'chart: only this sheet of the paper', otherwise: undefined }),
  view: oneOfWords(['sequence', 'time-line', 'memory'], {
    takes: 'WHAT',
    help: 'run: who told whom what; phases of all kernels with their clocks; what memory was for',
  }),
  lifelines: oneOfWords(['together', 'each'], {
    takes: 'HOW',
    help: 'run: one lifeline for all devices, or one for each',
  }),
  unfold: flag('run: every single message, nothing folded'),
  width: { ...widthOption, help: `run: ${widthOption.help}` },
  ...boxTable,
  ...memoryTable,
};

type VisualizeTable = WithCommon<typeof visualizeTable>;
type Asked = Parsed<VisualizeTable>;

export const visualize = command({
  name: 'visualize',
  about:
    'Draws a chart, or a run: as a sequence of who told whom what, on one time line, or by what its memory was for',
  table: visualizeTable,
  positionals: { takes: 'chart NAME | run [DIR]', most: 2 },
  notes: [
    `chart NAME draws one of ${Object.keys(charts).join(', ')} as ${Object.keys(chartFormats).join(', ')}.`,
    'With --paper type has at least 6 points: a chart that is larger comes on numbered sheets, and what leads to another sheet names it. With --out FILE.svg each sheet is a file, FILE-1.svg and so on; without, all stand one below the other.',
    `run draws the box that the options describe; run DIR a run that "kjump run --save DIR" wrote; ${viewNames.map((view) => `as ${view}: ${Object.keys(runViews[view].formats).join(', ')}`).join('; ')}.`,
    'In a sequence what repeats is folded: freeze × 8: usb-storage … disk. On a time line and on a map of memory a stretch is as long as the logarithm of what it stands for.',
    'With --json the graph of the chart (of each sheet, with --paper), the rows of the sequence, the rows and clocks of the time line, the parts of memory; times are nanoseconds since power-on.',
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
  const options: ChartOptions = {
    active: (values.highlight ?? []).map((state) => stateId(machine, state)),
    orientation: values.orientation,
    ...(values.focus !== undefined && { focus: stateId(machine, values.focus) }),
    ...(values.part !== undefined && { phase: phaseIn(machine, values.part) }),
  };
  if (values.focus !== undefined && values.part !== undefined) refuse(given, isNamed('part'), '--focus');
  if (values.paper !== 'none') return drawOnPaper(machine, { paper: values.paper, options }, asked, io);
  refuse(given, isNamed('sheet'), 'a chart without --paper');
  const format = formatOf<ChartFormat>(values.format, chartFormats);
  if (values.json)
    return show(`${JSON.stringify(chartPart(chartGraphOf(machine), options).graph, null, 2)}\n`, asked, io);
  return show(drawChart(machine, format, options), asked, io);
}

const isNamed =
  (name: string) =>
  (option: Given): boolean =>
    option.name === name;

function phaseIn(machine: AnyStateMachine, phase: string): string {
  const known = phasesIn(chartGraphOf(machine));
  if (known.includes(phase)) return phase;
  const near = closest(phase, known);
  throw new OptionError('option.unknown', {
    option: '--part',
    expected: known.length === 0 ? `no part: ${machine.id} has no phases` : `one of ${known.join(', ')}`,
    found: phase,
    ...(near !== undefined && { help: `Did you mean ${near}?` }),
  });
}

type OnPaper = { readonly paper: PaperName; readonly options: ChartOptions };

function drawOnPaper(machine: AnyStateMachine, { paper, options }: OnPaper, asked: Asked, io: Io): number {
  const { sheet: wanted, format = 'svg', json, orientation, out } = asked.values;
  if (format !== 'svg') refuse(asked.given, isNamed('paper'), `--format ${format}`);
  const { sheets, whole } = drawChartOnPaper(machine, paperOf(paper, orientation), options);
  const sheet = wanted === undefined ? undefined : sheets[wanted - 1];
  if (wanted !== undefined && sheet === undefined) {
    const expected = `a sheet from 1 to ${sheets.length}`;
    throw new OptionError('option.number', { option: '--sheet', expected, found: String(wanted) });
  }
  const shown = sheet === undefined ? sheets : [sheet];
  if (json) {
    const facts = shown.map(({ title, graph }) => ({ title, ...graph }));
    return show(`${JSON.stringify({ sheets: facts }, null, 2)}\n`, asked, io);
  }
  const [first] = shown;
  if (shown.length === 1 && first !== undefined) return show(first.svg, asked, io);
  if (out === undefined) return show(whole, asked, io);
  for (const [index, { svg }] of shown.entries()) {
    const path = numberedPath(out, index + 1, shown.length);
    writeText(io.files, path, svg);
    io.out.write(`${path}\n`);
  }
  return exitCodes.well;
}

async function drawNamedRun(folder: string | undefined, asked: Asked, io: Io): Promise<number> {
  const { values, given } = asked;
  refuse(given, ({ name }) => ofCharts.includes(name), 'run');
  if (folder !== undefined) refuse(given, saysWhichBox, `${folder}, which says what box it is`);
  // Each view is one; the union of all would take no format at all.
  const view: RunView = runViews[values.view];
  if (values.view !== 'sequence')
    refuse(given, ({ name }) => ofSequences.includes(name), `--view ${values.view}`);
  const format = formatOf(values.format, view.formats);
  const isPlain = values.out !== undefined || !io.out.isTerminal;
  const page = {
    columns: pageWidth(values.width, { ...io.out, isTerminal: !isPlain }),
    paint: isPlain ? (_style: string, text: string) => text : io.out.paint,
  };
  const { history, isStopped } = await openRun(folder, asked, io);
  const options = { devices: values.lifelines, isUnfolded: values.unfold };
  const picture = values.json
    ? view.json(history, options)
    : view.formats[format]?.(history, { ...options, ...page });
  show(picture ?? '', asked, io);
  if (!isStopped) return exitCodes.well;
  io.err.write(`kjump visualize: the run was stopped after ${history.length} steps\n`);
  return exitCodes.limit;
}

/** A file of memory is no part of the folder: it is given again. */
const saysWhichBox = (option: Given): boolean => isBoxOption(option) && option.name !== 'memory';

type OpenedRun = { readonly history: History; readonly isStopped: boolean };

async function openRun(folder: string | undefined, asked: Asked, io: Io): Promise<OpenedRun> {
  if (folder === undefined) {
    // The box's own options are part of this table, under the same names.
    const options = boxOptionsOf(givenBoxOptions(asked as Parsed<BoxTable>));
    return runBox(await withMemory(options, asked.values.memory, io.files), io);
  }
  const saved = readSavedRun(folder, io.files);
  const options = await withMemory(saved.options, asked.values.memory, io.files);
  return { history: historyOfSaved({ ...saved, options }), isStopped: saved.isStopped };
}

const ofCharts: readonly string[] = ['highlight', 'focus', 'part', 'orientation', 'paper', 'sheet'];
const ofSequences: readonly string[] = ['lifelines', 'unfold'];
const ofRuns: readonly string[] = [...ofSequences, 'width', 'view'];

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
