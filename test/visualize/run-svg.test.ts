import { describe, expect, it } from 'vitest';
import { textWidth } from '../../scripts/visualize/chart/text-width.ts';
import { drawnRun, happeningsIn, sequenceOfRun, smallRun } from './small-run.ts';

const runs = [
  { name: 'a jump', run: smallRun() },
  { name: 'a crash', run: smallRun({ path: 'kdump' }) },
  {
    name: 'a jump that hangs',
    run: smallRun({ faults: [{ name: 'device-hangs', where: 'freezeLate:disk' }] }),
  },
  { name: 'a jump of eight processors', run: smallRun({ cpus: 8, load: 'on-demand' }) },
];
const views = [
  { devices: 'together', isUnfolded: false },
  { devices: 'each', isUnfolded: false },
  { devices: 'each', isUnfolded: true },
] as const;

type Box = {
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

/** Where the texts stand, as wide as the drawing takes them to be. */
function textBoxes(drawing: string): readonly Box[] {
  return [...drawing.matchAll(/<text(?: class="([^"]*)")? x="([^"]*)" y="([^"]*)">([^<]*)</g)].map(
    (match) => {
      const [, classes = '', x = '', y = '', text = ''] = match;
      const fontSize = classes === 'title' ? 14 : 12;
      const width = textWidth(plainText(text), fontSize);
      const left = Number(x) - (classes.includes('centred') ? width / 2 : 0);
      return { text, x: left, y: Number(y) - fontSize + 2, width, height: fontSize };
    },
  );
}

const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

function sizeOf(drawing: string): { readonly width: number; readonly height: number } {
  const [, width = '', height = ''] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawing) ?? [];
  return { width: Number(width), height: Number(height) };
}

/** Names of elements that were opened and not closed, or closed and not opened. */
function unbalanced(drawing: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, end = '', name = '', single = ''] of drawing.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (single !== '') continue;
    if (end === '') open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

describe.each(runs)('the SVG of $name', ({ run }) => {
  it.each(views)('has no text on another, and none off the page: $devices, unfolded $isUnfolded', (view) => {
    const drawing = drawnRun(run, 'svg', view);
    const { width, height } = sizeOf(drawing);
    const boxes = textBoxes(drawing);
    const hits = boxes.flatMap((box, index) =>
      boxes
        .slice(index + 1, index + 60)
        .flatMap((other) => (overlap(box, other) ? [`${box.text} on ${other.text}`] : [])),
    );
    expect(hits).toEqual([]);
    const outside = boxes.filter(
      (box) => box.x < 0 || box.x + box.width > width || box.y + box.height > height,
    );
    expect(outside.map(({ text }) => text)).toEqual([]);
  });

  it('is one closed document without script, link or font, and without a broken number', () => {
    const drawing = drawnRun(run, 'svg');
    expect(drawing.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    expect(drawing.endsWith('</svg>\n')).toBe(true);
    expect(unbalanced(drawing)).toEqual([]);
    expect(drawing).not.toMatch(/<script|href=|url\(|@font-face|@import|NaN|Infinity|undefined/);
  });

  it('has a tooltip for everything that happens', () => {
    const happenings = happeningsIn(sequenceOfRun(run)).filter(({ kind }) => kind !== 'line');
    expect(drawnRun(run, 'svg').match(/<title>step /g)).toHaveLength(happenings.length);
  });

  it('is the same bytes each time', () => {
    expect(drawnRun(run, 'svg')).toBe(drawnRun(run, 'svg'));
  });
});
