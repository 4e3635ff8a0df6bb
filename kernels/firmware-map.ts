/**
 * What the firmware says about physical memory (the E820 map), and what Linux makes of it at boot.
 *
 *   0        0x9fc00   0xa0000  0xf0000    1M              last tables   top      0xfffc0000   4G               0xfd00000000   1T
 *   | usable | reserved | hole  | reserved | usable          | reserved  | hole   | reserved   | usable ... hole | reserved    |
 *              EBDA                BIOS                        ACPI, disks  PCI     flash        RAM above 4 GiB   HyperTransport
 *
 * Addresses are half-open everywhere: `endExclusive` is the first byte after a range. Only texts show the last
 * byte, as Linux does.
 *
 * The machine is QEMU 7.2 (`-M pc` or `-M q35`) with SeaBIOS and an AMD processor model, as in the logs.
 * Sources: `BIOS-e820` lines of logs a1, b1, b7; QEMU hw/i386/pc.c, pc_piix.c, pc_q35.c; Linux 6.12
 * arch/x86/kernel/e820.c and setup.c:trim_bios_range.
 * Left out: NUMA, hot-plugged memory, the types unusable, persistent and soft reserved, UEFI.
 */
import { type PhysicalAddress, pageSizeBytes, physical } from '../image/pfn.ts';
import { assert } from './assert.ts';

/** The text is what the kernel prints for the type (e820.c:e820_print_type). */
export type MemoryKind = 'usable' | 'reserved' | 'ACPI data' | 'ACPI NVS';
export type AddressRange = { readonly start: PhysicalAddress; readonly endExclusive: PhysicalAddress };
export type FirmwareRange = AddressRange & { readonly kind: MemoryKind };
/** Ascending and without overlap. */
export type FirmwareMap = readonly FirmwareRange[];

export type FirmwareOptions = {
  readonly ramBytes: number;
  readonly machine?: 'pc' | 'q35';
  /**
   * Every disk takes 12 KiB of SeaBIOS' memory: the reserved end of RAM has 0x23000, 0x26000, 0x29000 bytes
   * with 1, 2, 3 [logs a1, b1, b7].
   */
  readonly virtioDiskCount?: number;
};

/** `enum e820_type`, Linux 6.12 arch/x86/include/asm/e820/types.h. */
const typeNumbers = { usable: 1, reserved: 2, 'ACPI data': 3, 'ACPI NVS': 4 } as const satisfies Record<
  MemoryKind,
  number
>;

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
const fourGibibytes = 4 * gibibyte;

/**
 * Logs a1, b1, b7 (see `virtioDiskCount`): what SeaBIOS keeps for its tables without any disk, and for each
 * disk.
 */
const firmwareTablesBytes = 0x20000;
const firmwareBytesPerDisk = 0x3000;

/**
 * RAM below 4 GiB ends at `split` once it reaches `from`: QEMU 7.2 pc_piix.c:pc_init1 and pc_q35.c:pc_q35_init.
 * The 64-bit PCI window follows RAM, rounded up to 1 GiB (pc.c:pc_pci_hole64_start; sizes: i440fx.c, q35.c).
 */
const splits = {
  pc: { from: 0xe0000000, split: 0xc0000000, pciWindowBytes: 2 * gibibyte },
  q35: { from: 0xb0000000, split: 0x80000000, pciWindowBytes: 32 * gibibyte },
};

/** HyperTransport of AMD: QEMU 7.2 pc.c (AMD_HT_START, AMD_HT_END, AMD_ABOVE_1TB_START). */
const hyperTransport = range(0xfd00000000, 0x10000000000, 'reserved');

