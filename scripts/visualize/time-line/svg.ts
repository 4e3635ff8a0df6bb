/**
 * The time line of a run as one SVG that needs nothing else: no script, no font file, no style from outside. The same run gives the same
 * bytes. Leaves out: layout (svg-layout.ts) and looks (svg-style.ts).
 */

import { textWidth } from '../chart/text-width.ts';
import { xmlText } from '../chart/xml-text.ts';
import { executorTitle } from '../run/lifelines.ts';
import { secondsText } from '../run/seconds-text.ts';
import type { Moment, Remark } from './moments.ts';
import {
  axisX,
  barInset,
  barWidth,
  clockInset,
  fontSize,
  momentHeight,
  type PlacedBar,
  type PlacedMoment,
  type PlacedStretch,
  type PlacedText,
  padding,
  textInset,
} from './placed.ts';
import type { TimeLine } from './run-time-line.ts';
import { diskText, layoutTimeLine, scaleText, type TimeLineLayout } from './svg-layout.ts';
import { styleSheet } from './svg-style.ts';

export function timeLineSvg(line: TimeLine): string {
  const layout = layoutTimeLine(line);
  const { width, height, bottom } = layout;
  const name = xmlText(`Time line: ${line.title}`);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="kjump-time" role="graphics-document document" aria-roledescription="time line" aria-label="${name}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${name}</title>`,
    `<style>\n${styleSheet()}\n</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...layout.titles.map((each) => textElement(each, each.text === scaleText ? 'faint' : 'title')),
    ...layout.stretches.map((placed) => stretchElement(placed, layout)),
    ...headElements(layout),
    axisElement(layout),
    ...clockElements(line, layout),
    ...layout.bars.map(barElement),
    ...sideElements(layout),
    ...layout.times.map((time) => textElement(time)),
    ...layout.durations.map((duration) => textElement(duration, 'faint')),
    ...layout.notes.map(
      ({ lines }) => `<g class="note">${lines.map((each) => textElement(each)).join('')}</g>`,
    ),
    ...layout.moments.map((placed) => momentElement(placed, layout)),
    ...legend(bottom + 30),
    textElement({ x: padding, y: bottom + 66, text: 'clocks' }, 'head'),
    ...layout.clockLines.map((each) => textElement(each)),
    '</svg>',
  ].join('\n')}\n`;
}

const textElement = ({ x, y, text }: PlacedText, classes = ''): string =>
  `<text${classes === '' ? '' : ` class="${classes}"`} x="${x}" y="${y}">${xmlText(text)}</text>`;

/** A line where the stretch begins, over all lanes; the whole stretch is tinted while the power is off. */
function stretchElement({ stretch, y, height }: PlacedStretch, { width }: TimeLineLayout): string {
  const ground = stretch.isPowerOff
    ? `<rect class="off" x="${axisX}" y="${y}" width="${width - axisX - padding}" height="${height}"/>`
    : '';
  return `<g>${ground}<path class="grid" d="M${axisX} ${y}H${width - padding}"/></g>`;
}

function headElements({ lanes, devicesX, diskX, top }: TimeLineLayout): readonly string[] {
  const y = top - 10;
  return [
    textElement({ x: padding, y, text: 'box' }, 'head'),
    ...lanes.map(({ x, title }) => textElement({ x: x + textInset, y, text: title }, 'head')),
    textElement({ x: devicesX + textInset, y, text: 'devices' }, 'head'),
    textElement({ x: diskX + textInset, y, text: 'disk' }, 'head'),
  ];
}

/** The axis, with a zigzag in each broken stretch. */
function axisElement({ stretches, top, bottom }: TimeLineLayout): string {
  const breaks = stretches
    .filter(({ isBroken }) => isBroken)
    .map(({ y, height }) => `V${y + height / 2 - 8}l5 3l-10 5l10 5l-5 3`);
  return `<path class="axis" d="M${axisX} ${top}${breaks.join('')}V${bottom}"/>`;
}

/** Solid while CLOCK_MONOTONIC of the lane's kernel runs, dotted while it stands. */
function clockElements({ clocks }: TimeLine, { lanes, yOf }: TimeLineLayout): readonly string[] {
  return clocks.flatMap(({ kernel, stretches }) => {
    const x = (lanes.find(({ id }) => id === kernel)?.x ?? 0) + clockInset;
    return stretches.map(({ startNs, endNs, isStanding, shownNs }) => {
      const [from, to] = [yOf(startNs), yOf(endNs)];
      const shown = secondsText(shownNs);
      const title = isStanding
        ? `${executorTitle[kernel]}'s monotonic clock stands at ${shown}`
        : `${executorTitle[kernel]}'s monotonic clock runs from ${shown}`;
      const look = isStanding ? 'clock standing' : 'clock';
      return `<g><title>${title}</title><path class="${look}" d="M${x} ${from}V${to}"/></g>`;
    });
  });
}

