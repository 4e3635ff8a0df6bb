/**
 * Where everything of a sequence chart stands, in pixels: times on the left, lifelines, and the kernels' log lines at the side.
 *
 * Promises: no text touches another: every row has a height of its own, and the log keeps to the right of all labels. A log line stands
 * beside what happened when it was printed, or below the line before it, but never in another band.
 */
import { wrap } from '../../cli/wrap.ts';
import { textWidth } from '../chart/text-width.ts';
import { durationText } from './duration-text.ts';
import { labelText } from './label-text.ts';
import { executorTitle } from './lifelines.ts';
import { secondsText } from './seconds-text.ts';
import type { Band, Executor, Gap, Happening, Lifeline, LifelineId, Sequence } from './sequence.ts';

export const fontSize = 12;
export const lineHeight = 16;
export const padding = 16;
const titleHeight = 30;
const headHeight = 30;
const arrowHeight = 32;
const spotHeight = 20;
const gapHeight = 24;
const bandHeight = 28;
const footHeight = 56;
/** Below the last row of a band. */
const bandEnd = 8;
const boxTimeEnd = 92;
const ownTimeEnd = 190;
const firstLifeline = 240;
const leastSpacing = 108;
const logColumns = 66;

export type TextBox = { readonly x: number; readonly y: number; readonly text: string };

export type PlacedHappening = {
  readonly happening: Happening;
  /** Where the arrow or the spot is. */
  readonly y: number;
  readonly start: number;
  readonly ends: readonly number[];
  readonly label: TextBox;
  readonly isTinted: boolean;
  readonly times: readonly TextBox[];
};
export type PlacedBand = {
  readonly band: Band;
  readonly y: number;
  readonly height: number;
  readonly text: string;
};
export type PlacedGap = { readonly gap: Gap; readonly y: number; readonly text: string };
export type PlacedLine = {
  readonly line: Happening;
  readonly x: number;
  readonly y: number;
  readonly texts: readonly string[];
};
/** Who executes from here to there; in a gap the lifelines are broken. */
export type Stretch = {
  readonly from: number;
  readonly to: number;
  readonly executor: Executor | undefined;
  readonly isGap: boolean;
};

export type SequenceLayout = {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly bottom: number;
  readonly lifelines: readonly (Lifeline & { readonly x: number })[];
  readonly happenings: readonly PlacedHappening[];
  readonly bands: readonly PlacedBand[];
  readonly gaps: readonly PlacedGap[];
  readonly lines: readonly PlacedLine[];
  readonly stretches: readonly Stretch[];
};

export function layoutSequence(sequence: Sequence): SequenceLayout {
  const lifelines = placedLifelines(sequence.lifelines);
  const rows = new Rows(lifelines);
  for (const row of sequence.rows) {
    if (row.kind === 'band') rows.band(row);
    else if (row.kind === 'gap') rows.gap(row);
    else if (row.kind === 'line') rows.line(row);
    else rows.happening(row);
  }
  const bottom = rows.end();
  const logX = rows.reach + 2 * padding;
  const lines = rows.lines.map((line) => ({ ...line, x: logX }));
  const widths = lines.flatMap(({ texts }) => texts.map((text) => logX + textWidth(text, fontSize)));
  return {
    title: sequence.title,
    width: Math.max(rows.reach, ...widths, padding + textWidth(sequence.title, fontSize + 2)) + padding,
    height: bottom + footHeight,
    top: titleHeight + headHeight,
    bottom,
    lifelines,
    happenings: rows.happenings,
    bands: rows.bands,
    gaps: rows.gaps,
    lines,
    stretches: rows.stretches,
  };
}

function placedLifelines(lifelines: readonly Lifeline[]): SequenceLayout['lifelines'] {
  let x = firstLifeline;
  return lifelines.map((lifeline, index) => {
    const before = lifelines[index - 1];
    const room =
      before === undefined ? 0 : textWidth(before.title + lifeline.title, fontSize) / 2 + 2 * padding;
    x += before === undefined ? 0 : Math.max(leastSpacing, room);
    return { ...lifeline, x };
  });
}

