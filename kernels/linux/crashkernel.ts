/**
 * The `crashkernel=` reservation: reading the parameter, and finding a place for it at boot.
 *
 * Promises Linux' own answers: forms, order of checks, texts, alignment, search from the top down, the
 * fallbacks between memory below and above 4 GiB. Whoever calls gives the RAM and what early boot has already
 * taken (kernel image, initrd, log buffer, page tables): that decides the place as much as the size does.
 * Sources: linux.md D.1; Linux 6.12 kernel/crash_reserve.c, arch/x86/include/asm/crash_reserve.h,
 * mm/memblock.c.
 * Left out: shrinking later through /sys/kernel/kexec_crash_size; `,cma` (newer than 6.12).
 */
import { type PhysicalAddress, pageSizeBytes, physical } from '../../image/pfn.ts';
import { type AddressRange, rangesWithin, rangesWithout } from '../firmware-map.ts';
import { memparse } from './memparse.ts';

export type CrashkernelParameter =
  | { readonly type: 'crashkernel.absent' }
  | { readonly type: 'crashkernel.refused'; readonly lines: readonly string[] }
  | CrashkernelWanted;

export type CrashkernelWanted = {
  readonly type: 'crashkernel.wanted';
  readonly sizeBytes: number;
  /** A fixed place, if one was given. */
  readonly offset: PhysicalAddress | null;
  /** Of the second, low region that `,high` needs. */
  readonly lowSizeBytes: number;
  readonly isHigh: boolean;
};

export type CrashkernelReservation =
  | {
      readonly type: 'crashkernel.reserved';
      readonly region: AddressRange;
      readonly lowRegion: AddressRange | null;
      readonly lines: readonly string[];
    }
  | {
      readonly type: 'crashkernel.failed';
      readonly reason: 'in-use' | 'no-room' | 'no-low-room';
      readonly lines: readonly string[];
    };

export type BootMemory = {
  readonly usable: readonly AddressRange[];
  readonly taken: readonly AddressRange[];
};

const mebibyte = 2 ** 20;
/** CRASH_ALIGN, CRASH_ADDR_LOW_MAX, CRASH_ADDR_HIGH_MAX: arch/x86/include/asm/crash_reserve.h. */
const alignmentBytes = 16 * mebibyte;
const lowLimit = 2 ** 32;
const highLimit = 64 * 2 ** 40;
/**
 * The same file, crash_low_size_default: at least 256 MiB, or the software I/O TLB (64 MiB by default) and 8
 * MiB.
 */
const defaultLowSizeBytes = Math.max(64 * mebibyte + 8 * mebibyte, 256 * mebibyte);
/** The range forms compare with total RAM rounded up to this (kernel/crash_reserve.c:parse_crashkernel_mem). */
const totalRoundingBytes = 128 * mebibyte;

/** `ramBytes` is what memblock knows as RAM (memblock_phys_mem_size). */
export function crashkernelParameter(commandLine: string, ramBytes: number): CrashkernelParameter {
  const plain = lastParameter(commandLine, null);
  if (plain !== undefined)
    return wanted(plain.includes(':') ? rangeForm(plain, ramBytes) : simpleForm(plain), ramBytes);
  const high = lastParameter(commandLine, ',high');
  if (high === undefined) return { type: 'crashkernel.absent' };
  const highSize = suffixForm(high, ',high');
  if (highSize.type === 'bad' || highSize.sizeBytes === 0) return wanted(highSize, ramBytes);
  const low = lastParameter(commandLine, ',low');
  const lowSize = low === undefined ? parsed(defaultLowSizeBytes) : suffixForm(low, ',low');
  if (lowSize.type === 'bad') return wanted(lowSize, ramBytes);
  const answer = wanted(highSize, ramBytes);
  return answer.type === 'crashkernel.wanted'
    ? { ...answer, isHigh: true, lowSizeBytes: lowSize.sizeBytes }
    : answer;
}

