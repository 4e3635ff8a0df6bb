/**
 * A fault: something that goes wrong, at a place of the operator's choosing. It strikes right before a command is carried out, once.
 * A place is a command (`syscore.suspend`), a callback (`freeze`), a callback of one device (`freeze:gpu`), a command about one
 * processor (`cpu.offline:1`), a part of a command (`image.write:inside`), each with `dump/` or `restore/` before it when B or C gives the
 * order and A could give it too (places.ts). `PLACE#2` is the second time there.
 */
import type { Box } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import type { Plan } from '../../kernels/plan.ts';

export type Fault = {
  readonly name: string;
  readonly about: string;
  readonly source: string;
  /** Every place where it can strike in this box; with only one, none need be named. */
  readonly places: (plan: Plan) => readonly string[];
  readonly strike: (box: Box, command: Command, place: string) => void;
  /** Laws that it may break, because what is emulated has no defence against it; why stands beside them. All others hold wherever it strikes. */
  readonly breaks?: readonly string[];
  /** The machine never gets to the command: it is not carried out, and who gave it gives no more in that turn. */
  readonly isTheEnd?: boolean;
};