/** Fills the page from top to bottom. */
class Rows {
  readonly happenings: PlacedHappening[] = [];
  readonly bands: PlacedBand[] = [];
  readonly gaps: PlacedGap[] = [];
  readonly lines: Omit<PlacedLine, 'x'>[] = [];
  readonly stretches: Stretch[] = [];
  /** How far labels go to the right. */
  reach: number;
  private readonly lifelines: SequenceLayout['lifelines'];
  private y = titleHeight + headHeight;
  private logY = titleHeight + headHeight;
  private rowY = titleHeight + headHeight;
  private lastNs = -1;
  private executor: Executor | undefined;

  constructor(lifelines: SequenceLayout['lifelines']) {
    this.lifelines = lifelines;
    this.reach = Math.max(...lifelines.map(({ x, title }) => x + textWidth(title, fontSize) / 2));
  }

  band(band: Band): void {
    this.level();
    if (this.bands.length > 0) this.advance(bandEnd, false);
    this.closeBand();
    const took = band.endNs > band.startNs ? `, ${durationText(band.endNs - band.startNs)}` : '';
    const text = `${band.phase} · ${executorTitle[band.of]}${took}`;
    this.bands.push({ band, y: this.y, height: 0, text });
    this.advance(bandHeight, false);
    this.logY = this.y;
  }

  gap(gap: Gap): void {
    this.level();
    this.gaps.push({ gap, y: this.y + gapHeight / 2 + 4, text: `⋮ ${durationText(gap.ns)}` });
    this.advance(gapHeight, true);
    this.logY = this.y;
  }

  line(line: Happening): void {
    const texts = wrap(`${this.titleOf(line.from)} ${labelText(line)}`, logColumns);
    this.logY = Math.max(this.logY, this.rowY);
    this.lines.push({ line, y: this.logY + fontSize, texts });
    this.logY += texts.length * lineHeight;
  }

  happening(happening: Happening): void {
    this.executor = happening.executor;
    const start = this.place(happening.from);
    const ends = happening.to.map((id) => this.place(id)).filter((end) => end !== start);
    const height = ends.length > 0 ? arrowHeight : spotHeight;
    const text = labelText(happening);
    const x = ends.length > 0 ? labelX(text, [start, ...ends]) : start + 12;
    const y = this.y + (ends.length > 0 ? 24 : spotHeight / 2);
    const label = { x, y: ends.length > 0 ? this.y + 14 : y + 4, text };
    this.happenings.push({
      happening,
      y,
      start,
      ends,
      label,
      isTinted: this.bands.length % 2 === 1,
      times: this.times(happening, y + 4),
    });
    this.reach = Math.max(this.reach, x + textWidth(text, fontSize));
    this.rowY = this.y;
    this.advance(height, false);
  }

  end(): number {
    this.level();
    this.advance(bandEnd, false);
    this.closeBand();
    return this.y;
  }

  /** Log lines of a band end in it. */
  private level(): void {
    if (this.logY > this.y) this.advance(this.logY - this.y, false);
    this.closeBand();
    this.rowY = this.y;
  }

  private closeBand(): void {
    const last = this.bands.at(-1);
    if (last) this.bands[this.bands.length - 1] = { ...last, height: this.y - last.y };
  }

  private advance(height: number, isGap: boolean): void {
    const { executor } = this;
    this.stretches.push({ from: this.y, to: this.y + height, executor, isGap });
    this.y += height;
  }

  private times({ startNs, clock }: Happening, y: number): readonly TextBox[] {
    if (startNs === this.lastNs) return [];
    this.lastNs = startNs;
    const own = clock && `${executorTitle[clock.kernel]} ${secondsText(clock.ns)}`;
    return [endingAt(boxTimeEnd, y, secondsText(startNs)), ...(own ? [endingAt(ownTimeEnd, y, own)] : [])];
  }

  private titleOf(id: LifelineId): string {
    return this.lifelines.find((lifeline) => lifeline.id === id)?.title ?? id;
  }

  private place(id: LifelineId): number {
    return this.lifelines.find((lifeline) => lifeline.id === id)?.x ?? 0;
  }
}

/** In the middle of its arrow when it fits there, else from the left end of the arrow on. */
function labelX(text: string, points: readonly number[]): number {
  const low = Math.min(...points);
  const room = Math.max(...points) - low;
  const width = textWidth(text, fontSize);
  return width + 8 <= room ? low + (room - width) / 2 : low + 12;
}

const endingAt = (end: number, y: number, text: string): TextBox => ({
  x: end - textWidth(text, fontSize),
  y,
  text,
});
