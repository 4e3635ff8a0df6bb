/** How many pages of each kind an image tells of, as text and as JSON. */

import { pagesByKind } from '../../image/filter/filter-memory.ts';
import type { MemoryImage, PageKind } from '../../image/memory-image.ts';

/** In the words of people who read dumps; makedumpfile's where it has one. */
const kindTexts: Readonly<Record<PageKind, string>> = {
  stored: 'stored',
  zero: 'zero, told without data',
  partial: 'partly in the image',
  cache: 'left out: cache without private data',
  cachePrivate: 'left out: cache with private data',
  user: 'left out: user data',
  free: 'left out: free',
  hwpoison: 'left out: broken memory',
  offline: 'left out: offline',
  leftOut: 'left out, the image does not say why',
  notSaved: 'not saved: the dump ended before them',
  lost: 'lost: their data is damaged',
};

export function kindLines(memory: MemoryImage): string[] {
  const counts = pagesByKind(memory.runs());
  // The keys of the record are its key type, which Object.entries forgets.
  const entries = Object.entries(counts) as [PageKind, number][];
  return entries.map(([kind, count]) => `${String(count).padStart(12)}  ${kindTexts[kind]}`);
}

export const kindText = (kind: PageKind): string => kindTexts[kind];
