/** What a frame is for, on a memory map: one line for each kind, in the order of the legend. A later kind covers an earlier one. */

export type MemoryKind = {
  /** In a cell of the map. */
  readonly title: string;
  /** In the legend. */
  readonly about: string;
  /** Index of the ground it is drawn on (picture-style.ts). */
  readonly ground: 0 | 1 | 2 | 3 | 4 | 5;
};

export const memoryKinds = {
  firmware: { title: 'firmware', about: 'reserved by the firmware', ground: 1 },
  pool: { title: 'A pool', about: 'frames that A hands out: tasks, page cache, free', ground: 0 },
  kernel: {
    title: 'A kernel',
    about: "A's text, data, page tables, log, bitmap and per-CPU areas",
    ground: 0,
  },
  region: { title: 'region for B', about: 'withheld from A at boot, nothing of B in it', ground: 1 },
  image: { title: 'B image', about: 'of that region, what the load wrote: B waiting', ground: 3 },
  secondPool: { title: 'B pool', about: "frames of B's range that B hands out", ground: 3 },
  secondKernel: { title: 'B kernel', about: "B's text, data, page tables, log and bitmap", ground: 3 },
  restorePool: { title: 'C pool', about: "frames of B's range that C hands out", ground: 5 },
  restoreKernel: { title: 'C kernel', about: "C's text, data, page tables, log and bitmap", ground: 5 },
  secondKexec: {
    title: 'kexec of B',
    about: 'control, swap, table and list pages of what B loaded for its way back',
    ground: 3,
  },
  restoreKexec: {
    title: 'kexec of C',
    about: 'control, swap, table and list pages of what C loaded for its way to A',
    ground: 5,
  },
  elfcorehdr: { title: 'elfcorehdr', about: "ELF header that tells B where A's memory is", ground: 2 },
  parameters: { title: 'parameters', about: "B's command line and memory map", ground: 2 },
  purgatory: { title: 'purgatory', about: 'code between A and B', ground: 2 },
  backup: {
    title: 'backup',
    about: "source pages of the entry list: what the jump swaps with B's range",
    ground: 2,
  },
  list: { title: 'entry list', about: 'pages that the entry list stands in', ground: 2 },
  tables: { title: 'id. tables', about: 'identity page tables under which the jump is made', ground: 2 },
  swap: { title: 'swap page', about: 'over which pages are exchanged', ground: 2 },
  control: { title: 'control page', about: 'code and registers of the jump', ground: 2 },
  poison: {
    title: 'lost',
    about: 'poison: the power was off, and nothing has been written there since',
    ground: 4,
  },
} as const satisfies Record<string, MemoryKind>;

export type MemoryKindName = keyof typeof memoryKinds;
// Object.keys forgets which names there are.
export const memoryKindNames = Object.keys(memoryKinds) as readonly MemoryKindName[];
