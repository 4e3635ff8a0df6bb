/**
 * Time in the box: nanoseconds since power-on, when each possible pick became possible, and each kernel's own clock.
 *
 * `step` never asks it what may happen: in a timed run it only narrows the choice to what is due first. A kernel's clock starts with
 * its boot and stands still while its system core sleeps, so A's stamps leave B's time out (linux.md A1.9, E row 14). What it slept
 * through it learns of the clock with the battery, which may be wrong by then.
 */
import type { KernelName, Machine } from '../../kernels/machine.ts';

export type KernelClock = {
  /** Time since power-on that this kernel does not count. */
  readonly skippedNs: number;
  /** Since when it stands still. */
  readonly asleepSinceNs: number | undefined;
  /** What CLOCK_BOOTTIME has more than CLOCK_MONOTONIC: all that was slept through, as far as the kernel could tell. */
  readonly sleptNs: number;
  /** The battery clock when the system core went to sleep last (timekeeping_suspend_time). */
  readonly asleepAtNs: number;
};

export type Clock = {
  readonly nowNs: number;
  readonly since: Readonly<Record<string, number>>;
  readonly kernels: Readonly<Record<KernelName, KernelClock>>;
};

const stopped: KernelClock = { skippedNs: 0, asleepSinceNs: 0, sleptNs: 0, asleepAtNs: 0 };
export const newClock: Clock = {
  nowNs: 0,
  since: {},
  kernels: { original: stopped, dump: stopped, restore: stopped },
};

/** When something happens to a kernel's clock: in the time of the box, and by the battery clock. */
export type ClockReading = { readonly nowNs: number; readonly batteryNs: number };

export function kernelClockAfter(
  clock: KernelClock,
  event: 'start' | 'sleep' | 'wake',
  { nowNs, batteryNs }: ClockReading,
): KernelClock {
  if (event === 'start') return { skippedNs: nowNs, asleepSinceNs: undefined, sleptNs: 0, asleepAtNs: 0 };
  const { skippedNs, asleepSinceNs, sleptNs, asleepAtNs } = clock;
  if (event === 'sleep')
    return asleepSinceNs === undefined ? { ...clock, asleepSinceNs: nowNs, asleepAtNs: batteryNs } : clock;
  if (asleepSinceNs === undefined) return clock;
  return {
    skippedNs: skippedNs + nowNs - asleepSinceNs,
    asleepSinceNs: undefined,
    // A battery clock that went back is not believed (kernel/time/timekeeping.c:timekeeping_resume, 6.12).
    sleptNs: sleptNs + Math.max(0, batteryNs - asleepAtNs),
    asleepAtNs,
  };
}

/** Thirty days back, ninety ahead; ours. Below 2^53 nanoseconds, which numbers hold exactly. */
const batteryErrorNs = { right: 0, early: -30 * 86_400e9, late: 90 * 86_400e9 } as const;

export const batteryClockNs = ({ batteryClock }: Pick<Machine, 'batteryClock'>, nowNs: number): number =>
  nowNs + batteryErrorNs[batteryClock];

/** CLOCK_BOOTTIME. */
export const bootTimeNs = (clock: KernelClock, nowNs: number): number =>
  kernelTimeNs(clock, nowNs) + clock.sleptNs;

export const kernelTimeNs = (clock: KernelClock, nowNs: number): number =>
  (clock.asleepSinceNs ?? nowNs) - clock.skippedNs;

/** What became possible just now counts from now; what stayed possible keeps its time. */
export function sinceAfter(
  clock: Clock,
  keys: readonly string[],
  nowNs: number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(keys.map((key) => [key, clock.since[key] ?? nowNs]));
}
