/**
 * What of A's memory need not come back: pages that the way there and back must itself write. A constant list; whoever wants one
 * more page on it has to say here which Linux function writes it.
 *
 * The frames are those that the kernel took when the image was loaded: from its record, and from the entry list as it was written
 * then. Never from what differs, and not from the list as the jump finds it: a list that was damaged in between would except
 * the very pages that it leads astray.
 * A's memory is its RAM without the reserved region, which was withheld from it at boot (linux.md D.1).
 */
import { type Pfn, pfn } from '../../image/pfn.ts';
import { headOf } from '../../kernels/executors/relocation.ts';
import { type ListMove, type ReadPage, walkEntryList } from '../../kernels/kexec/entry-list.ts';
import { ramOf } from '../../kernels/linux/frame-allocator.ts';
import type { FrameRange } from '../../kernels/linux/memory-layout.ts';
import type { Machine } from '../../kernels/machine.ts';
import { poisonContent, zeroContent } from '../../kernels/memory/contents.ts';
import { digestOf } from '../../kernels/memory/memory-digest.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import type { Plan } from '../../kernels/plan.ts';
import type { Moment, Rules, World } from '../system/world.ts';
import { common, frameCount, rangesOfFrames, without } from './frame-ranges.ts';
import { momentView } from './moment-view.ts';

export type Exception = {
  readonly name: string;
  readonly why: string;
  /** May name frames that are not A's: those are nobody's concern here. */
  readonly frames: (plan: Plan, machine: Machine, readPage: ReadPage) => Iterable<Pfn>;
};

export const exceptions: readonly Exception[] = [
  {
    name: 'swap page',
    why: 'relocate_kernel exchanges pages over it and ends with its stack there (linux.md A1.4 row 14, A1.5)',
    frames: (_plan, machine) => [pfn(machine.kernels.original.image.swapFrame)],
  },
  {
    name: 'source pages',
    why: "until the jump they hold what is to stand in B's range, and after the return what B left there (linux.md A1.5)",
    frames: (_plan, machine, readPage) =>
      displacedPages(machine.kernels.original.image, readPage).map(({ source }) => source),
  },
];

/** Where the pages of B's range go while B is there. A list that cannot be followed to its end displaces nothing behind that. */
export const displacedPages = (
  image: Machine['kernels']['original']['image'],
  readPage: ReadPage,
): readonly ListMove[] =>
  [...walkEntryList(headOf(image), readPage)].filter((move) => move.type === 'list.move');

export type ExceptedPages = { readonly name: string; readonly pages: number };

/** How many pages of A each exception covers, each page once. `loaded` is the moment when the image was loaded. */
export function exceptedPages(rules: Rules, loaded: Moment): readonly ExceptedPages[] {
  let left = memoryOfOriginal(rules.plan);
  return exceptions.map(({ name, frames }) => {
    const covered = common(left, rangesOfFrames(frames(...argumentsOf(rules, loaded))));
    left = without(left, covered);
    return { name, pages: frameCount(covered) };
  });
}

/** A's memory but for the exceptions. */
export const comparedRanges = (rules: Rules, loaded: Moment): readonly FrameRange[] => {
  const frames = exceptions.flatMap((exception) => [...exception.frames(...argumentsOf(rules, loaded))]);
  return without(memoryOfOriginal(rules.plan), rangesOfFrames(frames));
};

export const memoryOfOriginal = (plan: Plan): readonly FrameRange[] =>
  without(ramOf(plan, 'original'), plan.layout.region.count > 0 ? [plan.layout.region] : []);

export type RunDigests = { readonly before: string | null; readonly after: string | null };

/**
 * A's memory, but for the exceptions, at its last departure (a jump or a crash) and at the arrival after it: equal exactly when
 * the law `memory-comes-back` holds. Null: it never left, or never came back.
 */
export function digestsOfRun(rules: Rules, { kept }: World): RunDigests {
  const loaded = kept['image.loaded/original'];
  const left = later(kept['jump.left/original'], kept['crash.left/original']);
  const arrived = kept['jump.arrived/original'];
  if (loaded === undefined || left === undefined) return { before: null, after: null };
  const ranges = comparedRanges(rules, loaded);
  const isBack = arrived !== undefined && arrived.nowNs >= left.nowNs;
  const [before, after] = comparedMemories(left, isBack ? arrived : left);
  return {
    before: digestOf(before, rules.contents, ranges),
    after: isBack ? digestOf(after, rules.contents, ranges) : null,
  };
}

/**
 * Both as they are compared: what nobody had written since the power came on is no data. The box marks it (poison); an image shows it as
 * zeros (save-blocks.ts), and so it may come back. What A had written is not left out: it may not come back as zeros, nor as poison.
 */
export function comparedMemories(left: Moment, arrived: Moment): readonly [PageMap, PageMap] {
  const unwritten = [...left.memory.runs(0, left.memory.size)].filter(({ id }) => id === poisonContent);
  if (unwritten.length === 0) return [left.memory, arrived.memory];
  const before = left.memory.change((draft) => {
    for (const { start, count } of unwritten) draft.fill(start, count, zeroContent);
  });
  const after = arrived.memory.change((draft) => {
    for (const { start, count } of unwritten)
      for (const run of arrived.memory.runs(start, start + count))
        if (run.id === poisonContent) draft.fill(run.start, run.count, zeroContent);
  });
  return [before, after];
}

const later = (one: Moment | undefined, other: Moment | undefined): Moment | undefined =>
  one === undefined || (other !== undefined && other.nowNs > one.nowNs) ? other : one;

const argumentsOf = (rules: Rules, loaded: Moment): Parameters<Exception['frames']> => [
  rules.plan,
  loaded.machine,
  momentView(rules, loaded).readPage,
];
