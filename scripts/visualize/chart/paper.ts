/**
 * Sheets of paper to draw charts on, and how much of a drawing goes on one so that it can still be read.
 * Sizes: ISO 216 (A4 is 210 by 297 mm), ANSI/ASME Y14.1 (Letter is 8.5 by 11 inches). A pixel of CSS is 1/96 inch, a point 1/72
 * (CSS Values and Units 4, 6.2).
 */
import type { Orientation } from './chart-options.ts';
import { smallFontSize } from './layout-sizes.ts';

export const paperNames = ['a4', 'letter'] as const;
export type PaperName = (typeof paperNames)[number];

/** In pixels and in inches; `page` is what @page of CSS calls it. */
export interface Paper {
  readonly width: number;
  readonly height: number;
  readonly widthInches: number;
  readonly heightInches: number;
  readonly page: string;
}

const pixelsPerInch = 96;
const pointsPerInch = 72;
const millimetresPerInch = 25.4;

/** Our choice: the least type that people read on paper without a lens. */
export const leastTypePoints = 6;

/** Most printers leave some millimetres blank at each edge. */
export const marginPixels = 40;
/** Above the drawing: what it is, and which sheet of how many. */
export const headPixels = 22;

/** The smallest type of a drawing is not made smaller than this part of itself. */
export const leastScale = ((leastTypePoints / pointsPerInch) * pixelsPerInch) / smallFontSize;

const sides = {
  a4: { short: 210 / millimetresPerInch, long: 297 / millimetresPerInch },
  letter: { short: 8.5, long: 11 },
} satisfies Record<PaperName, { readonly short: number; readonly long: number }>;

export function paperOf(name: PaperName, orientation: Orientation): Paper {
  const { short, long } = sides[name];
  const [width, height] = orientation === 'portrait' ? [short, long] : [long, short];
  return {
    width: Math.floor(width * pixelsPerInch),
    height: Math.floor(height * pixelsPerInch),
    widthInches: Number(width.toFixed(3)),
    heightInches: Number(height.toFixed(3)),
    page: `${name === 'a4' ? 'A4' : 'letter'} ${orientation}`,
  };
}

/** As large as it fits, and never larger than on a screen. */
export function scaleOn(paper: Paper, size: { readonly width: number; readonly height: number }): number {
  const width = paper.width - 2 * marginPixels;
  const height = paper.height - 2 * marginPixels - headPixels;
  return Math.min(1, width / size.width, height / size.height);
}
