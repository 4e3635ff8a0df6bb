/**
 * The looks of a sequence chart: one style sheet in every picture, for light and dark, screen and print. Nothing is told by colour alone:
 * answers are dashed, a change of control is thick, failures have a cross.
 * Contrast of every text with its ground is at least 4.5 : 1 (WCAG 2.2, 1.4.3), measured for the colours below.
 */
import { fontSize } from './svg-layout.ts';

type Palette = {
  readonly page: string;
  readonly band: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly running: string;
  readonly control: string;
  readonly failure: string;
};

const light: Palette = {
  page: '#ffffff',
  band: '#f1f4f8',
  text: '#14181d',
  faint: '#55606e',
  line: '#75818f',
  running: '#2f6fde',
  control: '#9a4b00',
  failure: '#b3181d',
};

const dark: Palette = {
  page: '#12161b',
  band: '#1b222b',
  text: '#e9edf2',
  faint: '#9fabb9',
  line: '#6d7988',
  running: '#8fb2ff',
  control: '#ffb454',
  failure: '#ff8a8a',
};

export const styleSheet = (): string =>
  [
    `.kjump-run text{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,"Liberation Mono",Consolas,monospace;font-size:${fontSize}px}`,
    `.kjump-run .title{font-size:${fontSize + 2}px;font-weight:bold}`,
    '.kjump-run .head,.kjump-run .band text{font-weight:bold}',
    '.kjump-run .centred{text-anchor:middle}',
    '.kjump-run .life,.kjump-run .arrow{fill:none;stroke-width:1.3}',
    '.kjump-run .away{stroke-dasharray:2 4}',
    '.kjump-run .broken{stroke-dasharray:1 6}',
    '.kjump-run .answer .arrow{stroke-dasharray:5 3}',
    '.kjump-run .control .arrow{stroke-width:4}',
    '.kjump-run .control text{font-weight:bold}',
    ...coloursOf(light),
    `@media (prefers-color-scheme:dark){${coloursOf(dark).join('')}}`,
    `@media print{${coloursOf(light).join('')}}`,
  ].join('\n');

const coloursOf = (palette: Palette): readonly string[] => [
  `.kjump-run .page{fill:${palette.page}}`,
  `.kjump-run text{fill:${palette.text}}`,
  `.kjump-run .faint,.kjump-run .log text,.kjump-run .work text{fill:${palette.faint}}`,
  `.kjump-run .ground{fill:${palette.page};fill-opacity:0.88}`,
  `.kjump-run .band rect,.kjump-run .tinted{fill:${palette.band}}`,
  `.kjump-run .life{stroke:${palette.line}}`,
  `.kjump-run .running{fill:${palette.running}}`,
  `.kjump-run .arrow{stroke:${palette.text}}.kjump-run .tip,.kjump-run .spot{fill:${palette.text};stroke:${palette.text}}`,
  `.kjump-run .open{fill:${palette.page}}`,
  `.kjump-run .control .arrow{stroke:${palette.control}}.kjump-run .control .tip,.kjump-run .control .spot{fill:${palette.control};stroke:${palette.control}}.kjump-run .control text{fill:${palette.control}}`,
  `.kjump-run .failure .arrow{stroke:${palette.failure}}.kjump-run .failure .tip,.kjump-run .failure .spot{fill:${palette.failure};stroke:${palette.failure}}.kjump-run .failure text{fill:${palette.failure}}`,
];