function barElement({ x, from, to, label, title }: PlacedBar): string {
  const bar = `<rect class="bar" x="${x + barInset}" y="${from + 1}" width="${barWidth}" height="${to - from - 2}" rx="2"/>`;
  return `<g><title>${xmlText(title)}</title>${bar}${textElement(label)}</g>`;
}

/** Devices and disk: the state where it changes, and a bar for what lasts. */
function sideElements({ stretches, devicesX, diskX }: TimeLineLayout): readonly string[] {
  let told = '';
  return stretches.map(({ stretch, y, height: own }, index) => {
    const { devices } = stretch;
    // Devices and disk do not change hands: their bars go on through moments.
    const height = (stretches[index + 1]?.y ?? y + own) - y;
    const isOn = devices !== 'no power' && devices !== 'off';
    const look = devices.includes('quiet') ? 'bar quiet' : 'bar side';
    const bar = (x: number, classes: string): string =>
      `<rect class="${classes}" x="${x + barInset}" y="${y}" width="${barWidth}" height="${height}"/>`;
    const label = { x: devicesX + textInset, y: y + 13, text: devices };
    const isNews = devices !== told;
    told = devices;
    const written = diskText(stretch);
    return [
      ...(isOn ? [bar(devicesX, look)] : []),
      ...(isNews ? [textElement(label)] : []),
      ...(written === ''
        ? []
        : [bar(diskX, 'bar side'), textElement({ x: diskX + textInset, y: y + 13, text: written })]),
    ].join('');
  });
}

function momentElement({ moment, y }: PlacedMoment, layout: TimeLineLayout): string {
  switch (moment.kind) {
    case 'phase': {
      const x = laneX(layout, moment.lane);
      const middle = x + barInset + barWidth / 2;
      const spot = `<path class="spot" d="M${middle} ${y + 4}l6 6l-6 6l-6 -6z"/>`;
      return `<g>${spot}${textElement({ x: x + textInset, y: y + 14, text: moment.name })}</g>`;
    }
    case 'control':
      return controlElement(moment, y, layout);
    case 'remark':
      return remarkElement(moment, y, layout);
  }
}

const laneX = ({ lanes }: TimeLineLayout, id: string): number => lanes.find((lane) => lane.id === id)?.x ?? 0;

function controlElement(
  moment: Extract<Moment, { kind: 'control' }>,
  y: number,
  layout: TimeLineLayout,
): string {
  const [start, end] = [moment.from, moment.to].map((id) => laneX(layout, id) + barInset + barWidth / 2);
  if (start === undefined || end === undefined) return '';
  const line = y + 16;
  const tip = end > start ? `M${end} ${line}l-9 -5v10z` : `M${end} ${line}l9 -5v10z`;
  const shaft = `<path class="arrow" d="M${start} ${line}H${end + (end > start ? -8 : 8)}"/>`;
  const label = textElement({ x: Math.min(start, end) + 14, y: y + 10, text: moment.text });
  return `<g class="control">${shaft}<path class="tip" d="${tip}"/>${label}</g>`;
}

function remarkElement({ text, isFailure }: Remark, y: number, { lanes }: TimeLineLayout): string {
  const x = (lanes[0]?.x ?? 0) + barInset;
  const ground = `<rect class="ground" x="${x - 3}" y="${y + 3}" width="${textWidth(text, fontSize) + 6}" height="${momentHeight - 6}"/>`;
  return `<g class="remark${isFailure ? ' failure' : ''}">${ground}${textElement({ x, y: y + 14, text })}</g>`;
}

function legend(y: number): readonly string[] {
  const entries = [
    {
      draw: (x: number) => `<rect class="bar" x="${x + 8}" y="${y - 10}" width="12" height="12" rx="2"/>`,
      text: 'phase',
    },
    {
      draw: (x: number) => `<path class="spot" d="M${x + 14} ${y - 10}l6 6l-6 6l-6 -6z"/>`,
      text: 'phase that takes no time',
    },
    {
      draw: (x: number) => `<path class="clock" d="M${x} ${y - 4}H${x + 26}"/>`,
      text: 'monotonic clock runs',
    },
    {
      draw: (x: number) => `<path class="clock standing" d="M${x} ${y - 4}H${x + 26}"/>`,
      text: 'it stands still',
    },
  ];
  let x = padding;
  return entries.map(({ draw, text }) => {
    const element = `<g>${draw(x)}${textElement({ x: x + 32, y, text })}</g>`;
    x += 32 + textWidth(text, fontSize) + 2 * padding;
    return element;
  });
}
