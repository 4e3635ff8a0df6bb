/**
 * Time in the box: nanoseconds since power-on, when each possible pick became possible, and each kernel's own clock.
 *
 * `step` never asks it what may happen: in a timed run it only narrows the choice to what is due first. A kernel's clock starts with
 * its boot and stands still while its system core sleeps, so A's stamps leave B's time out (linux.md A1.9, E row 14).
 */
import type { KernelName } from '../../kernels/machine.ts';

export type KernelClock = {
  /** Time since power-on that this kernel does not count. */
  readonly skippedNs: number;
  /** Since when it stands still. */
  readonly asleepSinceNs: number | undefined;
};

export type Clock = {
  readonly nowNs: number;
  readonly since: Readonly<Record<string, number>>;
  readonly kernels: Readonly<Record<KernelName, KernelClock>>;
};

const stopped: KernelClock = { skippedNs: 0, asleepSinceNs: 0 };
export const newClock: Clock = {
  nowNs: 0,
  since: {},
  kernels: { original: stopped, dump: stopped, restore: stopped },
};

export function kernelClockAfter(
  clock: KernelClock,
  event: 'start' | 'sleep' | 'wake',
  nowNs: number,
): KernelClock {
  if (event === 'start') return { skippedNs: nowNs, asleepSinceNs: undefined };
  if (event === 'sleep')
    return clock.asleepSinceNs === undefined ? { ...clock, asleepSinceNs: nowNs } : clock;
  const { skippedNs, asleepSinceNs } = clock;
  return asleepSinceNs === undefined
    ? clock
    : { skippedNs: skippedNs + nowNs - asleepSinceNs, asleepSinceNs: undefined };
}

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
