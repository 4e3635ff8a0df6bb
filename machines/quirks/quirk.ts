/**
 * A quirk: one place where the real kernel or the real tools are wrong, switchable by name. One file and one registry line each; what
 * it does is said here, by a switch that the charts of kernels know, or by taking the place of a command.
 */
import type { Box } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import type { KernelSwitch } from '../kernel/kernel-setup.ts';

export type Quirk = {
  readonly name: string;
  /** Whose fault it is. */
  readonly of: 'kernel' | 'tools';
  readonly about: string;
  readonly effect: string;
  readonly source: string;
  /** The branch that kernels take because of it. */
  readonly switchesOn?: KernelSwitch;
  /** Instead of any command that is to be carried out; `carryOut` does what would have been done. */
  readonly replaces?: (box: Box, command: Command, carryOut: () => void) => void;
};
