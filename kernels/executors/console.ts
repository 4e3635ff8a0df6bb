/** The serial console held back and let go (linux.md A1.3 row 6, A1.9 row 15): with no_console_suspend neither has an effect. */
import type { Box } from '../box.ts';
import type { CommandOf } from '../commands.ts';
import { heldBackLines } from '../linux/printk.ts';

export function suspendConsole(box: Box, { kernel }: CommandOf<'console.suspend'>): void {
  box.machine.kernels[kernel].consoleSuspended = !box.plan.noConsoleSuspend;
}

export function resumeConsole(box: Box, { kernel }: CommandOf<'console.resume'>): void {
  const state = box.machine.kernels[kernel];
  if (!state.consoleSuspended) return;
  state.consoleSuspended = false;
  for (const line of heldBackLines(box, kernel)) box.show(line);
}
