/**
 * A run without faults, and where in it each fault could strike: every run with one fault is a fork of it right before the strike, so what
 * came before is computed, and judged, once for all of them.
 */

import type { Contents } from '../../kernels/memory/contents.ts';
import type { Plan, PlannedFault } from '../../kernels/plan.ts';
import { beginBox } from '../system/begin.ts';
import { inTime } from '../system/choices.ts';
import { History, runToEnd } from '../system/history.ts';
import { injectFault } from '../system/inject-fault.ts';
import type { Rules } from '../system/world.ts';
import { faultNamed } from './index.ts';
import { placeInTime, placesOf } from './places.ts';

export type FaultFreeRun = {
  readonly history: History;
  readonly end: 'ended' | 'limit';
  /** How often the run comes to a place. */
  readonly timesAt: (place: string) => number;
  /** The position right before the step in which it would strike; undefined: the run never comes there (so often). */
  readonly reached: (fault: PlannedFault) => number | undefined;
};

export function faultFreeRun(
  plan: Plan,
  stepLimit: number,
  { checksShapes, contents }: { readonly checksShapes?: boolean; readonly contents?: Contents } = {},
): FaultFreeRun {
  const { rules, world } = beginBox(plan, checksShapes, contents);
  const positions = new Map<string, number[]>();
  // Forks go on under the same rules.
  let isRecording = true;
  const execute: Rules['execute'] = (box, command) => {
    for (const place of isRecording ? placesOf(box, command) : []) {
      const known = positions.get(place) ?? [];
      known.push(history.position);
      positions.set(place, known);
    }
    return rules.execute(box, command);
  };
  const history: History = new History({ ...rules, execute }, world, inTime);
  const end = runToEnd(history, stepLimit);
  isRecording = false;
  const at = (place: string): readonly number[] => positions.get(place) ?? [];
  return {
    history,
    end,
    timesAt: (place) => at(place).length,
    reached: (fault) => {
      const { place, time } = placeInTime(whereOf(plan, fault));
      return at(place)[time - 1];
    },
  };
}

/** A copy of the run up to the first strike of these faults, with all of them planned; to be run on from there. */
export function forkBefore(run: FaultFreeRun, faults: readonly PlannedFault[]): History {
  const { history } = run;
  const first = Math.min(history.length, ...faults.map((fault) => run.reached(fault) ?? history.length));
  history.goTo(first);
  return faults.reduce(
    (fork, fault) => injectFault(fork, fault, passedBefore(run, fault, first)),
    history.fork(),
  );
}

function passedBefore(run: FaultFreeRun, fault: PlannedFault, position: number): number {
  const { place, time } = placeInTime(whereOf(run.history.rules.plan, fault));
  const earlier = Array.from({ length: time - 1 }, (_, index) =>
    run.reached({ name: fault.name, where: `${place}#${index + 1}` }),
  );
  return earlier.filter((at) => at !== undefined && at < position).length;
}

const whereOf = (plan: Plan, { name, where }: PlannedFault): string =>
  where ?? faultNamed(name)?.places(plan)[0] ?? '';
