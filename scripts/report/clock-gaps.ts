/** Where a kernel's own clock stood still while the world went on: A's, while B had the machine (linux.md A1.9, E row 14). */
import type { KernelName } from '../../kernels/machine.ts';
import type { World } from '../../machines/system/world.ts';
import { kernelClocks } from './kernel-clocks.ts';

export type ClockGap = {
  /** Nanoseconds since power-on; the end of the run when the clock never went on, or when the kernel was lost. */
  readonly startNs: number;
  readonly endNs: number;
  /** What the kernel's clock showed all the while. */
  readonly shownNs: number;
};

export const clockGaps = (worlds: Iterable<World>, kernel: KernelName): readonly ClockGap[] =>
  kernelClocks(worlds)
    .filter((life) => life.kernel === kernel)
    .flatMap(({ stretches }) => stretches)
    .filter(({ isStanding }) => isStanding)
    .map(({ startNs, endNs, shownNs }) => ({ startNs, endNs, shownNs }));
