/**
 * The time line of a run as text for a terminal.
 *
 *          box    A monotonic   B monotonic   firmware  A         B
 *     1.201010       0.000000             -   ╞═════════▶                    boot
 *     1.201010       0.000000             -             ┃                    A power-on, 2.464 s
 *     6.263591       5.062581·            -                       ┃          ⋮ 5 µs
 *
 * ┃ has the machine, ═▶ the machine changes hands, ◆ a phase that takes no time. Times are seconds: of the box
 * since power-on, and of each kernel's own monotonic clock; · behind one says that it stands. ⋮ is how long it takes to the next row. A row is as long as it needs to be read,
 * never to scale: how long a stretch lasts stands beside it. Nothing is told by colour alone.
 */
import { kernelNames } from '../../../kernels/machine.ts';
import { wrap } from '../../cli/wrap.ts';
import { countedText } from '../../report/quantity-text.ts';
import { durationText } from '../run/duration-text.ts';
import { executorTitle } from '../run/lifelines.ts';
import { secondsText } from '../run/seconds-text.ts';
import type { Executor } from '../run/sequence.ts';
import type { TextOptions } from '../run/text.ts';
import { clockLines } from './clock-lines.ts';
import type { Moment } from './moments.ts';
import type { Stretch, TimeLine, TimeLineRow } from './run-time-line.ts';
import { shownAt } from './shown-at.ts';

const timeColumns = 14;
const laneColumns = 5;
const leastTextColumns = 24;

export function timeLineText(line: TimeLine, options: TextOptions): string {
  const { columns, paint } = options;
  const page = new Page(line, columns);
  const rows = line.rows.flatMap((row) => page.lines(row, options));
  const clocks = clockLines(line).flatMap((text) => wrap(text.trimStart(), columns - 4).map(indented(text)));
  return [
    ...wrap(line.title, columns),
    '',
    ...page.heads().map((head) => paint('bold', head)),
    ...rows,
    '',
    paint('bold', 'clocks'),
    ...clocks,
    '',
  ]
    .map((text) => text.trimEnd())
    .join('\n');
}

const indented =
  (first: string) =>
  (text: string, index: number): string =>
    `${first.startsWith(' ') || index > 0 ? '    ' : '  '}${text}`;

class Page {
  private readonly line: TimeLine;
  private readonly textColumns: number;
  /** Kernels whose clocks have a column: none on a narrow page. */
  private readonly clocked: readonly (typeof kernelNames)[number][];
  private readonly laneStart: number;

  constructor(line: TimeLine, columns: number) {
    this.line = line;
    const lanes = line.lanes.length * laneColumns;
    const had = kernelNames.filter((kernel) => line.clocks.some((life) => life.kernel === kernel));
    const room = columns - timeColumns - lanes - leastTextColumns - 2;
    this.clocked = had.length * timeColumns <= room ? had : [];
    this.laneStart = timeColumns * (1 + this.clocked.length) + 1;
    this.textColumns = Math.max(leastTextColumns, columns - this.laneStart - lanes - 1);
  }

  heads(): readonly string[] {
    const clocks = this.clocked.map((kernel) => `${executorTitle[kernel]}'s own `.padStart(timeColumns));
    const titles = this.line.lanes.map(({ title }) => cell(title.slice(0, laneColumns - 1)));
    return [`${'box '.padStart(timeColumns)}${clocks.join('')} ${titles.join('')}`];
  }

  lines(row: TimeLineRow, { paint }: TextOptions): readonly string[] {
    const texts = row.kind === 'stretch' ? stretchTexts(row, this.line) : momentTexts(row);
    const [first = '', ...rest] = texts.flatMap((text) => wrap(text, this.textColumns));
    const ns = row.kind === 'stretch' ? row.startNs : row.ns;
    const drawn = `${this.times(ns)} ${this.lanes(row)}`;
    const quiet = ' '.repeat(drawn.length);
    const isFailure = row.kind === 'remark' && row.isFailure;
    const painted = (text: string): string =>
      isFailure ? paint('red', text) : row.kind === 'control' ? paint('yellow', text) : text;
    return [`${drawn} ${painted(first)}`, ...rest.map((text) => `${quiet} ${painted(text)}`)];
  }

  private times(ns: number): string {
    const clocks = this.clocked.map((kernel) => {
      const shown = shownAt(this.line.clocks, kernel, ns);
      const text = shown === undefined ? '- ' : `${secondsText(shown.ns)}${shown.isStanding ? '·' : ' '}`;
      return text.padStart(timeColumns);
    });
    return `${`${secondsText(ns)} `.padStart(timeColumns)}${clocks.join('')}`;
  }

  private lanes(row: TimeLineRow): string {
    const ids = this.line.lanes.map(({ id }) => id);
    const cells = ids.map((id) => cell(laneMark(id, row)));
    if (row.kind !== 'control') return cells.join('');
    const [start, end] = [ids.indexOf(row.from), ids.indexOf(row.to)].map((index) => index * laneColumns + 1);
    return arrow([...cells.join('')], start ?? 0, end ?? 0);
  }
}

const cell = (text: string): string => ` ${text}`.padEnd(laneColumns);

function laneMark(id: Executor, row: TimeLineRow): string {
  switch (row.kind) {
    case 'stretch':
      return row.executor === id ? '┃' : '';
    case 'phase':
      return row.lane === id ? '◆' : '';
    case 'control':
    case 'remark':
      return '';
  }
}

function arrow(row: string[], start: number, end: number): string {
  const isRight = end > start;
  for (let at = Math.min(start, end); at <= Math.max(start, end); at += 1) row[at] = '═';
  row[start] = isRight ? '╞' : '╡';
  row[end] = isRight ? '▶' : '◀';
  return row.join('');
}

/** What begins with the stretch and how long that lasts; what goes on is told by the length of the stretch. */
function stretchTexts(stretch: Stretch, { bars }: TimeLine): readonly string[] {
  const { startNs, endNs, blocksChanged, isPowerOff } = stretch;
  const begun = bars.filter((bar) => bar.startNs === startNs);
  const names = begun.map(({ lane, name, startNs: from, endNs: to }) => {
    return `${executorTitle[lane]} ${name}, ${durationText(to - from)}`;
  });
  const isWhole = begun.some((bar) => bar.endNs === endNs);
  const facts = [
    ...(isPowerOff ? ['no power'] : []),
    ...(stretch.devices.includes('→') ? [`devices ${stretch.devices}`] : []),
    ...(blocksChanged > 0 ? [`${countedText(blocksChanged, 'block')} of the disk written`] : []),
  ];
  return [[...names, ...(isWhole ? [] : [`⋮ ${durationText(endNs - startNs)}`]), ...facts].join('; ')];
}

function momentTexts(moment: Moment): readonly string[] {
  switch (moment.kind) {
    case 'phase':
      return [`${executorTitle[moment.lane]} ${moment.name}`];
    case 'control':
      return [`${moment.text}: ${executorTitle[moment.from]} to ${executorTitle[moment.to]}`];
    case 'remark':
      return [moment.text];
  }
}
