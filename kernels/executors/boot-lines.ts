/** A booting kernel's log in this box: what boot-log.ts wants to know, asked of plan, memory map and devices. */
import { pageSizeBytes } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import { isDrivenBy } from '../devices/device-type.ts';
import { deviceTypeOf } from '../devices/index.ts';
import { mapOfLinux, usableRanges } from '../firmware-map.ts';
import type { BootDescription, BootLine, BootStage } from '../linux/boot-description.ts';
import { bootLog } from '../linux/boot-log.ts';
import { crashkernelParameter, reserveCrashkernel } from '../linux/crashkernel.ts';
import { freeFrameCount, ramOf } from '../linux/frame-allocator.ts';
import { structuresOf } from '../linux/structures/index.ts';
import type { KernelName } from '../machine.ts';
import { cpuCountOf } from '../plan.ts';
import { bootParameters } from './boot-parameters.ts';

export function printBootLines(box: Box, kernel: KernelName, stage: BootStage): void {
  for (const { message, values, timeMs } of linesOf(box, kernel, stage)) {
    box.print(kernel, message, values, Math.round(timeMs * 1e6));
  }
}

const linesOf = (box: Box, kernel: KernelName, stage: BootStage): readonly BootLine[] =>
  bootLog(description(box, kernel)).filter((line) => line.stage === stage);

function description(box: Box, kernel: KernelName): BootDescription {
  const { commandLine, map } = bootParameters(box, kernel);
  const pages = ramOf(box.plan, kernel).reduce((sum, { count }) => sum + count, 0);
  const freePages = freeFrameCount(box, kernel);
  const kib = pageSizeBytes / 1024;
  const crashkernel = kernel === 'original' ? reservationOf(box) : undefined;
  return {
    commandLine,
    release: structuresOf(box.plan).release,
    firmwareMap: map,
    cpuCount: cpuCountOf(box.plan, kernel),
    ...(crashkernel && { crashkernel }),
    memory: { freeKib: freePages * kib, reservedKib: (pages - freePages) * kib },
    devices: box.plan.devices.flatMap((role) => {
      const type = deviceTypeOf(role);
      return isDrivenBy(type, kernel) && type.probeLines ? [type.probeLines(box.plan)] : [];
    }),
  };
}

function reservationOf({ plan }: Box): BootDescription['crashkernel'] {
  const wanted = crashkernelParameter(plan.commandLine, plan.ramBytes);
  if (wanted.type !== 'crashkernel.wanted') return undefined;
  const usable = usableRanges(mapOfLinux(plan.firmwareMap).map);
  return { wanted, reservation: reserveCrashkernel(wanted, { usable, taken: [] }) };
}
