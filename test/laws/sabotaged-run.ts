/**
 * Runs for tests of laws: the box as it is, and boxes that somebody tampers with: with the records of the first world, or with a
 * command at the moment when it is carried out. Nothing of the box is replaced.
 */
import { produce } from 'immer';
import type { Box } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import type { Machine } from '../../kernels/machine.ts';
import type { Plan } from '../../kernels/plan.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { type Verdict, verdictOf } from '../../machines/paths/path.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime } from '../../machines/system/choices.ts';
import { History, runToEnd } from '../../machines/system/history.ts';
import type { Rules, World } from '../../machines/system/world.ts';

/** `carryOut` does what would have been done; whoever does not call it has dropped the command. */
export type Sabotage = (box: Box, command: Command, carryOut: () => void) => void;

export type Tampering = {
  /** Edits the records of the machine before it is switched on. */
  readonly prepare?: (machine: Machine, plan: Plan) => void;
  readonly sabotage?: Sabotage;
};

/** Far more than any run here takes. */
const stepLimit = 20_000;

export function historyOf(options: Partial<BoxOptions>, { prepare, sabotage }: Tampering = {}): History {
  const plan = planOf(options);
  const { rules, world } = beginBox(plan);
  const tampered = sabotage === undefined ? rules : { ...rules, execute: sabotaged(rules, sabotage) };
  return new History(
    tampered,
    edited(world, (machine) => prepare?.(machine, plan)),
    inTime,
  );
}

function sabotaged({ execute }: Rules, sabotage: Sabotage): Rules['execute'] {
  return (box, command) => {
    let goesOn = true;
    sabotage(box, command, () => {
      goesOn = execute(box, command);
    });
    return goesOn;
  };
}

export function endOf(history: History): History {
  if (runToEnd(history, stepLimit) === 'limit')
    throw new Error(`the run does not end within ${stepLimit} steps`);
  return history;
}

const edited = (world: World, edit: (machine: Machine) => void): World => ({
  ...world,
  machine: produce(world.machine, (machine) => {
    edit(machine);
  }),
});

export const verdictAt = ({ world }: History): Verdict | undefined => verdictOf(world.actors.operator);

/** Runs until the operator's chart is in this state. */
export function untilOperator(history: History, state: string): History {
  while (history.world.actors.operator.value !== state) {
    if (!history.forward()) throw new Error(`the operator never is ${state}`);
  }
  return history;
}
