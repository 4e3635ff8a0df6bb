/**
 * Where everything of a time line stands, in pixels: time runs down, each of firmware and kernels has a lane, devices and disk have one beside
 * them.
 *
 * The scale is piecewise: a stretch between two moments is as high as the logarithm of its length, and never lower than its text, so
 * that 5 µs and 8 hours can be read in one picture; stretches of more than ten seconds are marked as broken. Moments have a row each.
 * Promises: no text touches another.
 */
import { assert } from '../../../kernels/assert.ts';
import { wrap } from '../../cli/wrap.ts';
import { countedText } from '../../report/quantity-text.ts';
import { textWidth } from '../chart/text-width.ts';
import { durationText } from '../run/duration-text.ts';
import { secondsText } from '../run/seconds-text.ts';
import type { Executor } from '../run/sequence.ts';
import { clockLines } from './clock-lines.ts';
import { gapNotes } from './gap-notes.ts';
import {
  brokenNs,
  durationX,
  firstLane,
  fontSize,
  footHeight,
  type GapNote,
  headHeight,
  heightForTenfold,
  laneGap,
  lineHeight,
  momentHeight,
  type Placed,
  type PlacedBar,
  type PlacedLane,
  type PlacedMoment,
  type PlacedStretch,
  type PlacedText,
  padding,
  shortestNs,
  stretchHeight,
  textInset,
  timeEnd,
  titleColumns,
  titleHeight,
} from './placed.ts';
import type { Stretch, TimeLine } from './run-time-line.ts';

export type TimeLineLayout = Placed & {
  /** What it shows, and how it is to be read. */
  readonly titles: readonly PlacedText[];
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly bottom: number;
  readonly devicesX: number;
  readonly diskX: number;
  readonly times: readonly PlacedText[];
  readonly durations: readonly PlacedText[];
  readonly notes: readonly GapNote[];
  readonly clockLines: readonly PlacedText[];
};

export function layoutTimeLine(line: TimeLine): TimeLineLayout {
  const titles = [...wrap(line.title, titleColumns), scaleText].map((text, index) => {
    return { x: padding, y: padding + 8 + index * titleHeight, text };
  });
  const top = padding + titles.length * titleHeight + headHeight;
  const rows = placedRows(line, top);
  const { stretches, bottom } = rows;
  const lanes = placedLanes(line);
  const placed = { ...rows, lanes, bars: placedBars(line, lanes, stretches), yOf: placesOf(rows) };
  const sides = sidesOf(line, lanes);
  const below = clockLines(line).map((text, index) => {
    const x = padding + (text.startsWith(' ') ? 14 : 0);
    return { x, y: bottom + footHeight + index * lineHeight, text: text.trimStart() };
  });
  const texts = [...below, { x: padding, text: scaleText }];
  const reach = Math.max(sides.end, ...texts.map(({ x, text }) => x + widthOf(text)));
  return {
    ...placed,
    ...sides,
    titles,
    width: Math.ceil(reach + padding),
    height: bottom + footHeight + below.length * lineHeight + padding,
    top,
    times: placedTimes(rows),
    durations: stretches.map(({ stretch, y, height }) => {
      const text = durationText(stretch.endNs - stretch.startNs);
      return { x: durationX, y: y + height / 2 + 4, text };
    }),
    notes: gapNotes(line, placed),
    clockLines: below,
  };
}

/** A time stands where the first thing at it stands. */
function placesOf({ stretches, moments, bottom }: PlacedRows): (ns: number) => number {
  const places = new Map<number, number>();
  const keep = (ns: number, y: number): void => void places.set(ns, Math.min(y, places.get(ns) ?? y));
  for (const { stretch, y, height } of stretches) {
    keep(stretch.startNs, y);
    keep(stretch.endNs, y + height);
  }
  for (const { moment, y } of moments) keep(moment.ns, y);
  return (ns) => places.get(ns) ?? bottom;
}

type Sides = Pick<TimeLineLayout, 'devicesX' | 'diskX'> & { readonly end: number };

