/** Lifelines and arrows of one row, in characters. */
import { kernelNames } from '../../../kernels/machine.ts';
import type { Executor, Happening, Kind, LifelineId } from './sequence.ts';

export type LaneStyle = { readonly columns: number; readonly ids: readonly LifelineId[] };

type Stroke = {
  readonly line: string;
  readonly crossing: string;
  /** Where it leaves to the right, to the left, to both sides. */
  readonly right: string;
  readonly left: string;
  readonly both: string;
};

const plain: Stroke = { line: '─', crossing: '┼', right: '├', left: '┤', both: '┼' };
const dashed: Stroke = { ...plain, line: '╌' };
const double: Stroke = { line: '═', crossing: '╪', right: '╞', left: '╡', both: '╪' };

const strokes: { readonly [Each in Kind]: Stroke } = {
  message: plain,
  order: plain,
  request: plain,
  answer: dashed,
  control: double,
  line: plain,
  work: plain,
  fault: plain,
  timer: plain,
};

/** What stands on a lifeline when something happens there that leads nowhere else; a log line leaves it as it is. */
const spots: { readonly [Each in Kind]: string | undefined } = {
  message: '●',
  order: '●',
  request: '●',
  answer: '○',
  control: '◆',
  line: undefined,
  work: '◦',
  fault: '✗',
  timer: '◷',
};

/** Kernels and firmware live only while they have the machine. */
const mortal: readonly LifelineId[] = ['firmware', ...kernelNames];

export function quietLanes(
  { columns, ids }: LaneStyle,
  executor: Executor | undefined,
  alive?: string,
): string {
  return ids.map((id) => cell(laneOf(id, executor, alive), columns)).join('');
}

function laneOf(id: LifelineId, executor: Executor | undefined, alive: string | undefined): string {
  if (id === executor) return alive ?? '┃';
  return mortal.includes(id) ? '┊' : (alive ?? '│');
}

const cell = (character: string, columns: number): string => {
  const before = Math.floor(columns / 2);
  return `${' '.repeat(before)}${character}${' '.repeat(columns - before - 1)}`;
};

export function lanesOf({ kind, from, to, executor }: Happening, style: LaneStyle): string {
  const row = [...quietLanes(style, executor)];
  const place = (id: LifelineId): number =>
    style.ids.indexOf(id) * style.columns + Math.floor(style.columns / 2);
  const start = place(from);
  const ends = to.map(place).filter((end) => end !== start);
  if (ends.length > 0) drawArrow(row, { start, ends, stroke: strokes[kind] });
  else row[start] = spots[kind] ?? row[start] ?? ' ';
  return row.join('');
}

type Arrow = { readonly start: number; readonly ends: readonly number[]; readonly stroke: Stroke };

/** The line first, over all lifelines between its ends; then its ends; what goes on behind an end crosses it. */
function drawArrow(row: string[], { start, ends, stroke }: Arrow): void {
  const low = Math.min(start, ...ends);
  const high = Math.max(start, ...ends);
  const quiet = [...row];
  for (let at = low; at <= high; at += 1) row[at] = row[at] === ' ' ? stroke.line : stroke.crossing;
  for (const end of ends) {
    if (end === low || end === high) row[end] = quiet[end] ?? ' ';
    row[end + (end > start ? -1 : 1)] = end > start ? '▶' : '◀';
  }
  row[start] = start === low ? stroke.right : start === high ? stroke.left : stroke.both;
}