export function reserveCrashkernel(parameter: CrashkernelWanted, memory: BootMemory): CrashkernelReservation {
  const { sizeBytes, offset, isHigh } = parameter;
  if (offset !== null) {
    const start = highestPlace(memory, sizeBytes, {
      start: offset,
      endExclusive: physical(offset + sizeBytes),
    });
    if (start === undefined) return failed('in-use', 'crashkernel reservation failed - memory is in use.');
    return withLowRegion({ ...parameter, start }, memory);
  }
  const below = { start: physical(0), endExclusive: physical(lowLimit) };
  const above = { start: physical(lowLimit), endExclusive: physical(highLimit) };
  for (const window of isHigh ? [above, below] : [below, above]) {
    const start = highestPlace(memory, sizeBytes, window);
    if (start === undefined) continue;
    // A plain size that only fits above 4 GiB gets the default low region with it.
    const lowSizeBytes = isHigh ? parameter.lowSizeBytes : defaultLowSizeBytes;
    return withLowRegion({ sizeBytes, start, lowSizeBytes }, memory);
  }
  return failed('no-room', `cannot allocate crashkernel (size:0x${sizeBytes.toString(16)})`);
}

type Placed = { readonly sizeBytes: number; readonly start: PhysicalAddress; readonly lowSizeBytes: number };

function withLowRegion(
  { sizeBytes, start, lowSizeBytes }: Placed,
  memory: BootMemory,
): CrashkernelReservation {
  const region = { start, endExclusive: physical(start + sizeBytes) };
  const line = `crashkernel reserved: ${hex(start, 16)} - ${hex(region.endExclusive, 16)} ${inMegabytes(sizeBytes)}`;
  if (start < lowLimit || lowSizeBytes === 0) {
    return { type: 'crashkernel.reserved', region, lowRegion: null, lines: [line] };
  }
  const window = { start: physical(0), endExclusive: physical(lowLimit) };
  const lowStart = highestPlace(memory, lowSizeBytes, window);
  if (lowStart === undefined) {
    return failed(
      'no-low-room',
      `cannot allocate crashkernel low memory (size:0x${lowSizeBytes.toString(16)}).`,
    );
  }
  const lowRegion = { start: lowStart, endExclusive: physical(lowStart + lowSizeBytes) };
  const bounds = `${hex(lowStart, 8)} - ${hex(lowRegion.endExclusive, 8)}`;
  const lowLine = `crashkernel low memory reserved: ${bounds} ${inMegabytes(lowSizeBytes)}`;
  return { type: 'crashkernel.reserved', region, lowRegion, lines: [lowLine, line] };
}

/** memblock.c:__memblock_find_range_top_down; the first page is never given out. */
function highestPlace(
  memory: BootMemory,
  sizeBytes: number,
  window: AddressRange,
): PhysicalAddress | undefined {
  const start = physical(Math.max(window.start, pageSizeBytes));
  const free = rangesWithin(rangesWithout(memory.usable, memory.taken), { ...window, start });
  for (const range of [...free].sort((one, other) => other.start - one.start)) {
    const candidate = Math.floor((range.endExclusive - sizeBytes) / alignmentBytes) * alignmentBytes;
    if (candidate >= range.start) return physical(candidate);
  }
  return undefined;
}

/**
 * The last one counts; one that ends in ,high or ,low is not a plain one
 * (crash_reserve.c:get_last_crashkernel).
 */
function lastParameter(commandLine: string, suffix: string | null): string | undefined {
  const values = [...commandLine.matchAll(/crashkernel=([^ ]*)/g)].map((match) => match[1] ?? '');
  const suffixes = [',high', ',low'];
  return values.findLast((value) =>
    suffix === null ? !suffixes.some((known) => value.endsWith(known)) : value.endsWith(suffix),
  );
}

type Parsed =
  | {
      readonly type: 'parsed';
      readonly sizeBytes: number;
      readonly offset: number;
      readonly lines: readonly string[];
    }
  | { readonly type: 'bad'; readonly line: string };

const parsed = (sizeBytes: number, offset = 0): Extract<Parsed, { type: 'parsed' }> => {
  return { type: 'parsed', sizeBytes, offset, lines: [] };
};
const bad = (text: string): Extract<Parsed, { type: 'bad' }> => ({ type: 'bad', line: text });

