/**
 * What each kernel's own clocks showed over a run.
 *
 * CLOCK_MONOTONIC and the stamps of printk start at a kernel's boot and stand still while its system core sleeps: A's, while another kernel has
 * the machine and while the power is off; B's, between two rounds. CLOCK_BOOTTIME and the wall clock get the missing time when the kernel
 * goes on (linux.md A1.9 "Live numbers", A4.9, E row 14).
 *
 * A life is from a boot to where the kernel is gone for good: it panicked, or its memory lost power and nobody put it back. Until then
 * a kernel whose clock stands may go on. The box keeps one clock for each kernel (machines/system/clock.ts), the monotonic one.
 */
import { type KernelName, kernelNames } from '../../kernels/machine.ts';
import { kernelTimeNs } from '../../machines/system/clock.ts';
import type { World } from '../../machines/system/world.ts';

/** In nanoseconds since power-on. */
export type ClockStretch = {
  readonly startNs: number;
  readonly endNs: number;
  readonly isStanding: boolean;
  /** What the monotonic clock showed at the start; while it stands, all the time. */
  readonly shownNs: number;
};

export type ClockLife = {
  readonly kernel: KernelName;
  readonly startNs: number;
  readonly endNs: number;
  /** Gone before the end of the run. */
  readonly isGone: boolean;
  readonly stretches: readonly ClockStretch[];
};

/** At the end of a life. */
export const monotonicNs = ({ stretches }: ClockLife): number =>
  stretches.reduce((sum, { startNs, endNs, isStanding }) => sum + (isStanding ? 0 : endNs - startNs), 0);
export const boottimeNs = ({ startNs, endNs }: ClockLife): number => endNs - startNs;

/** Of all kernels, in the order of their boots. */
export function kernelClocks(worlds: Iterable<World>): readonly ClockLife[] {
  const readers = kernelNames.map((kernel) => new ClockReader(kernel));
  for (const world of worlds) for (const reader of readers) reader.see(world);
  return readers.flatMap((reader) => reader.end()).sort((one, other) => one.startNs - other.startNs);
}

type Open = ClockLife & {
  readonly goneNs: number | undefined;
  readonly lastShownNs: number;
  readonly skippedNs: number;
};

class ClockReader {
  private readonly kernel: KernelName;
  private readonly lives: ClockLife[] = [];
  private open: Open | undefined;

  constructor(kernel: KernelName) {
    this.kernel = kernel;
  }

  see({ clock, machine }: World): void {
    const { nowNs, kernels } = clock;
    const own = kernels[this.kernel];
    const { state } = machine.kernels[this.kernel];
    const isPresent = state === 'running' || state === 'away';
    const isStanding = own.asleepSinceNs !== undefined;
    const shownNs = kernelTimeNs(own, nowNs);
    const { open } = this;
    // A clock that shows less than before is that of another boot.
    if (open !== undefined && shownNs < open.lastShownNs) this.close();
    if (this.open === undefined) {
      if (isPresent && !isStanding) this.begin(own.skippedNs, nowNs);
      return;
    }
    // The firmware may have put a kernel in place that has not begun to count yet: as long as its clock is the old one, it is not back.
    const isBack = isPresent && own.skippedNs !== this.open.skippedNs;
    const lostNs = this.open.goneNs ?? (isPresent ? undefined : nowNs);
    const goneNs = isBack ? undefined : lostNs;
    const isRunning = goneNs === undefined && !isStanding;
    this.open = { ...this.open, goneNs, lastShownNs: shownNs, skippedNs: own.skippedNs, endNs: nowNs };
    this.extend({ startNs: own.asleepSinceNs ?? nowNs, endNs: nowNs, isStanding: !isRunning, shownNs });
  }

  end(): readonly ClockLife[] {
    this.close();
    return this.lives;
  }

  private begin(startNs: number, nowNs: number): void {
    const stretches = [{ startNs, endNs: nowNs, isStanding: false, shownNs: 0 }];
    const life = { kernel: this.kernel, startNs, endNs: nowNs, isGone: false, stretches };
    this.open = { ...life, goneNs: undefined, lastShownNs: nowNs - startNs, skippedNs: startNs };
  }

  private extend(next: ClockStretch): void {
    const { open } = this;
    const last = open?.stretches.at(-1);
    if (open === undefined || last === undefined) return;
    const before = open.stretches.slice(0, -1);
    const stretches =
      last.isStanding === next.isStanding
        ? [...before, { ...last, endNs: next.endNs }]
        : [...before, { ...last, endNs: Math.max(last.startNs, next.startNs) }, next];
    this.open = { ...open, stretches };
  }

  /** What nobody put back ended when it was lost. */
  private close(): void {
    const { open } = this;
    this.open = undefined;
    if (open === undefined) return;
    const { kernel, startNs, goneNs } = open;
    const endNs = goneNs ?? open.endNs;
    const stretches = open.stretches
      .filter((stretch) => stretch.startNs < endNs || stretch.startNs === startNs)
      .map((stretch) => ({ ...stretch, endNs: Math.min(stretch.endNs, endNs) }));
    this.lives.push({ kernel, startNs, endNs, isGone: goneNs !== undefined, stretches });
  }
}
