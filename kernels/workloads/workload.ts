/**
 * Workloads: what A's tasks do while nothing is being suspended.
 *
 * A unit of work is a pure function of seed, task, unit and what the task itself has in memory and files; no task reads what another
 * one writes. So tasks may take turns in any order, with a hibernation between any two units, and end in the same visible
 * state, frame numbers apart. A unit changes few pages, because every world that is kept pays for them.
 */
import type { Box } from '../box.ts';

export type Workload = {
  readonly name: string;
  readonly about: string;
  /** Programs; further tasks run the same programs again. */
  readonly taskNames: readonly string[];
  /** Files that a fresh disk comes with. Tasks only read them. */
  readonly installed: readonly { readonly name: string; readonly blockCount: number }[];
  readonly unit: (box: Box, task: number, unit: number) => void;
};

/** Unique in a box, and no longer than a task's name may be for the first few thousand tasks. */
export function taskNameOf({ taskNames }: Workload, task: number): string {
  const round = Math.floor(task / taskNames.length);
  const name = taskNames[task % taskNames.length] ?? 'task';
  return round === 0 ? name : `${name}-${round + 1}`;
}
