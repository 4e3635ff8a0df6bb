// What must hold of any layout of a chart. Each law answers with what breaks it, in words.

import type { ChartBox, ChartLayout } from '../../scripts/visualize/chart/layout-chart.ts';

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function boxOf(layout: ChartLayout, id: string): ChartBox | undefined {
  return layout.boxes.find((box) => box.id === id);
}

function leavesOf(layout: ChartLayout): readonly ChartBox[] {
  return layout.boxes.filter((box) => !layout.boxes.some((other) => other.parent === box.id));
}

function overlap(one: Rectangle, other: Rectangle): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

export function misplacedBoxes(layout: ChartLayout): readonly string[] {
  return layout.boxes.flatMap((box, index) => {
    const siblings = layout.boxes.slice(index + 1).filter((other) => other.parent === box.parent);
    const parent = layout.boxes.find((other) => other.id === box.parent);
    const isInside =
      parent === undefined ||
      (box.x > parent.x &&
        box.y >= parent.y + parent.headerHeight &&
        box.x + box.width < parent.x + parent.width &&
        box.y + box.height < parent.y + parent.height);
    return [
      ...siblings.filter((other) => overlap(box, other)).map((other) => `${box.id} on ${other.id}`),
      ...(isInside ? [] : [`${box.id} outside its parent`]),
    ];
  });
}

export function misplacedLabels(layout: ChartLayout): readonly string[] {
  return layout.labels.flatMap((label, index) => [
    ...leavesOf(layout).flatMap((box) => (overlap(label, box) ? [`${label.edge} on ${box.id}`] : [])),
    ...layout.labels
      .slice(index + 1)
      .flatMap((other) => (overlap(label, other) ? [`${label.edge} on ${other.edge}`] : [])),
    ...(label.x < 0 || label.x + label.width > layout.width ? [`${label.edge} off the page`] : []),
  ]);
}

interface Stretch extends Rectangle {
  readonly edge: string;
  readonly line: string;
}

/** The level and upright stretches of all lines; a slanted one is not a rectangle and shows as broken numbers. */
function stretchesOf(layout: ChartLayout): readonly Stretch[] {
  return layout.routes.flatMap(({ edge, target, style, points }) =>
    points.slice(1).map((point, index) => {
      const before = points[index] ?? point;
      const [x, y] = [Math.min(before.x, point.x), Math.min(before.y, point.y)];
      const isStraight = before.x === point.x || before.y === point.y;
      const width = isStraight ? Math.abs(before.x - point.x) : Number.NaN;
      return { edge, line: `${target} ${style}`, x, y, width, height: Math.abs(before.y - point.y) };
    }),
  );
}

function inner(rectangle: Rectangle): Rectangle {
  const { x, y, width, height } = rectangle;
  return { x: x + 1, y: y + 1, width: width - 2, height: height - 2 };
}

export function misledLines(layout: ChartLayout): readonly string[] {
  const obstacles = [
    ...leavesOf(layout).map((box) => ({ name: box.id, rectangle: inner(box) })),
    ...layout.labels.map((label) => ({ name: `the label of ${label.edge}`, rectangle: inner(label) })),
  ];
  return stretchesOf(layout).flatMap((stretch) => {
    const thin = { ...stretch, width: Math.max(stretch.width, 0.1), height: Math.max(stretch.height, 0.1) };
    return obstacles.flatMap(({ name, rectangle }) =>
      overlap(thin, rectangle) ? [`${stretch.edge} through ${name}`] : [],
    );
  });
}

export function looseEnds(layout: ChartLayout): readonly string[] {
  return layout.routes.flatMap(({ edge, target, points }) => {
    const box = boxOf(layout, target);
    const end = points.at(-1);
    const isMet = box && end && end.y === box.y && end.x > box.x && end.x < box.x + box.width;
    return isMet ? [] : [`${edge} misses ${target}`];
  });
}

export function sharedStretches(layout: ChartLayout): readonly string[] {
  const stretches = stretchesOf(layout);
  return stretches.flatMap((one, index) =>
    stretches.slice(index + 1).flatMap((other) => {
      const isLevel = one.height === 0 && other.height === 0 && Math.abs(one.y - other.y) < 3;
      const isUpright = one.width === 0 && other.width === 0 && Math.abs(one.x - other.x) < 3;
      const meets = (start: 'x' | 'y', size: 'width' | 'height') =>
        one[start] < other[start] + other[size] && other[start] < one[start] + one[size];
      const isShared = (isLevel && meets('x', 'width')) || (isUpright && meets('y', 'height'));
      return isShared && one.line !== other.line ? [`${one.edge} with ${other.edge}`] : [];
    }),
  );
}

export function brokenNumbers(layout: ChartLayout): readonly string[] {
  const named = [
    ...layout.boxes.map((box) => ({ name: box.id, numbers: [box.x, box.y, box.width, box.height] })),
    ...layout.labels.map((label) => ({
      name: label.edge,
      numbers: [label.x, label.y, label.width, label.height],
    })),
    ...stretchesOf(layout).map(({ edge, x, y, width, height }) => ({
      name: edge,
      numbers: [x, y, width, height],
    })),
  ];
  return named.filter(({ numbers }) => !numbers.every(Number.isInteger)).map(({ name }) => name);
}
