import type { ChartBox } from './layout-chart.ts';
import type { ShapeLine } from './layout-lines.ts';
import { dotSize, ringSize } from './layout-sizes.ts';
import { xmlText } from './xml-text.ts';

/** The outline of a state: a rounded box, a dot where a composite starts, a ring with a disc where it ends, a circle with an H for its history. */
export function boxShape(box: ChartBox): string {
  const middle = box.x + box.width / 2;
  const ringMiddle = box.y + ringSize / 2;
  const ring = `<circle class="box" cx="${middle}" cy="${ringMiddle}" r="${ringSize / 2 - 1}"/>`;
  switch (box.kind) {
    case 'initial':
      return `<circle class="dot" cx="${middle}" cy="${box.y + dotSize / 2}" r="${dotSize / 2}"/>`;
    case 'final':
      return `${ring}<circle class="dot" cx="${middle}" cy="${ringMiddle}" r="${ringSize / 2 - 5}"/>`;
    case 'history':
      return `${ring}<text class="centred" x="${middle}" y="${ringMiddle + 4}">H</text>`;
    case 'page':
      return '';
    case 'stub':
      return rectangle(box, box.height / 2);
    case 'atomic':
    case 'compound':
    case 'parallel':
      return rectangle(box, 7);
  }
}

export function textElement(line: ShapeLine, box: ChartBox): string {
  const classes = line.isCentred ? `${line.role} centred` : line.role;
  return `<text class="${classes}" x="${box.x + line.x}" y="${box.y + line.y}">${xmlText(line.text)}</text>`;
}

function rectangle(box: ChartBox, radius: number): string {
  return `<rect class="box" x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="${radius}"/>`;
}
