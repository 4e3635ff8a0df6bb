/** Kernel versions whose memory A can have. A new version is one module and one line here. */
import { assert } from '../../assert.ts';
import { linux61 } from './linux-6-1.ts';
import { linux612 } from './linux-6-12.ts';
import type { StructureTable } from './structure-table.ts';

/** The first is the default. */
export const structureTables: readonly [StructureTable, ...StructureTable[]] = [linux612, linux61];

export const structureTableNamed = (version: string): StructureTable | undefined =>
  structureTables.find((table) => table.version === version);

export function structuresOf({ kernelLayout }: { readonly kernelLayout: string }): StructureTable {
  const table = structureTableNamed(kernelLayout);
  assert(table !== undefined, `structures: ${kernelLayout} is no registered kernel layout`);
  return table;
}
