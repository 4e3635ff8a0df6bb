/**
 * A run as one SVG that needs nothing else: no script, no font file, no style from outside. The same run gives the same bytes.
 * Every happening is a group with its step, its time and what it stands for as a tooltip. Leaves out: layout (svg-layout.ts) and
 * looks (svg-style.ts).
 */
import { textWidth } from '../chart/text-width.ts';
import { xmlText } from '../chart/xml-text.ts';
import { executorTitle } from './lifelines.ts';
import type { Happening, LifelineId, Sequence } from './sequence.ts';
import {
  fontSize,
  layoutSequence,
  lineHeight,
  type PlacedBand,
  type PlacedHappening,
  type PlacedLine,
  padding,
  type SequenceLayout,
  type TextBox,
} from './svg-layout.ts';
import { styleSheet } from './svg-style.ts';

export function sequenceSvg(sequence: Sequence): string {
  const layout = layoutSequence(sequence);
  const { width, height, bottom } = layout;
  const name = xmlText(sequence.title);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="kjump-run" role="graphics-document document" aria-roledescription="sequence chart" aria-label="${name}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${name}</title>`,
    `<style>\n${styleSheet()}\n</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    `<text class="title" x="${padding}" y="${padding + 6}">${name}</text>`,
    ...layout.bands.map((band, index) => bandElement(band, index % 2 === 0, width)),
    headElement('box', { x: 20, y: layout.top - 10 }),
    headElement('own clock', { x: 118, y: layout.top - 10 }),
    ...layout.lifelines.map((lifeline) => lifelineElement(lifeline, layout)),
    ...layout.gaps.map(({ y, text }) => `<text class="faint" x="20" y="${y}">${xmlText(text)}</text>`),
    ...layout.happenings.map(happeningElement),
    ...layout.lines.map(logElement),
    legend(bottom + 42),
    '</svg>',
  ].join('\n')}\n`;
}

function bandElement({ y, height, text }: PlacedBand, isTinted: boolean, width: number): string {
  const ground = isTinted ? `<rect x="0" y="${y}" width="${width}" height="${height}"/>` : '';
  return `<g class="band">${ground}<text x="20" y="${y + 19}">${xmlText(text)}</text></g>`;
}

const headElement = (text: string, { x, y }: Omit<TextBox, 'text'>): string =>
  `<text class="head" x="${x}" y="${y}">${text}</text>`;

/** Those who can have the machine are a bar while they have it, and dotted while they have not. */
const mortal: readonly LifelineId[] = Object.keys(executorTitle) as (keyof typeof executorTitle)[];

function lifelineElement(
  { id, title, x }: SequenceLayout['lifelines'][number],
  layout: SequenceLayout,
): string {
  const parts = joined(
    layout.stretches.map(({ from, to, executor, isGap }) => {
      if (id === executor) return { from, to, look: 'running' };
      return { from, to, look: isGap ? 'life broken' : mortal.includes(id) ? 'life away' : 'life' };
    }),
  ).map(({ from, to, look }) =>
    look === 'running'
      ? `<rect class="running" x="${x - 3.5}" y="${from}" width="7" height="${to - from}" rx="2"/>`
      : `<path class="${look}" d="M${x} ${from}V${to}"/>`,
  );
  const heads = [layout.top - 10, layout.bottom + 16].map(
    (y) => `<text class="head centred" x="${x}" y="${y}">${xmlText(title)}</text>`,
  );
  return `<g class="lifeline">${[...parts, ...heads].join('')}</g>`;
}

type Part = { readonly from: number; readonly to: number; readonly look: string };

function joined(parts: readonly Part[]): readonly Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last?.look === part.look) result[result.length - 1] = { ...last, to: part.to };
    else result.push(part);
  }
  return result;
}

function happeningElement(placed: PlacedHappening): string {
  const { happening, label, times } = placed;
  const drawn = placed.ends.length === 0 ? spot(placed) : arrow(placed);
  const ground = `<rect class="ground${placed.isTinted ? ' tinted' : ''}" x="${label.x - 3}" y="${label.y - fontSize}" width="${textWidth(label.text, fontSize) + 6}" height="${lineHeight}"/>`;
  const texts = times.map(({ x, y, text }) => `<text class="faint" x="${x}" y="${y}">${text}</text>`);
  return [
    `<g class="${happening.kind}${happening.isFailure ? ' failure' : ''}">`,
    `<title>${xmlText(tooltip(happening))}</title>`,
    ...texts,
    drawn,
    ground,
    `<text x="${label.x}" y="${label.y}">${xmlText(label.text)}</text></g>`,
  ].join('');
}

const spot = ({ start, y, happening: { kind } }: PlacedHappening): string =>
  `<circle class="spot${kind === 'answer' || kind === 'work' ? ' open' : ''}" cx="${start}" cy="${y}" r="4"/>`;

/** The tip of a thick arrow is larger, and its line ends before it. */
function arrow({ start, ends, y, happening: { kind } }: PlacedHappening): string {
  const size = kind === 'control' ? 12 : 8;
  const far = [Math.min(...ends), Math.max(...ends)].filter((end) => ends.includes(end));
  const lines = [...new Set(far)].filter((end) => isOutermost(end, { start, ends }));
  return [
    ...lines.map((end) => `<path class="arrow" d="M${start} ${y}H${end + (end > start ? -size : size)}"/>`),
    ...ends.map((end) => {
      const back = end > start ? -size : size;
      return `<path class="tip${kind === 'answer' ? ' open' : ''}" d="M${end} ${y}l${back} ${-size / 2}v${size}z"/>`;
    }),
  ].join('');
}

const isOutermost = (end: number, { start, ends }: Pick<PlacedHappening, 'start' | 'ends'>): boolean =>
  end === (end > start ? Math.max(...ends) : Math.min(...ends));

function tooltip({ step, startNs, does, text }: Happening): string {
  return [`step ${step}, ${(startNs / 1e9).toFixed(6)} s`, text, ...(does === '' ? [] : [does])].join('\n');
}

const logElement = ({ x, y, texts, line: { isFailure } }: PlacedLine): string =>
  `<g class="log${isFailure ? ' failure' : ''}">${texts
    .map(
      (text, index) =>
        `<text x="${x + (index > 0 ? 28 : 0)}" y="${y + index * lineHeight}">${xmlText(text)}</text>`,
    )
    .join('')}</g>`;

function legend(y: number): string {
  const samples = [
    { kind: 'order', text: 'order or message', x: padding },
    { kind: 'answer', text: 'answer', x: 220 },
    { kind: 'control', text: 'the machine changes hands', x: 360 },
  ];
  const arrows = samples.map(
    ({ kind, text, x }) =>
      `<g class="${kind}"><path class="arrow" d="M${x} ${y - 4}h28"/><path class="tip${kind === 'answer' ? ' open' : ''}" d="M${x + 40} ${y - 4}l-12 -5v10z"/><text x="${x + 48}" y="${y}">${text}</text></g>`,
  );
  const bar = `<rect class="running" x="620" y="${y - 12}" width="7" height="14" rx="2"/><text x="636" y="${y}">has the machine</text>`;
  return `<g class="legend">${arrows.join('')}${bar}</g>`;
}
