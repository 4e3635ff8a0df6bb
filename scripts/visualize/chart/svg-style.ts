// The looks of a drawing: one style sheet inside every SVG, for light and dark, for the screen and for print.
// Promises: nothing is told by colour alone (each kind of line has a dash pattern, active states and the taken transition
// are thicker); every rule starts with the drawing's own class, so that it touches nothing else on a page.
// Leaves out: CSS variables, and rules that name `:hover` beside another selector (librsvg, which many tools print with, knows
// neither). Contrast of every text and line with its ground is at
// least 4.5 : 1 (WCAG 2.2, 1.4.3), measured for the colours below.

import type { EdgeStyle } from './edge-text.ts';
import { fontSize, smallFontSize } from './layout-sizes.ts';

interface Palette {
  readonly page: string;
  readonly box: string;
  readonly composite: string;
  readonly border: string;
  readonly text: string;
  readonly faint: string;
  readonly active: string;
  readonly taken: string;
  readonly lines: Readonly<Record<EdgeStyle, string>>;
}

const light: Palette = {
  page: '#ffffff',
  box: '#ffffff',
  composite: '#f5f7fa',
  border: '#55606e',
  text: '#14181d',
  faint: '#55606e',
  active: '#ffe39a',
  taken: '#9a4b00',
  lines: {
    initial: '#333b45',
    event: '#333b45',
    delay: '#6b4a00',
    always: '#0b6b5d',
    done: '#1d4fc4',
    failure: '#b3181d',
  },
};

const dark: Palette = {
  page: '#12161b',
  box: '#1f262e',
  composite: '#181d24',
  border: '#8b98a8',
  text: '#e9edf2',
  faint: '#9fabb9',
  active: '#463300',
  taken: '#ffb454',
  lines: {
    initial: '#c3ccd6',
    event: '#c3ccd6',
    delay: '#e0b45c',
    always: '#4fd1bd',
    done: '#8fb2ff',
    failure: '#ff8a8a',
  },
};

/** Dash patterns in pixels: always dotted, failures dashed, pauses long dashes, done dash and dot, all else solid. */
const dashes: Readonly<Record<EdgeStyle, string | null>> = {
  initial: null,
  event: null,
  delay: '14 3',
  always: '2 3',
  done: '9 3 2 3',
  failure: '7 3',
};

export const styleSheet = (): string =>
  [
    ...printRules(),
    `@media (prefers-color-scheme:dark){${coloursOf(dark).join('')}}`,
    `@media print{${coloursOf(light).join('')}}`,
  ].join('\n');

/** For paper: light wherever it is shown. */
export const printStyleSheet = (): string => printRules().join('\n');

function printRules(): readonly string[] {
  return [
    `.kjump-chart text{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,"Liberation Mono",Consolas,monospace;font-size:${smallFontSize}px}`,
    `.kjump-chart .title{font-size:${fontSize}px;font-weight:bold}`,
    '.kjump-chart .does{font-style:italic}',
    '.kjump-chart .centred{text-anchor:middle}',
    '.kjump-chart .box{stroke-width:1.2}',
    '.kjump-chart .line,.kjump-chart .route{fill:none;stroke-width:1.3}',
    '.kjump-chart .route{stroke:none;pointer-events:stroke}',
    '.kjump-chart .stub>.box,.kjump-chart .elsewhere>.box{stroke-dasharray:3 2}',
    '.kjump-chart .head-line{font-size:13px;font-weight:bold}',
    ...Object.entries(dashes).map(([style, dash]) =>
      dash === null ? '' : `.kjump-chart .${style} .line{stroke-dasharray:${dash}}`,
    ),
    '.kjump-chart .divider{fill:none;stroke-width:1;stroke-dasharray:6 4}',
    '.kjump-chart .active>.box{stroke-width:3.5}',
    '.kjump-chart .taken .route{stroke-width:3.2}',
    '.kjump-chart .edge:hover .route{stroke-width:3.2}',
    '.kjump-chart .taken text{font-weight:bold}',
    ...coloursOf(light),
  ].filter((rule) => rule !== '');
}

function coloursOf(palette: Palette): readonly string[] {
  const lines = Object.entries(palette.lines).map(
    ([style, colour]) =>
      `.kjump-chart .${style} .line{stroke:${colour}}.kjump-chart .${style} .head,.kjump-chart .${style} text{fill:${colour}}`,
  );
  return [
    `.kjump-chart .page{fill:${palette.page}}`,
    `.kjump-chart text{fill:${palette.text}}`,
    `.kjump-chart .does{fill:${palette.faint}}`,
    `.kjump-chart .box{fill:${palette.box};stroke:${palette.border}}`,
    `.kjump-chart .compound>.box,.kjump-chart .parallel>.box{fill:${palette.composite}}`,
    `.kjump-chart .dot{fill:${palette.text};stroke:none}`,
    `.kjump-chart .divider{stroke:${palette.border}}`,
    ...lines,
    `.kjump-chart .active>.box{stroke:${palette.taken}}`,
    `.kjump-chart .active.atomic>.box,.kjump-chart .active.final>.box{fill:${palette.active}}`,
    `.kjump-chart .taken .route{stroke:${palette.taken}}`,
    `.kjump-chart .edge:hover .route{stroke:${palette.taken}}`,
    `.kjump-chart .taken .head,.kjump-chart .taken text{fill:${palette.taken}}`,
  ];
}