export function firmwareMap(options: FirmwareOptions): FirmwareMap {
  const { ramBytes, machine = 'pc', virtioDiskCount = 1 } = options;
  const { from, split, pciWindowBytes } = splits[machine];
  const lowBytes = ramBytes >= from ? split : ramBytes;
  const tablesStart = lowBytes - firmwareTablesBytes - virtioDiskCount * firmwareBytesPerDisk;
  assert(
    ramBytes % mebibyte === 0 && tablesStart > 2 * mebibyte,
    'firmware-map: RAM is whole MiB, at least 3',
  );
  const high = highRam(ramBytes - lowBytes, pciWindowBytes);
  const isAbove = high.some(({ start }) => start >= hyperTransport.endExclusive);
  return [
    range(0, 0x9fc00, 'usable'),
    range(0x9fc00, 0xa0000, 'reserved'),
    range(0xf0000, 0x100000, 'reserved'),
    range(0x100000, tablesStart, 'usable'),
    range(tablesStart, lowBytes, 'reserved'),
    range(0xfffc0000, fourGibibytes, 'reserved'),
    ...(isAbove ? [hyperTransport, ...high] : [...high, hyperTransport]),
  ];
}

/**
 * QEMU moves all RAM above 4 GiB to 1 TiB when it or the PCI window behind it would reach HyperTransport
 * (pc.c:pc_memory_init).
 */
function highRam(bytes: number, pciWindowBytes: number): FirmwareRange[] {
  if (bytes === 0) return [];
  const lastUsed = Math.ceil((fourGibibytes + bytes) / gibibyte) * gibibyte + pciWindowBytes - 1;
  const start = lastUsed >= hyperTransport.start ? hyperTransport.endExclusive : fourGibibytes;
  return [range(start, start + bytes, 'usable')];
}

/**
 * How a boot log shows a map: `prefix` is `BIOS-e820` for the firmware's, `user` for one that the command line
 * changed.
 */
export const firmwareMapLines = (map: FirmwareMap, prefix: 'BIOS-e820' | 'user'): string[] =>
  map.map(
    ({ start, endExclusive, kind }) => `${prefix}: [mem ${hex16(start)}-${hex16(endExclusive - 1)}] ${kind}`,
  );

/**
 * What every boot does to the map: the first page is reserved (a BIOS may write there), and nothing between 640
 * KiB and 1 MiB is RAM (setup.c:trim_bios_range). The lines are printed even when nothing changes [log a1,
 * second kernel].
 */
export function mapOfLinux(map: FirmwareMap): {
  readonly map: FirmwareMap;
  readonly lines: readonly string[];
} {
  const firstPage = range(0, pageSizeBytes, 'reserved');
  const ramThere = rangesWithin(usableRanges(map), firstPage);
  const reserved = ramThere.map((part): FirmwareRange => ({ ...part, kind: 'reserved' }));
  const hole = range(0xa0000, 0x100000, 'usable');
  return {
    map: joined([...reserved, ...withoutUsable(withoutUsable(map, firstPage), hole)]),
    lines: [
      'e820: update [mem 0x00000000-0x00000fff] usable ==> reserved',
      'e820: remove [mem 0x000a0000-0x000fffff] usable',
    ],
  };
}

export const usableRanges = (map: FirmwareMap): readonly AddressRange[] =>
  map.flatMap(({ kind, start, endExclusive }) => (kind === 'usable' ? [{ start, endExclusive }] : []));

/** Whole pages of RAM: the number that the kernel prints as `pages RAM` and swsusp stores as num_physpages. */
export function ramPages(map: FirmwareMap): number {
  let count = 0;
  for (const { start, endExclusive } of usableRanges(mapOfLinux(map).map)) {
    count += Math.floor(endExclusive / pageSizeBytes) - Math.ceil(start / pageSizeBytes);
  }
  return count;
}

/**
 * `struct e820_table` as far as it is filled: a count, then 20 bytes an entry. Its CRC-32 stands in a
 * hibernation image.
 */
export function e820Bytes(map: FirmwareMap): Uint8Array {
  const bytes = new Uint8Array(4 + 20 * map.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, map.length, true);
  map.forEach(({ start, endExclusive, kind }, index) => {
    const offset = 4 + 20 * index;
    view.setBigUint64(offset, BigInt(start), true);
    view.setBigUint64(offset + 8, BigInt(endExclusive - start), true);
    view.setUint32(offset + 16, typeNumbers[kind], true);
  });
  return bytes;
}

