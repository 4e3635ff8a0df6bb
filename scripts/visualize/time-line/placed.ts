/** Distances of the time line's drawing, in pixels, and the things that stand in it. */
import type { Moment } from './moments.ts';
import type { Lane, Stretch } from './run-time-line.ts';

export const fontSize = 11;
export const lineHeight = 14;
export const padding = 16;
export const barWidth = 12;
/** From the left of a lane to its bar, and to its texts; before the bar stands the line of the kernel's clock. */
export const clockInset = 6;
export const barInset = 14;
export const textInset = 30;
export const timeEnd = 96;
export const axisX = 108;
export const durationX = 118;
export const firstLane = 178;
export const laneGap = 8;
export const titleHeight = 18;
export const titleColumns = 100;
export const headHeight = 36;
/** Legend, and the head of the list of clocks. */
export const footHeight = 84;
export const stretchHeight = 18;
export const momentHeight = 22;
/** What ten times the time adds to the height of a stretch. */
export const heightForTenfold = 6;
export const shortestNs = 1e6;
/** From here on a stretch is drawn as broken: what else happens takes seconds. */
export const brokenNs = 10e9;

export type PlacedLane = Lane & { readonly x: number };
export type PlacedText = { readonly x: number; readonly y: number; readonly text: string };
export type PlacedStretch = {
  readonly stretch: Stretch;
  readonly y: number;
  readonly height: number;
  readonly isBroken: boolean;
};
export type PlacedMoment = { readonly moment: Moment; readonly y: number };
/** `to` − `from` of a phase in the lane of who is in it. */
export type PlacedBar = {
  readonly x: number;
  readonly from: number;
  readonly to: number;
  readonly label: PlacedText;
  readonly title: string;
};

/** The words beside a clock that stands. */
export type GapNote = { readonly lines: readonly PlacedText[] };

/** What has its place. */
export type Placed = {
  readonly lanes: readonly PlacedLane[];
  readonly stretches: readonly PlacedStretch[];
  readonly moments: readonly PlacedMoment[];
  readonly bars: readonly PlacedBar[];
  /** Where a time stands: the first of its places, before the moments at it. */
  readonly yOf: (ns: number) => number;
};
