/**
 * The words beside a clock that stands: in the lane of its kernel, where nothing else is written, because a kernel whose clock stands does
 * nothing. Where there is no room for them the dotted line must do; all gaps are listed below the drawing.
 */
import { durationText } from '../run/duration-text.ts';
import { secondsText } from '../run/seconds-text.ts';
import { type GapNote, lineHeight, momentHeight, type Placed, textInset } from './placed.ts';
import type { TimeLine } from './run-time-line.ts';

type Extent = { readonly from: number; readonly to: number };

export function gapNotes({ clocks }: TimeLine, placed: Placed): readonly GapNote[] {
  return clocks.flatMap(({ kernel, stretches }) => {
    const x = placed.lanes.find(({ id }) => id === kernel)?.x;
    if (x === undefined) return [];
    return stretches
      .filter(({ isStanding }) => isStanding)
      .flatMap(({ startNs, endNs, shownNs }) => {
        const gap = { from: placed.yOf(startNs), to: placed.yOf(endNs) };
        const texts = [
          `stands: ${secondsText(shownNs)}`,
          `for ${durationText(endNs - startNs)};`,
          'boottime runs on',
        ];
        return noteIn(freeIn(gap, takenIn(x, placed)), texts, x);
      });
  });
}

/** What is written or drawn across the lane: its own labels, moments of anybody. */
function takenIn(x: number, { bars, moments }: Placed): readonly Extent[] {
  return [
    ...bars.filter((bar) => bar.x === x).map(({ from, to }) => ({ from, to })),
    ...moments.map(({ y }) => ({ from: y, to: y + momentHeight })),
  ].sort((one, other) => one.from - other.from);
}

/** The longest stretch within the gap that nothing takes. */
function freeIn(gap: Extent, taken: readonly Extent[]): Extent {
  let best = { from: gap.from, to: gap.from };
  let at = gap.from;
  for (const { from, to } of [...taken, { from: gap.to, to: gap.to }]) {
    const end = Math.min(from, gap.to);
    if (end - at > best.to - best.from) best = { from: at, to: end };
    at = Math.max(at, to);
  }
  return best;
}

function noteIn({ from, to }: Extent, texts: readonly string[], x: number): readonly GapNote[] {
  const count = Math.min(texts.length, Math.floor((to - from) / lineHeight));
  if (count === 0) return [];
  const top = Math.round((from + to - count * lineHeight) / 2);
  const lines = texts.slice(0, count).map((text, index) => {
    return { x: x + textInset, y: top + 11 + index * lineHeight, text };
  });
  return [{ lines }];
}
