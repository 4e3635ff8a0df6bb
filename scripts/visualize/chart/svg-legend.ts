import type { EdgeStyle } from './edge-text.ts';
import type { ChartRoute } from './layout-chart.ts';
import { pagePadding, smallFontSize } from './layout-sizes.ts';
import { textWidth } from './text-width.ts';

const meanings: readonly { readonly style: EdgeStyle; readonly text: string }[] = [
  { style: 'event', text: 'event' },
  { style: 'delay', text: 'after a pause' },
  { style: 'always', text: 'always: decided at once' },
  { style: 'done', text: 'done: its final state is reached' },
  { style: 'failure', text: 'failure or timeout' },
];

const sampleLength = 36;
const sampleGap = 6;
const rowHeight = 18;

export interface Legend {
  readonly elements: readonly string[];
  readonly width: number;
  readonly height: number;
}

/** Below the drawing, what the kinds of line in it mean, in as many rows as its width asks for; nothing where there is only one kind. */
export function legendOf(routes: readonly ChartRoute[], size: { width: number; height: number }): Legend {
  const used = meanings.filter(({ style }) => routes.some((route) => route.style === style));
  if (used.length < 2) return { elements: [], width: 0, height: 0 };
  let x = pagePadding;
  let row = 0;
  let reach = 0;
  const elements = used.map(({ style, text }) => {
    const itemWidth = sampleLength + sampleGap + textWidth(text, smallFontSize);
    if (x > pagePadding && x + itemWidth + pagePadding > size.width) {
      x = pagePadding;
      row += 1;
    }
    const baseline = size.height + smallFontSize + row * rowHeight;
    const line = `<path class="line" d="M${x} ${baseline - 4}H${x + sampleLength}"/>`;
    const label = `<text x="${x + sampleLength + sampleGap}" y="${baseline}">${text}</text>`;
    x += itemWidth + 2 * pagePadding;
    reach = Math.max(reach, x - pagePadding);
    return `<g class="${style}">${line}${label}</g>`;
  });
  const height = (row + 1) * rowHeight + pagePadding / 2;
  return { elements: [`<g class="legend">${elements.join('')}</g>`], width: reach, height };
}
