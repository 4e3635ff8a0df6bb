/**
 * Folds what repeats: eight devices asked one after the other are one happening, `freeze × 8: usb-storage … disk`, and so are the
 * stretches of an image and the hours of work of tasks.
 *
 * An order that is answered at once, and well, loses its answer; one that takes longer than a glance keeps it, unless there are
 * several. Failures are never folded, and stand by themselves. Log lines and work in between do not end a group: they come after what is folded.
 */
import { assert } from '../../../kernels/assert.ts';
import type { Happening } from './sequence.ts';

/** Shorter than this an answer is told in the line of its order. */
export const glanceNs = 100_000_000;

export function folded(happenings: readonly Happening[]): readonly Happening[] {
  const result: Happening[] = [];
  let group: Happening[] = [];
  const close = (): void => {
    result.push(...foldedGroup(group));
    group = [];
  };
  for (const happening of happenings) {
    if (happening.isFailure || !belongs(group, happening)) close();
    group.push(happening);
    if (happening.isFailure) close();
  }
  close();
  return result;
}

/** Things that go on beside the group, and do not end it. */
const isAside = ({ kind, isFailure }: Happening): boolean =>
  (kind === 'work' || kind === 'line') && !isFailure;

const isPart = ({ kind }: Happening): boolean => kind === 'order' || kind === 'request' || kind === 'answer';

function belongs(group: readonly Happening[], next: Happening): boolean {
  const first = group.find((each) => isPart(each));
  if (isAside(next)) return first !== undefined || group.every((each) => isAside(each));
  if (!isPart(next)) return false;
  return first?.key === next.key && (next.kind !== 'request' || first.place.phase === next.place.phase);
}

function foldedGroup(group: readonly Happening[]): readonly Happening[] {
  const begun = group.filter(({ kind }) => kind === 'order' || kind === 'request');
  const [first, second] = begun;
  if (first === undefined) return withWorkFolded(group);
  const aside = group.filter((each) => isAside(each));
  const isLong = second === undefined && first.endNs - first.startNs >= glanceNs;
  if (!isLong) return [joined(begun), ...withWorkFolded(aside)];
  return withWorkFolded([first, ...aside, ...group.filter(({ kind }) => kind === 'answer')]);
}

function joined(parts: readonly Happening[]): Happening {
  const [first] = parts;
  assert(first !== undefined, 'fold: a group has a first happening');
  return {
    ...first,
    to: [...new Set(parts.flatMap(({ to }) => to))],
    endNs: Math.max(...parts.map(({ endNs }) => endNs)),
    names: parts.flatMap(({ names }) => names),
    count: parts.reduce((sum, { count }) => sum + count, 0),
    isFailure: parts.some(({ isFailure }) => isFailure),
  };
}

/** All work of a kind within the stretch, where it first happens. */
function withWorkFolded(stretch: readonly Happening[]): readonly Happening[] {
  const result: Happening[] = [];
  const seen = new Map<string, number>();
  for (const happening of stretch) {
    const index = happening.kind === 'work' ? seen.get(happening.key) : undefined;
    const earlier = index === undefined ? undefined : result[index];
    if (index !== undefined && earlier !== undefined) result[index] = joined([earlier, happening]);
    else if (happening.kind === 'work') seen.set(happening.key, result.push(happening) - 1);
    else result.push(happening);
  }
  return result;
}