/** What of `ranges` lies outside all of `taken`; `taken` may be in any order. */
export function rangesWithout(
  ranges: readonly AddressRange[],
  taken: readonly AddressRange[],
): readonly AddressRange[] {
  let left = [...ranges];
  for (const hole of taken) {
    left = left.flatMap(({ start, endExclusive }) =>
      [
        { start, endExclusive: smaller(endExclusive, hole.start) },
        { start: larger(start, hole.endExclusive), endExclusive },
      ].filter((part) => part.start < part.endExclusive),
    );
  }
  return left;
}

/** What of `ranges` lies inside `window`. */
export const rangesWithin = (
  ranges: readonly AddressRange[],
  window: AddressRange,
): readonly AddressRange[] =>
  ranges
    .map(({ start, endExclusive }) => ({
      start: larger(start, window.start),
      endExclusive: smaller(endExclusive, window.endExclusive),
    }))
    .filter(({ start, endExclusive }) => start < endExclusive);

/** RAM taken out of the map; ranges of other kinds stay (e820.c:e820__range_remove with a type). */
export function withoutUsable(map: FirmwareMap, hole: AddressRange): FirmwareMap {
  return map.flatMap((entry): FirmwareRange[] =>
    entry.kind === 'usable'
      ? rangesWithout([entry], [hole]).map((part) => ({ ...part, kind: 'usable' }))
      : [entry],
  );
}

/**
 * A range added; where it overlaps another, the kind with the higher type number wins
 * (e820.c:e820__update_table).
 */
export function withRange(map: FirmwareMap, added: FirmwareRange): FirmwareMap {
  const stronger = map.filter(({ kind }) => typeNumbers[kind] > typeNumbers[added.kind]);
  const weaker = map.filter(({ kind }) => typeNumbers[kind] <= typeNumbers[added.kind]);
  return joined([
    ...stronger,
    ...weaker.flatMap((entry) =>
      rangesWithout([entry], [added]).map((part) => ({ ...part, kind: entry.kind })),
    ),
    ...rangesWithout([added], stronger).map((part) => ({ ...part, kind: added.kind })),
  ]);
}

/** Sorted, and neighbours of one kind made one. */
function joined(map: FirmwareMap): FirmwareMap {
  const result: FirmwareRange[] = [];
  for (const entry of [...map].sort((one, other) => one.start - other.start)) {
    const last = result.at(-1);
    if (last?.kind === entry.kind && last.endExclusive === entry.start) {
      result[result.length - 1] = { ...last, endExclusive: entry.endExclusive };
    } else result.push(entry);
  }
  return result;
}

function range(start: number, endExclusive: number, kind: MemoryKind): FirmwareRange {
  return { start: physical(start), endExclusive: physical(endExclusive), kind };
}

const smaller = (one: PhysicalAddress, other: PhysicalAddress): PhysicalAddress =>
  one < other ? one : other;
const larger = (one: PhysicalAddress, other: PhysicalAddress): PhysicalAddress => (one > other ? one : other);
const hex16 = (address: number): string => `0x${address.toString(16).padStart(16, '0')}`;

/** What `e820Bytes` wrote; a count or a type that is none ends the map. */
export function firmwareMapOf(bytes: Uint8Array): FirmwareMap {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.min(view.getUint32(0, true), Math.floor((bytes.length - 4) / 20));
  const map: FirmwareRange[] = [];
  for (let index = 0; index < count; index += 1) {
    const offset = 4 + 20 * index;
    const start = Number(view.getBigUint64(offset, true));
    const kind = kindNumbered(view.getUint32(offset + 16, true));
    if (kind === undefined) break;
    map.push({
      start: physical(start),
      endExclusive: physical(start + Number(view.getBigUint64(offset + 8, true))),
      kind,
    });
  }
  return map;
}

const kindNumbered = (number: number): MemoryKind | undefined =>
  // The cast is how TypeScript's Object.keys loses the key type of a constant table.
  (Object.keys(typeNumbers) as MemoryKind[]).find((kind) => typeNumbers[kind] === number);
