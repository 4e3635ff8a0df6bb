// What must hold of any picture of a run in SVG: its texts are apart and on the page, it is one closed document without anything from outside.

import { textWidth } from '../../scripts/visualize/chart/text-width.ts';

export type Box = {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

const plainText = (text: string): string =>
  text.replaceAll(
    /&(amp|lt|gt|quot);/g,
    (_entity, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '"',
  );

/** Where the texts stand, as wide as the drawing takes them to be; a title is two pixels larger than the rest. */
export function textBoxes(drawing: string, fontSize: number): readonly Box[] {
  return [...drawing.matchAll(/<text(?: class="([^"]*)")? x="([^"]*)" y="([^"]*)">([^<]*)</g)].map(
    (match) => {
      const [, classes = '', x = '', y = '', text = ''] = match;
      const size = classes === 'title' ? fontSize + 2 : fontSize;
      const width = textWidth(plainText(text), size);
      const left = Number(x) - (classes.includes('centred') ? width / 2 : 0);
      return { text, x: left, y: Number(y) - size + 2, width, height: size };
    },
  );
}

const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

export const overlaps = (boxes: readonly Box[]): readonly string[] =>
  boxes.flatMap((box, index) =>
    boxes.slice(index + 1).flatMap((other) => (overlap(box, other) ? [`${box.text} on ${other.text}`] : [])),
  );

export function sizeOf(drawing: string): { readonly width: number; readonly height: number } {
  const [, width = '', height = ''] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawing) ?? [];
  return { width: Number(width), height: Number(height) };
}

export function offThePage(drawing: string, fontSize: number): readonly string[] {
  const { width, height } = sizeOf(drawing);
  return textBoxes(drawing, fontSize)
    .filter((box) => box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height)
    .map(({ text }) => text);
}

/** Names of elements that were opened and not closed, or closed and not opened. */
export function unbalanced(drawing: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, end = '', name = '', single = ''] of drawing.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/gi)) {
    if (single !== '') continue;
    if (end === '') open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

/** What a picture that needs nothing else does not hold. */
export const foreignParts = /<script|href=|url\(|@font-face|@import|NaN|Infinity|undefined/;
