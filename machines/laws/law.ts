/**
 * A law: what must hold. A pure function over a step (the worlds before and after, and the record) or over a whole run that came to
 * rest. It asks states through their tags, never charts by name, and says in words what is broken.
 *
 * A law costs what a step changed, never what the machine could hold: a box of a terabyte has 268 million frames.
 */
import type { Rules, StepRecord, World } from '../system/world.ts';

export type SeenStep = {
  readonly rules: Rules;
  readonly before: World;
  readonly after: World;
  readonly record: StepRecord;
};

/** The same box without the path's suspend, run to its end, under rules (and contents) of its own. */
export type Twin = { readonly rules: Rules; readonly world: World };

export type SeenRun = {
  readonly rules: Rules;
  /** The last world: nothing can happen in it any more. */
  readonly world: World;
  readonly records: readonly StepRecord[];
  /** Computed when a law asks for it. */
  readonly twin: () => Twin;
};

/** What is broken, and in which step; without one, in what the run came to. */
export type Breach = { readonly text: string; readonly step?: number };

export type Law = {
  readonly name: string;
  readonly says: string;
  /** What it looks at, and what it does not. */
  readonly verifies: string;
  readonly leavesOut: string;
  readonly source: string;
  readonly atStep?: (seen: SeenStep) => readonly string[];
  /** Asked only of runs that came to rest, never of one that was stopped at a limit. */
  readonly atEnd?: (seen: SeenRun) => readonly Breach[];
};

export type Violation = { readonly law: string; readonly step: number; readonly text: string };