/** What parse_crashkernel refuses in the end: nothing to reserve, or as much as there is. */
function wanted(form: Parsed, ramBytes: number): CrashkernelParameter {
  if (form.type === 'bad') return { type: 'crashkernel.refused', lines: [form.line] };
  const { sizeBytes, offset, lines } = form;
  if (sizeBytes === 0 || sizeBytes >= ramBytes) return { type: 'crashkernel.refused', lines };
  const place = offset === 0 ? null : physical(offset);
  return { type: 'crashkernel.wanted', sizeBytes, offset: place, lowSizeBytes: 0, isHigh: false };
}

/** `size[@offset]`. */
function simpleForm(text: string): Parsed {
  const size = memparse(text);
  if (size.end === 0) return bad('crashkernel: memory value expected');
  const next = text[size.end];
  if (next === '@') return parsed(size.value, memparse(text, size.end + 1).value);
  return next === undefined ? parsed(size.value) : bad(`crashkernel: unrecognized char: ${next}`);
}

/** `size,high` and `size,low`. */
function suffixForm(text: string, suffix: string): Parsed {
  const size = memparse(text);
  if (size.end === 0) return bad('crashkernel: memory value expected');
  if (text.slice(size.end) === suffix) return parsed(size.value);
  return bad(`crashkernel: unrecognized char: ${text[size.end] ?? ''}`);
}

/** `start-[end]:size[,…][@offset]`; ranges after the one that fits are not looked at. */
function rangeForm(text: string, ramBytes: number): Parsed {
  const totalBytes = Math.ceil(ramBytes / totalRoundingBytes) * totalRoundingBytes;
  let at = 0;
  do {
    const range = oneRange(text, at, totalBytes);
    if (range.type === 'bad') return range;
    at = range.end + 1;
    if (totalBytes < range.from || totalBytes >= range.to) continue;
    return range.sizeBytes === 0 ? zeroBytes : withOffset(text, range.sizeBytes, range.end);
  } while (text[at - 1] === ',');
  return zeroBytes;
}

const zeroBytes: Parsed = { ...parsed(0), lines: ['crashkernel size resulted in zero bytes'] };

function withOffset(text: string, sizeBytes: number, from: number): Parsed {
  const at = text.indexOf('@', from);
  if (at < 0) return parsed(sizeBytes);
  const offset = memparse(text, at + 1);
  // Misspelt in the kernel (linux.md D.1).
  return offset.end === at + 1
    ? bad("crahskernel: Memory value expected after '@'")
    : parsed(sizeBytes, offset.value);
}

type OneRange = {
  readonly type: 'range';
  readonly from: number;
  readonly to: number;
  readonly sizeBytes: number;
  readonly end: number;
};

function oneRange(text: string, at: number, totalBytes: number): OneRange | Extract<Parsed, { type: 'bad' }> {
  const valueExpected = bad('crashkernel: Memory value expected');
  const from = memparse(text, at);
  if (from.end === at) return valueExpected;
  if (text[from.end] !== '-') return bad("crashkernel: '-' expected");
  let colonAt = from.end + 1;
  let to = Number.POSITIVE_INFINITY;
  if (text[colonAt] !== ':') {
    const upper = memparse(text, colonAt);
    if (upper.end === colonAt) return valueExpected;
    if (upper.value <= from.value) return bad('crashkernel: end <= start');
    to = upper.value;
    colonAt = upper.end;
  }
  if (text[colonAt] !== ':') return bad("crashkernel: ':' expected");
  const size = memparse(text, colonAt + 1);
  if (size.end === colonAt + 1) return valueExpected;
  if (size.value >= totalBytes) return bad('crashkernel: invalid size');
  return { type: 'range', from: from.value, to, sizeBytes: size.value, end: size.end };
}

function failed(reason: 'in-use' | 'no-room' | 'no-low-room', line: string): CrashkernelReservation {
  return { type: 'crashkernel.failed', reason, lines: [line] };
}

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
const inMegabytes = (sizeBytes: number): string => `(${Math.floor(sizeBytes / mebibyte)} MB)`;
