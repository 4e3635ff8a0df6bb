/**
 * Each time that A leaves and a kernel of A comes back: when the image was safe, how long the way back took, which kernels had to boot
 * for it. Leaving begins where A is settled no more, and the way back ends where it is settled again, after a fresh boot too; so says the
 * chart of A by its tag, whatever the path. An attempt that is given up before A left is no round.
 */
import type { KernelName } from '../../kernels/machine.ts';
import { committedImage } from '../../machines/laws/committed-image.ts';
import type { History } from '../../machines/system/history.ts';
import type { World } from '../../machines/system/world.ts';
import { bootsOfRun, type KernelBoot } from '../report/boots-of-run.ts';

export type Round = {
  /** Since power-on. */
  readonly askedNs: number;
  /** From then until B had the image on the medium; null: it never had. */
  readonly safeNs: number | null;
  /** From the image until A works again, the time without power apart; null: it never does. */
  readonly backNs: number | null;
  readonly offNs: number;
  /** Kernels that were booted on either stretch. */
  readonly bootsToSafe: readonly KernelName[];
  readonly bootsToBack: readonly KernelName[];
};

export function roundsOfRun(history: History): readonly Round[] {
  const boots = bootsOfRun(history);
  return stretchesAway(history).map((stretch) => roundOf(history, stretch, boots));
}

/** Positions in the history: the first world in which A is settled no more, and the first in which it is again, or the last. */
type Stretch = { readonly from: number; readonly to: number; readonly isBack: boolean };

function stretchesAway(history: History): readonly Stretch[] {
  const found: Stretch[] = [];
  let from: number | undefined;
  let hasLeft = false;
  for (let position = 1; position <= history.length; position += 1) {
    const world = history.worldAt(position);
    const isSettled = settled(world);
    if (!isSettled && settled(history.worldAt(position - 1))) from = position;
    if (from === undefined) continue;
    hasLeft ||= hasGone(world);
    if (!isSettled && position < history.length) continue;
    if (hasLeft) found.push({ from, to: position, isBack: isSettled });
    from = undefined;
    hasLeft = false;
  }
  return found;
}

/** What the chart of a kernel that has gone says is of the past. */
const settled = (world: World): boolean => !hasGone(world) && world.actors.original.hasTag('settled');

const hasGone = ({ machine }: World): boolean =>
  machine.owner !== 'original' || machine.kernels.original.state !== 'running';

function roundOf(history: History, { from, to, isBack }: Stretch, boots: readonly KernelBoot[]): Round {
  const nsAt = (position: number): number => history.worldAt(position).clock.nowNs;
  const askedNs = nsAt(from);
  const safeAt = safePosition(history, from, to);
  const safeNs = safeAt === undefined ? null : nsAt(safeAt);
  const offNs = safeAt === undefined ? 0 : offNsBetween(history, safeAt, to);
  const bootsBetween = (startNs: number, endNs: number): readonly KernelName[] =>
    boots.filter(({ atNs }) => atNs > startNs && atNs <= endNs).map(({ kernel }) => kernel);
  return {
    askedNs,
    safeNs: safeNs === null ? null : safeNs - askedNs,
    backNs: safeNs === null || !isBack ? null : nsAt(to) - safeNs - offNs,
    offNs,
    bootsToSafe: bootsBetween(askedNs, safeNs ?? nsAt(to)),
    bootsToBack: safeNs === null ? [] : bootsBetween(safeNs, nsAt(to)),
  };
}

/** Where a power cut would leave a whole image: the commit alone may still stand in the cache of the disk. */
function safePosition(history: History, from: number, to: number): number | undefined {
  let isCommitted = false;
  for (let position = from + 1; position <= to; position += 1) {
    const notes = history.allRecords[position - 1]?.notes ?? [];
    isCommitted ||= notes.some(({ type }) => type === 'image.committed');
    const world = history.worldAt(position);
    if (isCommitted && committedImage(history.rules, world).type === 'image.whole') return position;
  }
  return undefined;
}

export function offNsBetween(history: History, from: number, to: number): number {
  let sum = 0;
  for (let position = from + 1; position <= to; position += 1) {
    const before = history.worldAt(position - 1);
    if (before.machine.power === 'off') sum += history.worldAt(position).clock.nowNs - before.clock.nowNs;
  }
  return sum;
}
