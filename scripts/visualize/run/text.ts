/**
 * A run as text for a terminal.
 *
 *        box          own   operator   A     devices   memory
 *                              firmware   B     disk data
 *   ── freeze · A ───────────────────────────────────────────────── 20 ms ──
 *     6.183259  A 4.982249  │    ┊    ●    ┊    │    │    │    tasks.freeze
 *
 * ┃ has the machine, ┊ stands still or is not there, ─▶ a message or an order, ╌▶ an answer, ═▶ the machine changes hands,
 * ● does something by itself, » a line of the kernel's log. Times are seconds since power-on and of the kernel's own clock; one that
 * is left out is the same as above. Nothing is told by colour alone.
 */
import type { Style } from '../../cli/io.ts';
import { wrap } from '../../cli/wrap.ts';
import { durationText } from './duration-text.ts';
import { labelText } from './label-text.ts';
import { executorTitle } from './lifelines.ts';
import { secondsText } from './seconds-text.ts';
import type { Band, Executor, Gap, Happening, Lifeline, Sequence } from './sequence.ts';
import { type LaneStyle, lanesOf, quietLanes } from './text-lanes.ts';

export type TextOptions = {
  readonly columns: number;
  readonly paint: (style: Style, text: string) => string;
};

type Page = TextOptions & {
  readonly lifelines: readonly Lifeline[];
  readonly lanes: LaneStyle;
  readonly timeColumns: number;
  readonly labelColumns: number;
};

const boxColumns = 12;
const ownColumns = 12;
/** A label needs room for a few words: on a narrow page the own clocks make place for them. */
const leastLabelColumns = 24;
const leastLaneColumns = 3;
const mostLaneColumns = 5;

export function sequenceText({ title, lifelines, rows }: Sequence, options: TextOptions): string {
  const page = pageOf(lifelines, options);
  const times = new TimeColumns(page.timeColumns > boxColumns);
  const lines = rows.flatMap((row): readonly string[] => {
    if (row.kind === 'band') return ['', bandLine(row, page)];
    if (row.kind === 'gap') return [gapLine(row, page)];
    return happeningLines(row, times.text(row), page);
  });
  return [...wrap(title, options.columns), '', ...headLines(page), ...lines, '']
    .map((line) => line.trimEnd())
    .join('\n');
}

function pageOf(lifelines: readonly Lifeline[], options: TextOptions): Page {
  const { columns } = options;
  const least = boxColumns + ownColumns + leastLaneColumns * lifelines.length + 1 + leastLabelColumns;
  const timeColumns = columns < least ? boxColumns : boxColumns + ownColumns;
  const share = Math.floor(((columns - timeColumns) * 0.46) / lifelines.length);
  const laneColumns = Math.max(leastLaneColumns, Math.min(mostLaneColumns, share));
  const room = columns - timeColumns - laneColumns * lifelines.length - 1;
  return {
    ...options,
    lifelines,
    lanes: { columns: laneColumns, ids: lifelines.map(({ id }) => id) },
    timeColumns,
    labelColumns: Math.max(leastLabelColumns, room),
  };
}

/** Titles in as many rows as they need not to touch. */
function headLines({ lifelines, lanes, paint, timeColumns }: Page): readonly string[] {
  const rows: string[] = [
    `${'box'.padStart(boxColumns - 2)}${'own'.padStart(ownColumns)}`
      .slice(0, timeColumns)
      .padEnd(timeColumns),
  ];
  for (const [index, { title }] of lifelines.entries()) {
    const at =
      timeColumns +
      index * lanes.columns +
      Math.floor(lanes.columns / 2) -
      Math.floor((title.length - 1) / 2);
    const free = rows.findIndex((row) => row.trimEnd().length < at || row.trimEnd() === '');
    const row = free < 0 ? rows.push('') - 1 : free;
    rows[row] = `${(rows[row] ?? '').padEnd(at)}${title}`;
  }
  return rows.map((row) => paint('bold', row));
}

function bandLine({ phase, of, startNs, endNs }: Band, { columns, paint }: Page): string {
  const head = `── ${phase} · ${executorTitle[of]} `;
  const tail = endNs > startNs ? ` ${durationText(endNs - startNs)} ──` : '';
  return paint('bold', `${head}${'─'.repeat(Math.max(3, columns - head.length - tail.length))}${tail}`);
}

function gapLine({ ns, executor }: Gap, { lanes, paint, timeColumns }: Page): string {
  return paint(
    'dim',
    `${' '.repeat(timeColumns)}${quietLanes(lanes, executor, '⋮')} ${durationText(ns)} later`,
  );
}

function happeningLines(happening: Happening, times: string, page: Page): readonly string[] {
  const { lanes, paint, timeColumns, labelColumns: room } = page;
  const label = labelText(happening);
  const told = `${label} · ${happening.does}`;
  const shown = happening.does !== '' && told.length <= room ? told : label;
  // What goes on below stands two columns further in.
  const [first = '', ...rest] = shown.length <= room ? [shown] : wrap(shown, room - 2);
  const quiet = `${' '.repeat(timeColumns)}${quietLanes(lanes, happening.executor)}`;
  const style = styleOf(happening);
  const painted = (text: string): string => (style === undefined ? text : paint(style, text));
  const drawn = `${times.padEnd(timeColumns)}${lanesOf(happening, lanes)}`;
  return [`${drawn} ${painted(first)}`, ...rest.map((line) => `${quiet}   ${painted(line)}`)];
}

function styleOf({ isFailure, kind }: Happening): Style | undefined {
  if (isFailure) return 'red';
  if (kind === 'control') return 'yellow';
  return kind === 'line' || kind === 'work' ? 'dim' : undefined;
}

/** Times as they change from row to row. */
class TimeColumns {
  private readonly hasOwn: boolean;
  private last: { readonly ns: number; readonly executor: Executor | undefined } = {
    ns: -1,
    executor: undefined,
  };

  constructor(hasOwn: boolean) {
    this.hasOwn = hasOwn;
  }

  text({ startNs, clock, executor }: Happening): string {
    if (startNs === this.last.ns && executor === this.last.executor) return '';
    this.last = { ns: startNs, executor };
    const box = secondsText(startNs).padStart(boxColumns - 1);
    if (clock === undefined || !this.hasOwn) return box;
    return `${box} ${`${executorTitle[clock.kernel]} ${secondsText(clock.ns)}`.padStart(ownColumns - 1)}`;
  }
}
