/** From a run to the rows of its picture: folded, with the phases as bands and the quiet stretches as gaps. */
import type { History } from '../../../machines/system/history.ts';
import { type PhaseSpan, phasesOf } from '../../report/phases.ts';
import { boxTitle } from './box-title.ts';
import { folded, glanceNs } from './fold.ts';
import { happeningsOf } from './happenings.ts';
import { lifelinesOf } from './lifelines.ts';
import type { Band, DevicesShown, Gap, Happening, Place, Row, Sequence } from './sequence.ts';

export type SequenceOptions = {
  readonly devices: DevicesShown;
  /** Every single happening, nothing folded. */
  readonly isUnfolded: boolean;
};

export function sequenceOf(history: History, { devices, isUnfolded }: SequenceOptions): Sequence {
  const { rules } = history;
  const happenings = happeningsOf(history, devices);
  const shown = isUnfolded ? happenings : folded(happenings);
  const rows = rowsOf(shown, phasesOf(rules, history.allRecords));
  const present = new Set(happenings.flatMap(({ from, to }) => [from, ...to]));
  // C has a lifeline where it comes up; A and B always, so that pictures of a path can be laid side by side.
  const lifelines = lifelinesOf(rules, devices).filter(({ id }) => id !== 'restore' || present.has(id));
  return { title: boxTitle(rules.plan), lifelines, rows };
}

function rowsOf(happenings: readonly Happening[], spans: readonly PhaseSpan[]): readonly Row[] {
  const bands = bandsOf(happenings, spans);
  let told = happenings[0]?.startNs ?? 0;
  return happenings.flatMap((happening, index): readonly Row[] => {
    const band = bands.get(happening);
    const ns = happening.startNs - told;
    const gap: Gap | undefined =
      ns < glanceNs ? undefined : { kind: 'gap', ns, executor: happenings[index - 1]?.executor };
    // What a long order waits for is the gap that its answer ends; all else is over where it is told.
    const isLong = happening.count === 1 && happening.endNs - happening.startNs >= glanceNs;
    told = Math.max(told, isLong || happening.kind === 'work' ? happening.startNs : happening.endNs);
    return [...(gap ? [gap] : []), ...(band ? [band] : []), happening];
  });
}

/** Bands by the happening that they begin with; what belongs to no phase stays in the band it comes in. */
function bandsOf(
  happenings: readonly Happening[],
  spans: readonly PhaseSpan[],
): ReadonlyMap<Happening, Band> {
  const bands = new Map<Happening, Band>();
  let last: Place = { phase: undefined, of: undefined };
  for (const happening of happenings) {
    const { place, startNs } = happening;
    const { phase, of } = place;
    if (phase === undefined || of === undefined || (phase === last.phase && of === last.of)) continue;
    last = place;
    const isAround = ({ name, actor, ...span }: PhaseSpan): boolean =>
      name === phase && actor === of && span.startNs <= startNs && startNs <= span.endNs;
    const span = spans.findLast(isAround) ?? { startNs, endNs: startNs };
    bands.set(happening, { kind: 'band', phase, of, startNs: span.startNs, endNs: span.endNs });
  }
  return bands;
}
