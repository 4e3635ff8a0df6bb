/** A time line as JSON, for other programs. Times are nanoseconds since power-on. Fields may be added, never renamed. */
import { boottimeNs, monotonicNs } from '../../report/kernel-clocks.ts';
import type { TimeLine, TimeLineRow } from './run-time-line.ts';

export function timeLineJson({ title, lanes, rows, bars, clocks, epochSeconds }: TimeLine): string {
  const facts = {
    title,
    lanes,
    phases: bars.map(({ lane, name, startNs, endNs }) => ({ lane, name, start: startNs, end: endNs })),
    rows: rows.map(rowFacts),
    clocks: clocks.map((life) => ({
      kernel: life.kernel,
      start: life.startNs,
      end: life.endNs,
      isGone: life.isGone,
      monotonic: monotonicNs(life),
      boottime: boottimeNs(life),
      gaps: life.stretches
        .filter(({ isStanding }) => isStanding)
        .map(({ startNs, endNs, shownNs }) => ({ start: startNs, end: endNs, shown: shownNs })),
    })),
    wallClockAtStart: epochSeconds,
  };
  return `${JSON.stringify(facts, null, 2)}\n`;
}

function rowFacts(row: TimeLineRow): object {
  switch (row.kind) {
    case 'stretch': {
      const { startNs, endNs, ...rest } = row;
      return { ...rest, executor: row.executor ?? null, start: startNs, end: endNs };
    }
    case 'phase':
    case 'control':
    case 'remark': {
      const { ns, ...rest } = row;
      return { ...rest, at: ns };
    }
  }
}
