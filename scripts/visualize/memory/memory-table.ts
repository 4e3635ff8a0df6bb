/** How much memory is for what at each moment: the exact numbers behind a map. */
import { bytesText, countText } from '../../report/quantity-text.ts';
import { type MemoryKindName, memoryKindNames, memoryKinds } from './memory-kinds.ts';
import { bytesOfPages, type MemoryMap, pagesOf } from './memory-map.ts';

export type MemoryTableRow = {
  readonly kind: MemoryKindName;
  readonly title: string;
  readonly about: string;
  /** One for each moment: pages and size. */
  readonly cells: readonly string[];
};

export function memoryTable({ columns }: MemoryMap): readonly MemoryTableRow[] {
  const had = memoryKindNames.filter((kind) => columns.some(({ parts }) => parts.has(kind)));
  return had.flatMap((kind) => {
    const { title, about } = memoryKinds[kind];
    const cells = columns.map((column) => sizeText(pagesOf(column, kind)));
    const free = columns.map(({ freeOfA }) => sizeText(freeOfA ?? 0));
    const row = { kind, title, about, cells };
    const freeRow = {
      kind,
      title: 'A free',
      about: "of A's frames, those that its bitmap calls free, in B's range too",
      cells: free,
    };
    return kind === 'pool' ? [row, freeRow] : [row];
  });
}

const sizeText = (pages: number): string =>
  pages === 0 ? '–' : `${countText(pages)} · ${bytesText(bytesOfPages(pages))}`;
