/** What a kernel's monotonic clock showed at a time; undefined before its boot and after its end. */
import type { KernelName } from '../../../kernels/machine.ts';
import type { ClockLife } from '../../report/kernel-clocks.ts';

export type Shown = { readonly ns: number; readonly isStanding: boolean };

/** Where one stretch ends and another begins, it is the one that begins. */
export function shownAt(clocks: readonly ClockLife[], kernel: KernelName, ns: number): Shown | undefined {
  const own = clocks.filter((life) => life.kernel === kernel && life.startNs <= ns && ns <= life.endNs);
  const stretch = own.at(-1)?.stretches.findLast(({ startNs }) => startNs <= ns);
  if (stretch === undefined) return undefined;
  const { startNs, shownNs, isStanding } = stretch;
  return { ns: shownNs + (isStanding ? 0 : ns - startNs), isStanding };
}
