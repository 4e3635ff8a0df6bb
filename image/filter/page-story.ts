/** One `struct page` told in words: its flags by name, what its mapping and its type say, and the reason to leave it out. */
import type { KernelMemory } from '../linux/kernel-memory.ts';
import { pageLayout } from './page-layout.ts';
import { correctedRules, pageTest } from './page-reason.ts';
import { groupFrames, structPages } from './struct-pages.ts';

export type PageStory = {
  /** Names of the flags whose bits VMCOREINFO tells. */
  readonly flags: readonly string[];
  readonly flagsWord: string;
  readonly mapping: string;
  readonly isAnonymous: boolean;
  readonly mapcount: string;
  readonly isTail: boolean;
  /** What makedumpfile -d 31 would leave it out for; undefined: it would keep it. */
  readonly reason: string | undefined;
  readonly pageCount: number;
};

/** Undefined: the frame has no `struct page`. */
export function pageStory(kernel: KernelMemory, frame: number): PageStory | undefined {
  const layout = pageLayout(kernel.facts);
  const first = Math.floor(frame / groupFrames) * groupFrames;
  const group = structPages(kernel).entriesOf(first);
  if (group === undefined) return undefined;
  const { entries } = group;
  const at = (frame - first) * layout.sizeBytes;
  const word = (offset: number): string =>
    entries
      .getBigUint64(at + offset, true)
      .toString(16)
      .padStart(16, '0');
  const flags = entries.getUint32(at + layout.flags, true);
  const verdict = pageTest(layout, 31, correctedRules)(entries, at, frame);
  return {
    flags: Object.entries(layout.mask).flatMap(([name, mask]) => ((flags & mask) === 0 ? [] : [name])),
    flagsWord: word(layout.flags),
    mapping: word(layout.mapping),
    isAnonymous: (entries.getUint8(at + layout.mapping) & 1) === 1,
    mapcount: entries
      .getUint32(at + layout.mapcount, true)
      .toString(16)
      .padStart(8, '0'),
    isTail:
      layout.compoundHead !== undefined && (entries.getUint32(at + layout.compoundHead, true) & 1) === 1,
    reason: verdict?.reason,
    pageCount: verdict?.pageCount ?? 1,
  };
}
