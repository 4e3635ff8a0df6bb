/**
 * The memory of a run before, during and after the jump, before it is drawn: what each frame was for at each moment, and what the pages behind the
 * swap hold.
 */
import { type Pfn, pageSizeBytes } from '../../../image/pfn.ts';
import type { ListMove } from '../../../kernels/kexec/entry-list.ts';
import { poisonContent } from '../../../kernels/memory/contents.ts';
import { displacedPages } from '../../../machines/laws/excepted.ts';
import { frameCount } from '../../../machines/laws/frame-ranges.ts';
import { momentView } from '../../../machines/laws/moment-view.ts';
import type { History } from '../../../machines/system/history.ts';
import type { Moment, Rules, World } from '../../../machines/system/world.ts';
import { countedText, countText } from '../../report/quantity-text.ts';
import { boxTitle } from '../run/box-title.ts';
import { freeFramesOfOriginal } from './free-frames.ts';
import type { MemoryKindName } from './memory-kinds.ts';
import { memoryMoments } from './memory-moments.ts';
import { type MemoryParts, memoryParts } from './memory-parts.ts';

export type MemoryColumn = {
  readonly title: string;
  readonly step: number;
  readonly ns: number;
  readonly parts: MemoryParts;
  /** Of A's pool; undefined when A's frame bitmap is not there to be read. */
  readonly freeOfA: number | undefined;
  /** What the backup pages hold; none: there are none. */
  readonly backup: BackupFacts | undefined;
};

export type BackupFacts = {
  /** Moves of the entry list, those of a page onto itself included. */
  readonly moves: number;
  readonly pages: number;
  /** Pages that hold what was loaded there, and pages that hold what A had in B's range when it left. */
  readonly asLoaded: number;
  readonly ofOriginal: number;
  readonly lost: number;
};

export type MemoryMap = {
  readonly title: string;
  readonly memoryEnd: number;
  /** B's range, in frames: the region, or what the jump swaps with the backup pages. */
  readonly secondRange: readonly { readonly start: Pfn; readonly count: number }[];
  readonly columns: readonly MemoryColumn[];
};

export function memoryMapOf(history: History): MemoryMap {
  const { rules } = history;
  const { loaded, unloaded, moments } = memoryMoments(history);
  const moves = loaded === undefined ? [] : movesOf(rules, loaded);
  const left = history.world.kept['jump.left/original'];
  return {
    title: boxTitle(rules.plan),
    memoryEnd: rules.plan.memoryEnd,
    secondRange: loaded === undefined ? [] : rules.plan.layout.dumpRam,
    columns: moments.map(({ title, world }) => ({
      title,
      step: world.step,
      ns: world.clock.nowNs,
      parts: memoryParts(rules, world, world === unloaded ? undefined : unloaded),
      freeOfA: freeFramesOfOriginal(rules, world, moves),
      backup:
        loaded === undefined || world === unloaded || moves.length === 0
          ? undefined
          : backupFacts(world, { moves, loaded, left }),
    })),
  };
}

/** As they were written by the load. */
function movesOf(rules: Rules, loaded: World): readonly ListMove[] {
  const { image } = loaded.machine.kernels.original;
  return image.loaded ? displacedPages(image, momentView(rules, loaded).readPage) : [];
}

type Swap = {
  readonly moves: readonly ListMove[];
  readonly loaded: World;
  readonly left: Moment | undefined;
};

function backupFacts({ memory }: World, { moves, loaded, left }: Swap): BackupFacts {
  const swapped = moves.filter(({ source, destination }) => source !== destination);
  let [asLoaded, ofOriginal, lost] = [0, 0, 0];
  for (const { source, destination } of swapped) {
    const id = memory.get(source);
    if (id === poisonContent) lost += 1;
    if (id === loaded.memory.get(source)) asLoaded += 1;
    if (left !== undefined && id === left.memory.get(destination)) ofOriginal += 1;
  }
  return { moves: moves.length, pages: swapped.length, asLoaded, ofOriginal, lost };
}

export const pagesOf = ({ parts }: MemoryColumn, kind: MemoryKindName): number =>
  frameCount(parts.get(kind) ?? []);

/** What the swap did, in words, a line for each moment that has backup pages. */
export function backupLines({ columns }: MemoryMap): readonly string[] {
  const facts = columns.flatMap(({ title, backup }) => (backup === undefined ? [] : [{ title, ...backup }]));
  const stay = facts.reduce((most, { moves, pages }) => Math.max(most, moves - pages), 0);
  const inPlace = `${countedText(stay, 'page')} of B stood where they belong from the load on, and the jump moves none of them`;
  return [...facts.map((each) => `${each.title}: ${backupText(each)}`), ...(stay === 0 ? [] : [inPlace])];
}

/** Pages that are equal by chance, as empty ones are, count for both. */
function backupText({ pages, asLoaded, ofOriginal, lost }: BackupFacts): string {
  const named = `the ${countedText(pages, 'backup page')} hold`;
  if (ofOriginal === pages) return `${named} what A had in B's range when it left`;
  if (asLoaded === pages) return `${named} B's image as it was loaded`;
  if (lost === pages) return `${named} nothing: what was there is lost`;
  return `${named} what stood in B's range before the last jump: ${countText(asLoaded)} as loaded, ${countText(ofOriginal)} as A left them`;
}

/** What is behind the swap, in a word. */
export function backupWord({ pages, asLoaded, ofOriginal }: BackupFacts): string {
  if (ofOriginal === pages && asLoaded < pages) return 'of A';
  return asLoaded === pages ? 'of B' : 'left over';
}

export const bytesOfPages = (pages: number): number => pages * pageSizeBytes;
