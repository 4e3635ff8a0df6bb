/** The registry of faults: one module and one line each. */
import type { Box } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import { item } from '../../kernels/shape.ts';
import type { Fault } from './fault.ts';
import { placesOf } from './places.ts';

export const faults: readonly Fault[] = [];

export const faultNamed = (name: string): Fault | undefined => faults.find((fault) => fault.name === name);

/** Right before a command: planned faults whose place this is. */
export function strikeFaults(box: Box, command: Command): void {
  for (const [index, { name, where }] of box.plan.faults.entries()) {
    const strike = item(box.machine.strikes, index);
    const fault = faultNamed(name);
    if (strike.struck || !fault) continue;
    const place = where ?? fault.places(box.plan)[0];
    if (place === undefined || !placesOf(box.plan, command).includes(place)) continue;
    strike.struck = true;
    fault.strike(box, command);
  }
}
