/**
 * A fault planned in the middle of a run: from the world shown on it strikes at its place, once. Steps already made stay as they were,
 * so a place that was passed already is passed without it; a run from the start with the same fault may differ there.
 */
import type { PlannedFault } from '../../kernels/plan.ts';
import { checkFaults } from '../options/plan-of.ts';
import type { History } from './history.ts';
import type { World } from './world.ts';

/**
 * Another history with the same past up to here. Throws an OptionError for a fault or a place that the box does not have. `passed`: how
 * often the past has come to the place, when that is to count (`PLACE#2`).
 */
export function injectFault(history: History, fault: PlannedFault, passed = 0): History {
  const { rules } = history;
  const faults = [...rules.plan.faults, fault];
  const plan = { ...rules.plan, faults, size: { ...rules.plan.size, faultCount: faults.length } };
  checkFaults(plan);
  return history.under({ ...rules, plan }, withStrike(passed));
}

const withStrike =
  (passed: number) =>
  (world: World): World => ({
    ...world,
    machine: {
      ...world.machine,
      strikes: [...world.machine.strikes, { struck: false }],
      passes: [...world.machine.passes, { count: passed }],
    },
  });
