/**
 * The phases of a run on one axis, a row for each:
 *
 *                                0 s           5 s          10 s
 *   firmware power-on  1.200 s   ███
 *   A        load      2.098 s            █████
 *   A's clock          3.102 s   ─────────────────        ─────      its gap
 *
 * A phase too short for a column is a thin bar. When the run ended in silence the axis ends where the silence began.
 */
import type { ActorName } from '../../machines/system/actors.ts';
import type { Output, Style } from '../cli/io.ts';
import type { PhaseSpan } from './phases.ts';
import { durationText } from './quantity-text.ts';
import type { RunFacts } from './run-facts.ts';

const actorColumns = 10;
const phaseColumns = 11;
const durationColumns = 10;
const leftColumns = 2 + actorColumns + phaseColumns + durationColumns + 1;

/** Names and colours of who can be in a phase. */
const shown: Readonly<Record<string, { readonly name: string; readonly style: Style }>> = {
  firmware: { name: 'firmware', style: 'blue' },
  original: { name: 'A', style: 'green' },
  dump: { name: 'B', style: 'magenta' },
  restore: { name: 'C', style: 'cyan' },
};

export const actorText = (actor: ActorName): string => shown[actor]?.name ?? actor;
export const actorStyle = (actor: ActorName): Style => shown[actor]?.style ?? 'dim';

export type TimedFacts = Pick<RunFacts, 'phases' | 'gaps' | 'silentSinceNs' | 'endNs'>;

type Axis = { readonly endNs: number; readonly columns: number };

export function timeLine(
  facts: TimedFacts,
  { columns, paint }: Pick<Output, 'columns' | 'paint'>,
): readonly string[] {
  const endNs = Math.max(1, facts.silentSinceNs);
  const axis = { endNs, columns: Math.max(20, columns - leftColumns) };
  const rows = facts.phases.map((span) => {
    const bar = paint(actorStyle(span.actor), barOf(span, axis));
    return `${leftOf(actorText(span.actor), span.name, span.endNs - span.startNs)}${bar}`;
  });
  const standing = facts.gaps.reduce((sum, gap) => sum + gap.endNs - gap.startNs, 0);
  const clock = standing > 0 ? [`${leftOf("A's clock", 'stands', standing)}${clockRow(facts, axis)}`] : [];
  const silence = facts.endNs - facts.silentSinceNs;
  const silent =
    silence > 0 ? [`  then silence for ${durationText(silence)}, until the operator stopped waiting`] : [];
  return [' '.repeat(leftColumns) + paint('dim', ticks(axis)), ...rows, ...clock, ...silent];
}

const leftOf = (who: string, what: string, ns: number): string =>
  `  ${who.padEnd(actorColumns)}${what.padEnd(phaseColumns)}${durationText(ns).padStart(durationColumns)} `;

const columnOf = (ns: number, { endNs, columns }: Axis): number =>
  Math.round((Math.min(ns, endNs) / endNs) * columns);

function barOf({ startNs, endNs }: PhaseSpan, axis: Axis): string {
  const start = Math.min(columnOf(startNs, axis), axis.columns - 1);
  const length = Math.min(columnOf(endNs, axis), axis.columns) - start;
  return ' '.repeat(start) + (length > 0 ? '█'.repeat(length) : '▏');
}

/** Where A's clock runs; it begins with A's first phase. */
function clockRow({ phases, gaps }: TimedFacts, axis: Axis): string {
  const startNs = phases.find(({ actor }) => actor === 'original')?.startNs ?? 0;
  const cells = Array.from({ length: axis.columns }, (_, column) => {
    const ns = ((column + 0.5) / axis.columns) * axis.endNs;
    if (ns < startNs) return ' ';
    return gaps.some((gap) => ns >= gap.startNs && ns < gap.endNs) ? '·' : '─';
  });
  return cells.join('').trimEnd();
}

/** Of 1, 2 and 5 times a power of ten, the least that leaves room for its label. */
function tickNs({ endNs, columns }: Axis): number {
  for (let power = 1e6; ; power *= 10) {
    for (const factor of [1, 2, 5]) {
      if ((columns * power * factor) / endNs >= leastTickColumns) return power * factor;
    }
  }
}

const leastTickColumns = 10;

function ticks(axis: Axis): string {
  const step = tickNs(axis);
  let line = '';
  for (let ns = 0; ns <= axis.endNs; ns += step) {
    const label = `${Number((ns / 1e9).toFixed(3))} s`;
    const column = columnOf(ns, axis);
    if (column + label.length > axis.columns) break;
    line = line.padEnd(column) + label;
  }
  return line;
}
