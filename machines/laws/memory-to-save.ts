/**
 * What an image of A has to hold: A's memory at its last departure, by where it stands while B saves.
 *
 * B reads memory after the swap. What A had in B's range stands in the source pages then; an image may show it there, under its
 * own address, or both.
 */
import { type Pfn, pfn } from '../../image/pfn.ts';
import type { FrameRange } from '../../kernels/linux/memory-layout.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import type { Moment, Rules, World } from '../system/world.ts';
import { displacedPages, memoryOfOriginal } from './excepted.ts';
import { common, rangesOfFrames, without } from './frame-ranges.ts';
import { momentView } from './moment-view.ts';

export type MemoryToSave = {
  readonly left: Moment;
  /** In B's range as A had it, outside of it as B finds it. */
  readonly memory: PageMap;
  /** Frames of A that B leaves alone. */
  readonly inPlace: readonly FrameRange[];
  /** Frames of A in B's range. One that the loader got as its own source was free: it is B's, and no data of A. */
  readonly displaced: readonly FrameRange[];
  /** By displaced frame, where its content stands; a frame that is not here was not planned for. */
  readonly sources: ReadonlyMap<Pfn, Pfn>;
  /** Frames that the jump itself, or a device after a crash, may still write: an image shows them as they are then. */
  readonly unsettled: readonly FrameRange[];
};

/** Undefined when A did not leave like this. */
export function memoryToSave(
  rules: Rules,
  { kept }: World,
  kind: 'jump' | 'crash',
): MemoryToSave | undefined {
  const left = kept[`${kind}.left/original`];
  const loaded = kept['image.loaded/original'];
  if (left === undefined || loaded === undefined) return undefined;
  const { layout } = rules.plan;
  const ofA = memoryOfOriginal(rules.plan);
  const parts = { left, inPlace: without(ofA, layout.dumpRam), displaced: common(ofA, layout.dumpRam) };
  if (kind === 'crash') {
    // Nothing is moved, and nothing is quiesced: packets may still come in (linux.md A3.3).
    return { ...parts, memory: left.memory, sources: new Map(), unsettled: [layout.original.receiveRing] };
  }
  const { image } = loaded.machine.kernels.original;
  const moves = displacedPages(image, momentView(rules, loaded).readPage);
  const free = moves.filter(({ destination, source }) => destination === source);
  return {
    ...parts,
    displaced: without(parts.displaced, rangesOfFrames(free.map(({ source }) => source))),
    memory: left.memory.change((draft) => {
      for (const { destination, source } of moves) draft.set(source, left.memory.get(destination));
    }),
    sources: new Map(moves.map(({ destination, source }) => [destination, source])),
    unsettled: [{ start: pfn(image.swapFrame), count: 1 }],
  };
}
