// One transition in SVG: the line as far as it is drawn (`line`), its whole way (`route`, unseen until the transition is
// highlighted or pointed at), the arrow head and the label. An internal transition is a line of text in its state.

import type { ChartEdge } from './chart-graph.ts';
import { edgeStyle, edgeText } from './edge-text.ts';
import type { Label, Point } from './layout-cell.ts';
import type { ChartRoute } from './layout-chart.ts';
import { labelLineHeight } from './layout-sizes.ts';
import { cutAtEnd } from './svg-lines.ts';
import { headPath, roundedPath } from './svg-path.ts';
import { xmlText } from './xml-text.ts';

export interface DrawnRoute {
  readonly route: ChartRoute;
  readonly part: readonly Point[];
}

/** Lines end inside the head, not at its tip. */
const headLength = 7;

/** From a label's upper edge to the baseline of its first line. */
const labelRise = 10;

export interface EdgeLook {
  readonly id: string;
  readonly title: string;
  readonly isTaken: boolean;
}

export function edgeElement(edge: ChartEdge, inside: string, { id, title, isTaken }: EdgeLook): string {
  const classes = ['edge', edgeStyle(edge), ...(isTaken ? ['taken'] : [])].join(' ');
  const attributes = `id="${id}" class="${classes}" role="graphics-symbol"`;
  return `<g ${attributes} aria-label="${xmlText(title)}"><title>${xmlText(title)}</title>${inside}</g>`;
}

export function edgeDrawing(routes: readonly DrawnRoute[], labels: readonly Label[]): string {
  return [...routes.map(routeDrawing), ...labels.map(labelText)].join('');
}

/** What a transition does, in one line for a reader who does not see the drawing. */
export function edgeTitle(edge: ChartEdge, nameOf: (stateId: string) => string): string {
  const text = edgeText(edge);
  if (edge.trigger.type === 'initial') return `starts in ${edge.targets.map(nameOf).join(', ')}`;
  if (edge.targets.length === 0) return `${nameOf(edge.source)}: ${text}, without leaving the state`;
  return `${nameOf(edge.source)} to ${edge.targets.map(nameOf).join(', ')}: ${text}`;
}

function routeDrawing({ route, part }: DrawnRoute): string {
  const end = route.points.at(-1) ?? { x: 0, y: 0 };
  const whole = cutAtEnd(route.points, headLength);
  const drawn = part.length === route.points.length && part.at(-1) === route.points.at(-1) ? whole : part;
  return [
    ...(drawn.length === 0 ? [] : [`<path class="line" d="${roundedPath(drawn)}"/>`]),
    `<path class="route" d="${roundedPath(whole)}"/>`,
    `<path class="head" d="${headPath(end)}"/>`,
  ].join('');
}

function labelText(label: Label): string {
  return label.lines
    .map((line, index) => {
      const y = label.y + labelRise + index * labelLineHeight;
      return `<text x="${label.x}" y="${y}">${xmlText(line)}</text>`;
    })
    .join('');
}
