// How a composite's columns and channels lie from left to right, once it is known how many tracks each channel needs.
// Promises: the first column leaves room for the composite's title, and for all lines that enter or leave the composite
// beside its axis.

import type { Arrangement } from './layout-arrangement.ts';
import type { ChannelTracks } from './layout-channels.ts';
import { channelName, channelWidth } from './layout-channels.ts';
import type { Channel } from './layout-courses.ts';
import { cellSpacing, channelSpacing, compositePadding, cornerInset, portSpacing } from './layout-sizes.ts';
import { requireEntry } from './require-entry.ts';

export interface CompositeHeader {
  readonly width: number;
  readonly height: number;
  /** Transitions of the composite itself: they leave to the right of all bottom ports. */
  readonly ownExitCount: number;
  /** How many lines may start or end on one side of the axis. */
  readonly portCount: number;
}

/** Where the columns and the tracks of the channels lie from left to right. */
export interface Floor {
  readonly columnStarts: readonly number[];
  readonly width: number;
  readonly trackX: (channel: Channel, netKey: string) => number;
}

export function floorOf(arrangement: Arrangement, tracks: ChannelTracks, header: CompositeHeader): Floor {
  const columnStarts: number[] = [];
  const columnEnds: number[] = [];
  let edge = compositePadding;
  const axis = firstAxis(arrangement);
  const roomForPorts = cornerInset + portSpacing * header.portCount;
  arrangement.columns.forEach((rows, column) => {
    const reach = Math.max(
      ...rows.flat().map((child) => {
        const cell = requireEntry(arrangement.cells, child, 'floorOf');
        return (arrangement.axes.get(child) ?? 0) + cell.right;
      }),
    );
    const leftWidth = channelWidth(tracks, column, 'left');
    if (column === 0) edge += Math.max(0, roomForPorts - edge - leftWidth - axis);
    const rightWidth = channelWidth(tracks, column, 'right');
    const needed = column === 0 ? Math.max(header.width - edge - leftWidth, axis + roomForPorts) : 0;
    const slack = Math.max(0, needed - reach);
    const start = edge + leftWidth + Math.floor(slack / 2);
    columnStarts.push(start);
    columnEnds.push(start + reach + Math.ceil(slack / 2));
    edge += leftWidth + reach + slack + rightWidth + cellSpacing;
  });
  const trackX = (channel: Channel, netKey: string): number => {
    const track = tracks.get(channelName(channel))?.get(netKey) ?? 0;
    const outward = channelSpacing * (track + 1);
    return channel.hand === 'left'
      ? (columnStarts[channel.column] ?? 0) - outward
      : (columnEnds[channel.column] ?? 0) + outward;
  };
  return { columnStarts, width: edge - cellSpacing + compositePadding, trackX };
}

/** The axis of the first child, which is also the axis on which the composite itself is strung. */
export function firstAxis({ axes, columns }: Arrangement): number {
  return axes.get(columns[0]?.[0]?.[0] ?? '') ?? 0;
}
