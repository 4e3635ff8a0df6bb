/** A run's sequence as JSON, for other programs: rows in order. Times are nanoseconds since power-on. Fields may be added, never renamed. */
import type { Happening, Row, Sequence } from './sequence.ts';

export function sequenceJson({ title, lifelines, rows }: Sequence): string {
  return `${JSON.stringify({ title, lifelines, rows: rows.map(rowFacts) }, null, 2)}\n`;
}

function rowFacts(row: Row): object {
  if (row.kind === 'band')
    return { kind: row.kind, phase: row.phase, of: row.of, start: row.startNs, end: row.endNs };
  if (row.kind === 'gap') return { kind: row.kind, ns: row.ns };
  return happeningFacts(row);
}

function happeningFacts({
  kind,
  step,
  startNs,
  endNs,
  clock,
  from,
  to,
  text,
  does,
  ...rest
}: Happening): object {
  const { isFailure, names, count } = rest;
  return {
    kind,
    step,
    start: startNs,
    end: endNs,
    clock: clock ?? null,
    from,
    to,
    text,
    does,
    names,
    count,
    isFailure,
  };
}
