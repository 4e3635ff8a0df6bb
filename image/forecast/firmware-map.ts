/**
 * The memory map of the firmware as a kernel's log prints it, and the CRC that x86-64 keeps of it in an image.
 *
 * The lines show e820_table right after it was copied to e820_table_firmware, so they are the table that the CRC is taken over:
 * first what the boot loader gave (`BIOS-e820:`), then, where it has more than 128 entries, the table once more with the rest
 * (`extended:`). `user:` lines come from mem= and memmap= and change another table. The CRC covers the number of entries, u32, and for
 * each of them address, u64, size, u64, and type, u32; it is the CRC-32 of zlib.
 * Sources: Linux 6.12 arch/x86/kernel/e820.c (e820__memory_setup, e820__memory_setup_extended, e820_print_type),
 * arch/x86/include/asm/e820/types.h, arch/x86/power/hibernate.c (compute_e820_crc32; linux.md C.1.4).
 */
import { ByteWriter, type Hex64 } from '../bytes.ts';
import { crc32 } from '../codecs/crc32.ts';
import { ImageError } from '../image-error.ts';
import { pageSizeBytes } from '../pfn.ts';

export type FrameSpan = { readonly startFrame: number; readonly endFrame: number };

export type MapEntry = { readonly start: bigint; readonly sizeBytes: bigint; readonly type: number };

const usableType = 1;

/** What e820_print_type prints, and enum e820_type. */
const typeOfName: Readonly<Record<string, number>> = {
  usable: usableType,
  reserved: 2,
  'ACPI data': 3,
  'ACPI NVS': 4,
  unusable: 5,
  'persistent (type 7)': 7,
  'persistent (type 12)': 12,
  'soft reserved': 0xefffffff,
};

const entryPattern = /\[mem 0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\] (.*?)\s*$/i;

/** `text` is a line of the log from `[mem` on. */
export function mapEntryOf(text: string, lineNumber: number): MapEntry {
  const [, start, end, name = ''] = entryPattern.exec(text) ?? [];
  const type = typeOfName[name] ?? Number(/^type (\d{1,10})$/.exec(name)?.[1] ?? NaN);
  if (start !== undefined && end !== undefined && Number.isSafeInteger(type)) {
    const from = BigInt(`0x${start}`);
    const last = BigInt(`0x${end}`);
    if (last >= from) return { start: from, sizeBytes: last - from + 1n, type };
  }
  throw new ImageError('dmesg.bad-map', {
    offset: lineNumber,
    expected: '[mem 0x…-0x…] and a kind of memory, as the kernel prints it',
    found: `"${text.slice(0, 80)}"`,
  });
}

/** packed: u64, u64, u32. */
const entrySizeBytes = 20;

/** As the image has it: the upper half is 0. */
export function firmwareMapCrc(entries: readonly MapEntry[]): Hex64 {
  const bytes = new Uint8Array(4 + entries.length * entrySizeBytes);
  const writer = new ByteWriter(bytes);
  writer.u32(0, entries.length);
  for (const [index, { start, sizeBytes, type }] of entries.entries()) {
    const at = 4 + index * entrySizeBytes;
    writer.hex64(at, hex64(start));
    // The whole address space would be 2^64 bytes: the field wraps, as it does in the kernel.
    writer.hex64(at + 8, hex64(BigInt.asUintN(64, sizeBytes)));
    writer.u32(at + 16, type);
  }
  return crc32(bytes).toString(16).padStart(16, '0');
}

/**
 * Whole usable frames, page 0 apart, which Linux always withholds: what get_num_physpages counts when nothing on the command line
 * takes memory away.
 */
export function usableFrames(entries: readonly MapEntry[]): number {
  const page = BigInt(pageSizeBytes);
  let frames = 0n;
  for (const { start, sizeBytes, type } of entries) {
    if (type !== usableType) continue;
    const first = (start + page - 1n) / page;
    const end = (start + sizeBytes) / page;
    const from = first === 0n ? 1n : first;
    if (end > from) frames += end - from;
  }
  return Number(frames);
}

const hex64 = (value: bigint): Hex64 => value.toString(16).padStart(16, '0');
