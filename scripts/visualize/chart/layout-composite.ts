// Lays out the inside of one composite: its children in rows and columns, the lines among them, and the places where lines
// pass through its borders. Children are laid out before their parents, so here they are boxes with ports.
//
//      title                                       top ports, always above a right channel
//      ---------------------------|---------
//      left channel | rows | right channel | left channel | rows | right channel       one pair for each column
//      ---------------------------|---------
//                                           bottom ports, always below a right channel
//
// Promises: all coordinates are whole numbers counted from the composite's upper left corner; lines only run where no box is.

import type { Arrangement, ChildBox } from './layout-arrangement.ts';
import { arrange } from './layout-arrangement.ts';
import type { Label, Point } from './layout-cell.ts';
import { channelTracks } from './layout-channels.ts';
import type { Columns } from './layout-courses.ts';
import type { CompositeHeader, Floor } from './layout-floor.ts';
import { firstAxis, floorOf } from './layout-floor.ts';
import type { Levels } from './layout-levels.ts';
import { levelsOf } from './layout-levels.ts';
import type { Net } from './layout-nets.ts';
import { coursePoints } from './layout-points.ts';
import { cornerInset, portSpacing } from './layout-sizes.ts';
import { requireEntry } from './require-entry.ts';

export interface CompositePlan {
  readonly box: Omit<ChildBox, 'id'>;
  readonly places: ReadonlyMap<string, Point>;
  readonly labels: readonly Label[];
  /** By course: the points of a line from its source to its sink, or to the border. */
  readonly lines: ReadonlyMap<string, readonly Point[]>;
  readonly columns: Columns;
}

export function layoutComposite(
  columns: Columns,
  children: ReadonlyMap<string, ChildBox>,
  nets: readonly Net[],
  header: CompositeHeader,
): CompositePlan {
  const arrangement = arrange(columns, children, nets);
  let best = planOf(arrangement, header, 0);
  let fewest = clashCount(best, arrangement);
  for (const shift of columnShifts) {
    if (fewest === 0) break;
    const plan = planOf(arrangement, header, shift);
    const count = clashCount(plan, arrangement);
    if (count < fewest) [best, fewest] = [plan, count];
  }
  return best;
}

/**
 * Lines of neighbouring columns meet in the channel between them; if two would run at the same height there, every other column
 * is moved down by a little, the first of these that helps.
 */
const columnShifts = [3, 6, 9, 12, 15, 18];

/** Level lines closer than this look like one. */
const clashDistance = 3;

function clashCount(plan: CompositePlan, arrangement: Arrangement): number {
  const stretches = arrangement.courses.flatMap(({ key, net }) => {
    const points = plan.lines.get(key) ?? [];
    return points.slice(1).flatMap((point, index) => {
      const before = points[index] ?? point;
      if (before.y !== point.y) return [];
      return [
        { netKey: net.key, y: point.y, from: Math.min(before.x, point.x), to: Math.max(before.x, point.x) },
      ];
    });
  });
  return stretches.reduce((sum, one, index) => {
    const clashes = stretches
      .slice(index + 1)
      .filter(
        (other) =>
          one.netKey !== other.netKey &&
          Math.abs(one.y - other.y) < clashDistance &&
          one.from < other.to &&
          other.from < one.to,
      );
    return sum + clashes.length;
  }, 0);
}

function planOf(arrangement: Arrangement, header: CompositeHeader, shift: number): CompositePlan {
  const { columns, children } = arrangement;
  const levels = levelsOf(arrangement, header.height, shift);
  const tracks = channelTracks(arrangement, levels);
  const floor = floorOf(arrangement, tracks, header);
  const ports = portsOf(arrangement, floor);
  const places = placesOf(arrangement, levels, floor);
  const isPassed = ports.bottom.size > 0;
  const lines = arrangement.courses.map(
    (course) => [course.key, coursePoints(course, { arrangement, levels, floor })] as const,
  );
  const width = floor.width + (isPassed ? portSpacing * header.ownExitCount : 0);
  const axis = (floor.columnStarts[0] ?? 0) + firstAxis(arrangement);
  const firstTopPort = Math.min(width, ...ports.top.values());
  return {
    box: {
      width,
      height: levels.bottom,
      axis,
      entryReach: { left: axis - cornerInset, right: firstTopPort - axis - cornerInset },
      topPorts: ports.top,
      bottomPorts: ports.bottom,
    },
    places,
    labels: [...children.keys()].flatMap((child) => labelsOf(child, arrangement, places)),
    lines: new Map(lines),
    columns,
  };
}

function portsOf(
  arrangement: Arrangement,
  floor: Floor,
): { readonly top: ReadonlyMap<string, number>; readonly bottom: ReadonlyMap<string, number> } {
  const top = new Map<string, number>();
  const bottom = new Map<string, number>();
  for (const { net, source, to, channels } of arrangement.courses) {
    const [first] = channels;
    const last = channels.at(-1);
    if (source.type === 'top' && first !== undefined) top.set(net.key, floor.trackX(first, net.key));
    if (to === null && last !== undefined) bottom.set(net.key, floor.trackX(last, net.key));
  }
  return { top, bottom };
}

function placesOf(arrangement: Arrangement, levels: Levels, floor: Floor): ReadonlyMap<string, Point> {
  return new Map(
    arrangement.columns.flatMap((rows, column) =>
      rows.flatMap((row, index) =>
        row.map((child): [string, Point] => {
          const box = requireEntry(arrangement.children, child, 'placesOf');
          const x = (floor.columnStarts[column] ?? 0) + (arrangement.axes.get(child) ?? 0) - box.axis;
          return [child, { x, y: levels.rowTops[column]?.[index] ?? 0 }];
        }),
      ),
    ),
  );
}

function labelsOf(
  child: string,
  arrangement: Arrangement,
  places: ReadonlyMap<string, Point>,
): readonly Label[] {
  const box = requireEntry(arrangement.children, child, 'labelsOf');
  const place = requireEntry(places, child, 'labelsOf');
  return requireEntry(arrangement.cells, child, 'labelsOf').labels.map((label) => {
    return { ...label, x: place.x + box.axis + label.x, y: place.y + label.y };
  });
}
