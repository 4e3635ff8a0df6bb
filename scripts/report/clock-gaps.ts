/** Where a kernel's own clock stood still while the world went on: A's, while B had the machine (linux.md A1.9, E row 14). */
import type { KernelName } from '../../kernels/machine.ts';
import { kernelTimeNs } from '../../machines/system/clock.ts';
import type { World } from '../../machines/system/world.ts';

export type ClockGap = {
  /** Nanoseconds since power-on; the end of the run when the clock never went on. */
  readonly startNs: number;
  readonly endNs: number;
  /** What the kernel's clock showed all the while. */
  readonly shownNs: number;
};

export function clockGaps(worlds: Iterable<World>, kernel: KernelName): readonly ClockGap[] {
  const gaps: ClockGap[] = [];
  let hasRun = false;
  let open: Omit<ClockGap, 'endNs'> | undefined;
  let endNs = 0;
  for (const { clock } of worlds) {
    const { asleepSinceNs } = clock.kernels[kernel];
    endNs = clock.nowNs;
    if (asleepSinceNs === undefined) {
      if (open !== undefined) gaps.push({ ...open, endNs });
      open = undefined;
      hasRun = true;
    } else if (hasRun) {
      open ??= { startNs: asleepSinceNs, shownNs: kernelTimeNs(clock.kernels[kernel], endNs) };
    }
  }
  return open === undefined ? gaps : [...gaps, { ...open, endNs }];
}
