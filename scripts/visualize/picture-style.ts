/**
 * The colours of pictures of a run, for light and dark, screen and print. Nothing is told by colour alone.
 * Contrast of every text with its ground is at least 4.5 : 1 (WCAG 2.2, 1.4.3), measured for the colours below.
 */
export type Palette = {
  readonly page: string;
  readonly band: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly running: string;
  readonly control: string;
  readonly failure: string;
  /** Grounds under text, each for one kind of thing. */
  readonly grounds: readonly [string, string, string, string, string, string];
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
  grounds: ['#dbe7fb', '#f3f6fa', '#fbe3c8', '#d9efe0', '#f6d9e6', '#e6e0f5'],
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
  grounds: ['#1f3357', '#1b222b', '#4d3413', '#1c3d29', '#4a2336', '#332b4e'],
};

export const monospace =
  'font-family:ui-monospace,"DejaVu Sans Mono",Menlo,"Liberation Mono",Consolas,monospace';

/** `rules` hold everywhere; those with colours are written for each ground, and paper is light. */
export const pictureStyle = (
  rules: readonly string[],
  coloursOf: (palette: Palette) => readonly string[],
): string =>
  [
    ...rules,
    ...coloursOf(light),
    `@media (prefers-color-scheme:dark){${coloursOf(dark).join('')}}`,
    `@media print{${coloursOf(light).join('')}}`,
  ].join('\n');
