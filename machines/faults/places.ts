/** Names of places where faults strike. */
import type { Command } from '../../kernels/commands.ts';
import type { Plan } from '../../kernels/plan.ts';
import { item } from '../../kernels/shape.ts';

/** All names of the place that a command is, the most precise first. */
export function placesOf(plan: Plan, command: Command): readonly string[] {
  const by = 'kernel' in command && command.kernel === 'dump' ? 'dump/' : '';
  if (command.type === 'device.call') {
    return [`${by}${command.callback}:${item(plan.devices, command.device)}`, `${by}${command.callback}`];
  }
  if (command.type === 'cpu.offline' || command.type === 'cpu.online') return [`${by}${command.type}:${command.cpu}`, `${by}${command.type}`];
  return [`${by}${command.type}`];
}

export const eachDevice = (plan: Plan, callbacks: readonly string[]): readonly string[] =>
  callbacks.flatMap((callback) => plan.devices.map((role) => `${callback}:${role}`));
