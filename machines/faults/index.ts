/** The registry of faults: one module and one line each. */
import type { Box } from '../../kernels/box.ts';
import type { Command } from '../../kernels/commands.ts';
import { item } from '../../kernels/shape.ts';
import {
  firmwareLeavesDma,
  memoryMapMoves,
  mountedInBetween,
  otherKernelChosen,
  otherMachine,
  otherRestoringKernel,
} from './after-the-night.ts';
import { clockJumpsAhead, clockJumpsBack } from './clock-jumps.ts';
import { cpuIgnoresNmi, cpuStaysDown, cpuStaysUp } from './cpu-faults.ts';
import {
  deviceFails,
  deviceForgets,
  deviceGone,
  deviceHangs,
  deviceLate,
  deviceReplaced,
  deviceRunsOn,
} from './device-faults.ts';
import { diskFails } from './disk-fails.ts';
import { dumpPartitionFull } from './dump-partition-full.ts';
import type { Fault } from './fault.ts';
import { imageDamaged } from './image-damaged.ts';
import { imageRots } from './image-rots.ts';
import { listBitFlips, registerForgotten, swapSkipsPage } from './jump-faults.ts';
import { kernelLockedDown, kexecBusy, kexecLoadDisabled } from './load-refusals.ts';
import { controlPageDamaged, identityTableDamaged, regionOverwritten } from './memory-damage.ts';
import { memoryShort } from './memory-short.ts';
import { outOfMemory } from './out-of-memory.ts';
import { panic } from './panic.ts';
import { placeInTime, placesOf } from './places.ts';
import { powerCut, restoredAgain } from './power-cut.ts';
import { syscoreFails } from './syscore-fails.ts';
import { unfreezableTask } from './unfreezable-task.ts';
import { wakeup } from './wakeup.ts';

export const faults: readonly Fault[] = [
  unfreezableTask,
  wakeup,
  deviceFails,
  deviceHangs,
  deviceLate,
  deviceRunsOn,
  deviceForgets,
  deviceReplaced,
  deviceGone,
  cpuStaysUp,
  cpuStaysDown,
  cpuIgnoresNmi,
  syscoreFails,
  kexecLoadDisabled,
  kernelLockedDown,
  kexecBusy,
  memoryShort,
  listBitFlips,
  swapSkipsPage,
  registerForgotten,
  imageDamaged,
  regionOverwritten,
  controlPageDamaged,
  identityTableDamaged,
  diskFails,
  dumpPartitionFull,
  outOfMemory,
  imageRots,
  clockJumpsBack,
  clockJumpsAhead,
  firmwareLeavesDma,
  otherMachine,
  memoryMapMoves,
  otherRestoringKernel,
  otherKernelChosen,
  mountedInBetween,
  panic,
  powerCut,
  restoredAgain,
];

export const faultNamed = (name: string): Fault | undefined => faults.find((fault) => fault.name === name);

/** Right before a command: planned faults whose place this is. False when the command is not to be carried out any more. */
export function strikeFaults(box: Box, command: Command): boolean {
  for (const [index, { name, where }] of box.plan.faults.entries()) {
    const strike = item(box.machine.strikes, index);
    const fault = faultNamed(name);
    if (strike.struck || !fault) continue;
    const { place, time } = placeInTime(where ?? fault.places(box.plan)[0] ?? '');
    if (!placesOf(box, command).includes(place)) continue;
    const pass = item(box.machine.passes, index);
    pass.count += 1;
    if (pass.count < time) continue;
    strike.struck = true;
    box.note({ type: 'fault.struck', fault: name, place });
    fault.strike(box, command, place);
    if (fault.isTheEnd) return false;
  }
  return true;
}
