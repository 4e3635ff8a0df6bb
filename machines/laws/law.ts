/**
 * A law: what must hold. A pure function over a step (the worlds before and after, and the record), over the world at rest, or over a
 * whole run. It asks states through their tags, never charts by name, and says in words what is broken.
 */
import type { Rules, StepRecord, World } from '../system/world.ts';

export type SeenStep = {
  readonly rules: Rules;
  readonly before: World;
  readonly after: World;
  readonly record: StepRecord;
};

export type SeenRun = {
  readonly rules: Rules;
  /** The last world: nothing can happen in it any more, or the run was stopped at a limit. */
  readonly world: World;
  readonly isAtRest: boolean;
  readonly records: readonly StepRecord[];
  /** The same box without the path's suspend, run to its end; computed when a law asks for it. */
  readonly twin: () => World;
};

export type Law = {
  readonly name: string;
  readonly says: string;
  /** What it looks at, and what it does not. */
  readonly verifies: string;
  readonly leavesOut: string;
  readonly source: string;
  readonly atStep?: (seen: SeenStep) => readonly string[];
  readonly atEnd?: (seen: SeenRun) => readonly string[];
};

export type Violation = { readonly law: string; readonly step: number; readonly text: string };
