// How each source of each net gets to its sink inside one composite. Three kinds of course:
//   straight   to the box below on the same axis
//   near       to a box of the next row in the same column, through the gap between the rows
//   far        through a channel beside a column: forwards on the right, back on the left, to the neighbouring
//              column through the channel between the two, further away by a bus above or below all columns
// Promises: a course runs through gaps, channels and buses only, so it never crosses a box.

import type { Net, NetSource } from './layout-nets.ts';
import { sourceKey } from './layout-nets.ts';

export type Hand = 'left' | 'right';

/** Rows of children, column by column. */
export type Columns = readonly (readonly (readonly string[])[])[];

export interface Spot {
  readonly column: number;
  readonly row: number;
}

export interface Channel {
  readonly column: number;
  readonly hand: Hand;
}

export interface Course {
  readonly key: string;
  readonly net: Net;
  readonly source: NetSource;
  /** Null: the top border of the composite. */
  readonly from: Spot | null;
  /** Null: the bottom border. */
  readonly to: Spot | null;
  readonly kind: 'straight' | 'near' | 'far';
  readonly exitHand: Hand;
  readonly entryHand: Hand;
  readonly channels: readonly Channel[];
  readonly bus: 'top' | 'bottom' | null;
}

export interface Setting {
  readonly columns: Columns;
  readonly axes: ReadonlyMap<string, number>;
  readonly isStraight: (from: string, to: string, netKey: string) => boolean;
}

export function coursesOf(nets: readonly Net[], setting: Setting): readonly Course[] {
  return nets.flatMap((net) => net.sources.map((source) => courseOf(net, source, setting)));
}

export function spotOf(columns: Columns, child: string): Spot {
  const column = columns.findIndex((rows) => rows.some((row) => row.includes(child)));
  const row = columns[column]?.findIndex((members) => members.includes(child)) ?? -1;
  return { column, row };
}

type Road = Pick<Course, 'kind' | 'exitHand' | 'entryHand' | 'channels' | 'bus'>;

function courseOf(net: Net, source: NetSource, setting: Setting): Course {
  const from = source.type === 'top' ? null : spotOf(setting.columns, source.child);
  const to = net.sink.type === 'bottom' ? null : spotOf(setting.columns, net.sink.child);
  return { key: `${net.key} < ${sourceKey(source)}`, net, source, from, to, ...roadOf(net, source, setting) };
}

function roadOf(net: Net, source: NetSource, setting: Setting): Road {
  const { columns } = setting;
  if (net.sink.type === 'bottom') return roadToBottom(net, source, columns);
  const to = spotOf(columns, net.sink.child);
  if (source.type === 'top') return road([{ column: to.column, hand: 'right' }], 'right', 'right');
  const from = spotOf(columns, source.child);
  if (from.column !== to.column) return roadAcross(from, to, columns);
  if (from.row + 1 !== to.row) {
    const hand = from.row < to.row ? 'right' : 'left';
    return road([{ column: from.column, hand }], hand, hand);
  }
  const lean = (setting.axes.get(net.sink.child) ?? 0) - (setting.axes.get(source.child) ?? 0);
  const isStraight = source.type === 'own' && setting.isStraight(source.child, net.sink.child, net.key);
  const exitHand = lean < 0 ? 'left' : 'right';
  return {
    kind: isStraight ? 'straight' : 'near',
    exitHand,
    entryHand: lean > 0 ? 'left' : 'right',
    channels: [],
    bus: null,
  };
}

function road(channels: readonly Channel[], exitHand: Hand, entryHand: Hand): Road {
  return { kind: 'far', exitHand, entryHand, channels, bus: null };
}

/** Down the channel to the right of the column; sources in several columns meet on the bus and leave from the last column. */
function roadToBottom(net: Net, source: NetSource, columns: Columns): Road {
  const columnIndexes = net.sources.map((each) =>
    each.type === 'top' ? 0 : spotOf(columns, each.child).column,
  );
  const own = source.type === 'top' ? 0 : spotOf(columns, source.child).column;
  const last = Math.max(...columnIndexes);
  if (own === last) return road([{ column: own, hand: 'right' }], 'right', 'right');
  const channels: Channel[] = [
    { column: own, hand: 'right' },
    { column: last, hand: 'right' },
  ];
  return { ...road(channels, 'right', 'right'), bus: 'bottom' };
}

function roadAcross(from: Spot, to: Spot, columns: Columns): Road {
  const [exitHand, entryHand]: [Hand, Hand] = from.column < to.column ? ['right', 'left'] : ['left', 'right'];
  const step = from.column < to.column ? 1 : -1;
  const start: Channel = { column: from.column, hand: exitHand };
  if (from.column + step === to.column) return road([start], exitHand, entryHand);
  const isLow = from.row + 1 > (columns[from.column]?.length ?? 0) / 2;
  const end: Channel = { column: to.column - step, hand: exitHand };
  return { ...road([start, end], exitHand, entryHand), bus: isLow ? 'bottom' : 'top' };
}