/** Devices and disk, behind the last lane. */
function sidesOf(line: TimeLine, lanes: readonly PlacedLane[]): Sides {
  const stretches = line.rows.flatMap((row) => (row.kind === 'stretch' ? [row] : []));
  const widest = (texts: readonly string[]): number => textInset + Math.max(...texts.map(widthOf));
  const last = lanes.at(-1);
  const devicesX = last === undefined ? firstLane : last.x + laneWidth(line, last.id);
  const diskX = devicesX + widest(['devices', ...stretches.map(({ devices }) => devices)]) + laneGap;
  return { devicesX, diskX, end: diskX + widest(['disk', ...stretches.map(diskText)]) };
}

export const scaleText =
  'Not to scale: a stretch is as high as the logarithm of its time; one of more than 10 s is broken. Times are seconds since power-on.';

export const diskText = ({ blocksChanged }: Stretch): string =>
  blocksChanged === 0 ? '' : countedText(blocksChanged, 'block');

const widthOf = (text: string): number => textWidth(text, fontSize);

function placedLanes(line: TimeLine): readonly PlacedLane[] {
  let x = firstLane;
  return line.lanes.map((lane) => {
    const placed = { ...lane, x };
    x += laneWidth(line, lane.id);
    return placed;
  });
}

/** The longest line of a note (gap-notes.ts) has room in the lane of any kernel. */
const noteText = 'stands: 12345.678';

function laneWidth({ bars, rows }: TimeLine, id: Executor): number {
  const texts = [
    ...bars
      .filter(({ lane }) => lane === id)
      .map(({ name, startNs, endNs }) => barText(name, endNs - startNs)),
    ...rows.flatMap((row) => (row.kind === 'phase' && row.lane === id ? [row.name] : [])),
    ...(id === 'firmware' ? ['starts anew'] : [noteText]),
  ];
  return textInset + Math.max(...texts.map(widthOf)) + laneGap;
}

const barText = (name: string, ns: number): string => `${name} ${durationText(ns)}`;

type PlacedRows = {
  readonly stretches: readonly PlacedStretch[];
  readonly moments: readonly PlacedMoment[];
  readonly bottom: number;
};

function placedRows({ rows }: TimeLine, top: number): PlacedRows {
  const stretches: PlacedStretch[] = [];
  const moments: PlacedMoment[] = [];
  let y = top;
  for (const row of rows) {
    if (row.kind !== 'stretch') {
      moments.push({ moment: row, y });
      y += momentHeight;
    } else {
      const height = heightOf(row.endNs - row.startNs);
      stretches.push({ stretch: row, y, height, isBroken: row.endNs - row.startNs > brokenNs });
      y += height;
    }
  }
  return { stretches, moments, bottom: y };
}

const heightOf = (ns: number): number =>
  stretchHeight + 2 * Math.round((heightForTenfold / 2) * Math.max(0, Math.log10(ns / shortestNs)));

/** A time is told where it first comes. */
function placedTimes({ stretches, moments }: Omit<PlacedRows, 'bottom'>): readonly PlacedText[] {
  const rows = [
    ...stretches.map(({ stretch, y }) => ({ ns: stretch.startNs, y })),
    ...moments.map(({ moment, y }) => ({ ns: moment.ns, y })),
  ].sort((one, other) => one.y - other.y);
  return rows.flatMap(({ ns, y }, index) => {
    if (index > 0 && rows[index - 1]?.ns === ns) return [];
    const text = secondsText(ns);
    return [{ x: timeEnd - widthOf(text), y: y + 10, text }];
  });
}

function placedBars(
  { bars }: TimeLine,
  lanes: readonly PlacedLane[],
  stretches: readonly PlacedStretch[],
): readonly PlacedBar[] {
  return bars.map(({ lane, name, startNs, endNs }) => {
    const x = lanes.find(({ id }) => id === lane)?.x ?? 0;
    const own = stretches.filter(({ stretch }) => stretch.startNs >= startNs && stretch.endNs <= endNs);
    const [first] = own;
    const last = own.at(-1);
    assert(first !== undefined && last !== undefined, 'time-line: a phase that lasts covers a stretch');
    const text = barText(name, endNs - startNs);
    return {
      x,
      from: first.y,
      to: last.y + last.height,
      label: { x: x + textInset, y: first.y + 13, text },
      title: `${name}: ${secondsText(startNs)} to ${secondsText(endNs)}`,
    };
  });
}
