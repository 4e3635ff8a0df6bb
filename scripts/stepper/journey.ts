/**
 * Going on and going back until something is met. Both directions stop at the same positions: behind a step that met something. So
 * what stopped a journey on the way out stops it on the way home, and the step shown is the one that did it.
 */
import { violationsAtStep } from '../../machines/laws/index.ts';
import type { Law, SeenStep } from '../../machines/laws/law.ts';
import type { StepRecord } from '../../machines/system/world.ts';
import type { Session } from './session.ts';

export type Meets = (seen: SeenStep) => readonly string[];
export type Direction = 'onwards' | 'backwards';

export type Journey = {
  readonly direction: Direction;
  readonly stepCount: number;
  /** Why it stopped: what the last step met. */
  readonly reasons: readonly string[];
  /** Where the run has no more, when that is why it stopped. */
  readonly edge: 'start' | 'end' | undefined;
};

/** More than any run of a registered path takes; a journey that reaches it stops and can be taken up again. */
const journeyLimit = 100_000;

export function travel(session: Session, direction: Direction, meets: Meets): Journey {
  const { history } = session;
  session.turnsSeen = undefined;
  const from = history.position;
  const ended = (reasons: readonly string[], edge?: Journey['edge']): Journey => {
    const stepCount = Math.abs(history.position - from);
    return { direction, stepCount, reasons, edge };
  };
  for (let count = 0; count < journeyLimit; count += 1) {
    const moved = direction === 'onwards' ? history.forward() : history.back();
    if (!moved) return ended([], direction === 'onwards' ? 'end' : 'start');
    if (history.position === 0) return ended([], 'start');
    const reasons = meets(session.seenAt(history.position));
    if (reasons.length > 0) return ended(reasons);
  }
  return ended([`the limit of ${journeyLimit} steps is reached; the same again goes on`]);
}

/** So many steps, whatever they meet. */
export function travelSteps(session: Session, direction: Direction, count: number): Journey {
  let left = count;
  const journey = travel(session, direction, () => {
    left -= 1;
    return left === 0 ? [''] : [];
  });
  return { ...journey, reasons: [] };
}

/** Everything that breaks a journey: breakpoints, watchpoints, broken laws. */
export function stopsAndLaws({ stops, laws }: Session): Meets {
  return (seen) => [
    ...stops.flatMap(({ number, kind, met }) => {
      const text = met(seen);
      return text === undefined
        ? []
        : [`${kind === 'break' ? 'breakpoint' : 'watchpoint'} ${number}: ${text}`];
    }),
    ...brokenLaws(seen, laws),
  ];
}

/** A step is judged once, however often it is passed. */
const judged = new WeakMap<StepRecord, readonly string[]>();

function brokenLaws(seen: SeenStep, laws: readonly Law[]): readonly string[] {
  const known = judged.get(seen.record);
  if (known) return known;
  const broken = violationsAtStep(seen, laws).map(({ law, text }) => `law ${law} is broken: ${text}`);
  judged.set(seen.record, broken);
  return broken;
}
