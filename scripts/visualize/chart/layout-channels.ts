// The channels beside the columns and the buses above and below them: which far courses use each, over which stretch,
// and on which track. All heights are known here; widths follow from how many tracks each channel needs.
// Promises: a net has one line in a channel, however many courses share it.

import type { Arrangement } from './layout-arrangement.ts';
import type { Channel, Course, Hand } from './layout-courses.ts';
import { enterRunKey, leaveRunKey, leavesBelow } from './layout-gaps.ts';
import type { Levels } from './layout-levels.ts';
import { busName } from './layout-levels.ts';
import { channelSpacing } from './layout-sizes.ts';
import type { Claim } from './layout-tracks.ts';
import { claimTracks } from './layout-tracks.ts';
import { requireEntry } from './require-entry.ts';

/** By channel and net: the track, counted from the column outwards. */
export type ChannelTracks = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function channelName(channel: Channel): string {
  return `${channel.column} ${channel.hand}`;
}

export function channelTracks(arrangement: Arrangement, levels: Levels): ChannelTracks {
  const claims = new Map<string, Map<string, Claim>>();
  for (const course of arrangement.courses) {
    const heights = heightsOf(course, arrangement, levels);
    course.channels.forEach((channel, index) => {
      const name = channelName(channel);
      const inChannel = claims.get(name) ?? new Map<string, Claim>();
      claims.set(name, inChannel);
      const ends = [heights[index] ?? 0, heights[index + 1] ?? 0];
      const known = inChannel.get(course.net.key);
      const top = Math.min(...ends, known?.top ?? Number.POSITIVE_INFINITY);
      const bottom = Math.max(...ends, known?.bottom ?? Number.NEGATIVE_INFINITY);
      inChannel.set(course.net.key, { key: course.net.key, top, bottom });
    });
  }
  return new Map([...claims].map(([name, inChannel]) => [name, claimTracks([...inChannel.values()])]));
}

/** The heights at which a far course turns: where it enters its first channel, the bus if it takes one, and where it leaves its last. */
export function heightsOf(course: Course, arrangement: Arrangement, levels: Levels): readonly number[] {
  const start = startHeight(course, arrangement, levels);
  const bus = course.bus === null ? [] : [levels.buses.get(busName(course)) ?? 0];
  if (course.to === null) return [start, ...bus, levels.bottom];
  return [start, ...bus, enterHeight(course, levels)];
}

export function enterHeight(course: Course, levels: Levels): number {
  const { column, row } = course.to ?? { column: 0, row: 0 };
  return runHeight(levels, column, row, enterRunKey(course));
}

export function channelWidth(tracks: ChannelTracks, column: number, hand: Hand): number {
  const inChannel = tracks.get(channelName({ column, hand }));
  return inChannel === undefined ? 0 : (Math.max(...inChannel.values()) + 1) * channelSpacing;
}

function startHeight(course: Course, arrangement: Arrangement, levels: Levels): number {
  if (course.source.type === 'top' || course.from === null) return 0;
  const { column, row } = course.from;
  if (leavesBelow(arrangement, course)) return runHeight(levels, column, row + 1, leaveRunKey(course));
  const cell = requireEntry(arrangement.cells, course.source.child, 'startHeight');
  const start = requireEntry(cell.starts, course.key, 'startHeight');
  return (levels.rowTops[column]?.[row] ?? 0) + (start.points.at(-1)?.y ?? 0);
}

function runHeight(levels: Levels, column: number, gap: number, runKey: string): number {
  const top = levels.gapTops[column]?.[gap] ?? 0;
  return top + (levels.gaps[column]?.[gap]?.levels.get(runKey) ?? 0);
}
