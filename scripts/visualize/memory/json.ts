/** A memory map as JSON, for other programs: frames of 4 KiB, times in nanoseconds since power-on. Fields may be added, never renamed. */
import { memoryKinds } from './memory-kinds.ts';
import { type MemoryMap, pagesOf } from './memory-map.ts';

export function memoryJson({ title, memoryEnd, secondRange, columns }: MemoryMap): string {
  const facts = {
    title,
    memoryEnd,
    rangeOfB: secondRange,
    moments: columns.map((column) => ({
      title: column.title,
      step: column.step,
      at: column.ns,
      freeOfA: column.freeOfA ?? null,
      backup: column.backup ?? null,
      parts: [...column.parts].map(([kind, ranges]) => ({
        name: memoryKinds[kind].title,
        about: memoryKinds[kind].about,
        pages: pagesOf(column, kind),
        ranges,
      })),
    })),
  };
  return `${JSON.stringify(facts, null, 2)}\n`;
}
