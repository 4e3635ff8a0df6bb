/**
 * Where kexec-tools, as shipped, goes wrong on a jump: rows 1 to 8 of linux.md A1.8, each a switch of its own,
 * so that one can be shown without the others. Off means corrected; the corrections are ours, no released tool
 * has them.
 */

export type Defect = {
  readonly row: number;
  readonly line: string;
  /** Evidence tag of linux.md, and where it stands there or in a log. */
  readonly source: string;
  readonly effect: string;
};

export const defectTable = {
  bSeesAllMemory: {
    row: 1,
    line: 'the boot parameters of B describe all RAM, not its range',
    source: '[S] kexec-tools x86-linux-setup.c:setup_e820; [L a8]',
    effect:
      'B writes over A; after the jump back nothing more is heard, unless mem= or memmap= keeps B in its range',
  },
  rangeStartWrong: {
    row: 2,
    line: "B's range starts at the first memory range of any kind that ends above 0x9ffff",
    source: '[S] kexec-tools crashdump-x86.c:get_crash_memory_ranges; [L a1, a9]',
    effect:
      'the BIOS range 0xf0000 becomes its start: a PT_LOAD of 0xffffffffffff0000 bytes, and BIOS given to B as RAM',
  },
  lowMemoryNotSaved: {
    row: 3,
    line: 'nothing below 1 MiB is swapped out when mem-min is higher, though B may use it',
    source: '[S] kexec-tools kexec.c:add_backup_segments',
    effect: "A's start-up code for other processors can be damaged",
  },
  controlPageInsideRange: {
    row: 4,
    line: "what lies between the start of B's RAM and mem-min is not swapped out",
    source: '[L] live entry 0x7f10f2 with mem-min 16 MiB',
    effect: "A's control page may lie in memory that B takes for free: the way back is destroyed",
  },
  noVmcore: {
    row: 5,
    line: 'the elfcorehdr of a jump has no VMCOREINFO note',
    source: '[S] kexec-tools crashdump-elf.c; fs/proc/vmcore.c; [L a7, a8, a9]',
    effect: 'B has no /proc/vmcore: with all crash notes empty too, "Kdump: vmcore not initialized"',
  },
  emptySegmentAtZero: {
    row: 6,
    line: 'the only segment of the jump-back helper has size 0 at address 0',
    source: '[S] kexec-tools kexec.c:load_jump_back_helper_image; [L a0, a0b, e8]',
    effect: 'the kernel takes it for all of memory, finds no control page, and answers ENOMEM',
  },
  controlPageUnmapped: {
    row: 7,
    line: "the jump-back helper loads nothing near A's control page",
    source: '[S] Linux machine_kexec_64.c:init_pgtable; [L a0c, a0d]',
    effect:
      "B's identity table may lack A's control page: fetch fault at the entry, triple fault, reset without a line",
  },
  failsAfterSuccess: {
    row: 8,
    line: 'any return of reboot() counts as failure',
    source: '[S] kexec-tools kexec.c:my_exec; [L a1, a2, a3, a9, a12]',
    effect: 'after a perfect round trip "kexec failed: Bad file descriptor" and exit status 255',
  },
} as const satisfies Record<string, Defect>;

export type DefectName = keyof typeof defectTable;
export type Defects = Readonly<Record<DefectName, boolean>>;

// The cast is how TypeScript's Object.keys loses the key type of a constant table.
export const defectNames = Object.keys(defectTable) as readonly DefectName[];

/** All off but those named. */
export function defectsOf(...on: readonly DefectName[]): Defects {
  const switches = defectNames.map((name) => [name, on.includes(name)]);
  // The cast restores what Object.fromEntries forgets: the keys are exactly the names of the table.
  return Object.fromEntries(switches) as Defects;
}

/** The tools as they are shipped. */
export const shippedDefects: Defects = defectsOf(...defectNames);
