// The lines of text that stand in a shape, where they stand, and how large the shape must be for them: the name, what the
// state does (`meta.does`, the Linux function that it stands for), its entry and exit actions, its internal transitions.
// Leaves out: everything else in `meta` (it is in the tooltip, see `node-title.ts`).

import type { ChartEdge, ChartNode } from './chart-graph.ts';
import { edgeParts } from './edge-text.ts';
import {
  actionLineLimit,
  boxMinimumWidth,
  boxPadding,
  dotSize,
  fontSize,
  lineHeight,
  portSpacing,
  ringSize,
  smallFontSize,
} from './layout-sizes.ts';
import { elsewhereLines } from './node-title.ts';
import { textWidth } from './text-width.ts';
import { wrapParts, wrapText } from './wrap-text.ts';

export interface ShapeLine {
  readonly text: string;
  readonly role: 'title' | 'does' | 'action';
  /** The internal transition that the line stands for. */
  readonly edge: string | null;
  /** Where the text starts or, if it is centred, has its middle; and its baseline; both from the corner of the shape. */
  readonly x: number;
  readonly y: number;
  readonly isCentred: boolean;
}

export interface ShapeText {
  readonly lines: readonly ShapeLine[];
  readonly width: number;
  readonly height: number;
}

/** What a node shows. A composite's text is its header: the name and what it does share a line. */
export function shapeTextOf(node: ChartNode, own: readonly ChartEdge[], portCount: number): ShapeText {
  if (node.kind === 'initial') return { lines: [], width: dotSize, height: dotSize };
  const texts = textsOf(node, own);
  const textWidths = texts.map(({ text, role }) =>
    textWidth(text, role === 'title' ? fontSize : smallFontSize),
  );
  if (node.kind === 'compound' || node.kind === 'parallel') return headerOf(texts, textWidths);
  const isSign = node.kind === 'final' || node.kind === 'history';
  const forPorts = 2 * portSpacing * portCount + boxPadding;
  const width = isSign
    ? Math.max(ringSize, ...textWidths) + 4
    : Math.max(boxMinimumWidth, forPorts, 2 * boxPadding + Math.max(...textWidths));
  const top = isSign ? ringSize : baselineRise;
  const lines = texts.map((line, index) => {
    const isCentred = isSign || line.role !== 'action';
    return {
      ...line,
      x: isCentred ? width / 2 : boxPadding,
      y: top + (index + 1) * lineHeight - descent,
      isCentred,
    };
  });
  return { lines, width, height: texts.length * lineHeight + (isSign ? ringSize : boxPadding) };
}

/** From the foot of a line up to its baseline, and from the top of a box down to its first line. */
const descent = 4;
const baselineRise = 4;

type Text = Pick<ShapeLine, 'text' | 'role' | 'edge'>;

/** In a header what the state does stands beside its name if it is one line. */
function headerOf(texts: readonly Text[], textWidths: readonly number[]): ShapeText {
  const doesCount = texts.filter(({ role }) => role === 'does').length;
  const beside = doesCount === 1 ? 1 : 0;
  const nameWidth = (textWidths[0] ?? 0) + beside * (lineHeight + (textWidths[1] ?? 0));
  const lines = texts.map((line, index) => {
    const isBeside = beside === 1 && index === 1;
    const row = index === 0 || isBeside ? 0 : index - beside;
    const x = isBeside ? boxPadding + (textWidths[0] ?? 0) + lineHeight : boxPadding;
    return { ...line, x, y: baselineRise + (row + 1) * lineHeight - descent, isCentred: false };
  });
  const width = 2 * boxPadding + Math.max(nameWidth, ...textWidths.slice(1 + beside));
  return { lines, width, height: (texts.length - beside) * lineHeight + boxPadding };
}

function textsOf(node: ChartNode, own: readonly ChartEdge[]): readonly Text[] {
  const lineOf = (role: ShapeLine['role'], edge: string | null) => (text: string) => ({ text, role, edge });
  const does = doesOf(node.meta);
  const entry = actionLines('entry', node.entry);
  const exit = actionLines('exit', node.exit);
  const internal = own.filter((edge) => edge.targets.length === 0);
  return [
    lineOf('title', null)(node.key),
    ...(does === null ? [] : wrapText(does, actionLineLimit).map(lineOf('does', null))),
    ...[...entry, ...exit].map(lineOf('action', null)),
    ...elsewhereLines(node)
      .flatMap((line) => wrapText(line, actionLineLimit))
      .map(lineOf('action', null)),
    ...internal.flatMap((edge) => wrapParts(edgeParts(edge), actionLineLimit).map(lineOf('action', edge.id))),
  ];
}

function actionLines(when: 'entry' | 'exit', actions: readonly string[]): readonly string[] {
  const parts = actions.map((action, index) => (index < actions.length - 1 ? `${action},` : action));
  const [first, ...rest] = parts;
  return first === undefined ? [] : wrapParts([`${when} / ${first}`, ...rest], actionLineLimit);
}

/** Fields of `meta` that say which Linux function a state stands for, or what it does in plain words. */
const fieldsOfDoes = ['does', 'function'];

function doesOf(meta: unknown): string | null {
  if (typeof meta !== 'object' || meta === null) return null;
  const values = new Map<string, unknown>(Object.entries(meta));
  const does = fieldsOfDoes.map((field) => values.get(field)).find((value) => typeof value === 'string');
  return typeof does === 'string' && does !== '' ? does : null;
}
