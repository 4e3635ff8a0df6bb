/**
 * The memory of a run before, during and after the jump as one SVG that needs nothing else. The same run gives the same bytes.
 * Every cell says what it is; colour only repeats it. Leaves out: layout (svg-layout.ts).
 */
import { xmlText } from '../chart/xml-text.ts';
import { monospace, type Palette, pictureStyle } from '../picture-style.ts';
import { type MemoryKindName, memoryKinds } from './memory-kinds.ts';
import type { MemoryMap } from './memory-map.ts';
import {
  fontSize,
  layoutMemory,
  type MemoryLayout,
  type PlacedCell,
  type PlacedText,
  padding,
  scaleText,
} from './svg-layout.ts';

export function memorySvg(map: MemoryMap): string {
  const layout = layoutMemory(map);
  const { width, height } = layout;
  const name = xmlText(`Memory: ${map.title}`);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="kjump-memory" role="graphics-document document" aria-roledescription="memory map" aria-label="${name}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${name}</title>`,
    `<style>\n${pictureStyle(rules, coloursOf)}\n</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...layout.titles.map((each) => textElement(each, each.text === scaleText ? 'faint' : 'title')),
    ...layout.heads.map((head) => textElement(head, 'head')),
    ...layout.addresses.map((each) => textElement(each)),
    ...layout.holes.map((each) => textElement(each)),
    ...layout.cells.map(cellElement),
    ...rangeElements(layout),
    ...layout.swatches.map(({ kind, y }) => {
      return `<rect class="cell ${groundOf(kind)}" x="${padding}" y="${y}" width="14" height="12"/>`;
    }),
    ...layout.table.map((each, index) => textElement(each, index === 0 ? 'head' : '')),
    ...layout.notes.filter(({ text }) => text !== '').map((note) => textElement(note, 'faint')),
    '</svg>',
  ].join('\n')}\n`;
}

const textElement = ({ x, y, text }: PlacedText, classes = ''): string =>
  `<text${classes === '' ? '' : ` class="${classes}"`} x="${x}" y="${y}">${xmlText(text)}</text>`;

const groundOf = (kind: MemoryKindName): string => `ground-${memoryKinds[kind].ground}`;

function cellElement({ kind, x, y, width, height, label }: PlacedCell): string {
  const box = `<rect class="cell ${groundOf(kind)}" x="${x}" y="${y}" width="${width}" height="${height}"/>`;
  return `<g><title>${xmlText(memoryKinds[kind].about)}</title>${box}${textElement(label)}</g>`;
}

const rangeElements = ({ ranges }: MemoryLayout): readonly string[] =>
  ranges.map(({ x, from, to }) => {
    return `<g><title>frames that B gets</title><path class="range" d="M${x + 6} ${from + 1}h-6V${to - 1}h6"/></g>`;
  });

const rules: readonly string[] = [
  `.kjump-memory text{${monospace};font-size:${fontSize}px}`,
  `.kjump-memory .title{font-size:${fontSize + 2}px;font-weight:bold}`,
  '.kjump-memory .head{font-weight:bold}',
  '.kjump-memory .cell{stroke-width:0.8}',
  '.kjump-memory .range{fill:none;stroke-width:2}',
];

const coloursOf = (palette: Palette): readonly string[] => [
  `.kjump-memory .page{fill:${palette.page}}`,
  `.kjump-memory text{fill:${palette.text}}`,
  `.kjump-memory .faint{fill:${palette.faint}}`,
  `.kjump-memory .cell{stroke:${palette.line}}`,
  `.kjump-memory .range{stroke:${palette.control}}`,
  ...palette.grounds.map((ground, index) => `.kjump-memory .ground-${index}{fill:${ground}}`),
];
