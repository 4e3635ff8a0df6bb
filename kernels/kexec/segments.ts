/**
 * The system call kexec_load: what it is asked, and whether it agrees. The checks stand in the order in which
 * Linux makes them, because the first that fails decides the error.
 *
 * What comes after (frames for control page, swap page and content: ENOMEM, EFAULT) is `plan-entries.ts`.
 * Sources: linux.md A1.2, log e8 (raw calls); Linux 6.12 kernel/kexec.c (kexec_load_check, do_kexec_load) and
 * kernel/kexec_core.c (kexec_load_permitted, sanity_check_segment_list, kimage_is_destination_range).
 * Left out: security modules other than lockdown.
 *
 * Addresses and sizes are those of a hostile caller: any 64-bit value. As numbers they are exact when page
 * aligned, also above 2^53 (52 bits are left), and what is not aligned is refused by the first check that looks
 * at it.
 */
import { type PhysicalAddress, pageSizeBytes } from '../../image/pfn.ts';
import type { AddressRange } from '../firmware-map.ts';
import { type ErrnoName, errnoTable } from '../linux/errno.ts';

/**
 * `struct kexec_segment`. No buffer (size 0) means: take the memory away from whoever has it, and start it as
 * zeros.
 */
export type KexecSegment = {
  readonly bufferSizeBytes: number;
  readonly memoryStart: PhysicalAddress;
  readonly memorySizeBytes: number;
};

export type LoadRequest = {
  readonly entry: PhysicalAddress;
  readonly segments: readonly KexecSegment[];
  readonly flags: number;
  /** Name of the calling task, for the lockdown line. */
  readonly command?: string;
};

export type LoadMachine = {
  /** CAP_SYS_BOOT of the caller. */
  readonly mayBoot: boolean;
  /** The switch kernel.kexec_load_disabled, which cannot be turned back. */
  readonly loadDisabled: boolean;
  /** kexec_load_limit_reboot or _panic, whichever the request counts against; null: no limit. */
  readonly loadsLeft: number | null;
  readonly lockdown: 'none' | 'integrity' | 'confidentiality';
  /** Someone else holds the kexec lock. */
  readonly locked: boolean;
  /** CONFIG_KEXEC_JUMP: without it the preserve flag is unknown (Debian 6.12 ships without). */
  readonly hasKexecJump: boolean;
  /** Pages the page allocator has (totalram_pages, MemTotal): fewer than all RAM. */
  readonly ramPages: number;
  /** KEXEC_DESTINATION_MEMORY_LIMIT: 2^46 with 4-level page tables (arch/x86/include/asm/kexec.h, MAXMEM). */
  readonly destinationLimit: PhysicalAddress;
  readonly crashReservation: AddressRange | null;
};

export type LoadAnswer = LoadAccepted | LoadRefused;

export type LoadAccepted = {
  readonly type: 'load.accepted';
  readonly action: 'load' | 'unload';
  readonly target: 'normal' | 'crash';
  readonly preservesContext: boolean;
  readonly loadsLeft: number | null;
};

export type LoadRefused = {
  readonly type: 'load.refused';
  readonly errno: ErrnoName;
  readonly number: number;
  /** The fact that failed, for people. */
  readonly reason: string;
  /** What the kernel prints: only lockdown says anything. */
  readonly line: string | null;
  readonly loadsLeft: number | null;
  /** A crash image that was loaded before is freed before the new one is looked at (linux.md A3.1 row 3). */
  readonly freesCrashImage: boolean;
};

/** include/uapi/linux/kexec.h (6.12); architecture in the upper 16 bits, EM_X86_64 is 62. */
export const kexecFlags = {
  onCrash: 1,
  preserveContext: 2,
  updateElfcorehdr: 4,
  crashHotplugSupport: 8,
} as const;
export const kexecArchitectureX8664 = 62 * 2 ** 16;
export const kexecSegmentLimit = 16;

export function checkLoad(request: LoadRequest, machine: LoadMachine): LoadAnswer {
  const { segments } = request;
  const isCrash = hasFlag(request, kexecFlags.onCrash);
  const callerCheck = callerChecks.find(({ fails }) => fails(request, machine));
  // A load is counted as soon as the caller may load at all, whatever comes of it; so is an unload.
  const isCounted = callerCheck !== callerChecks[0] && machine.loadsLeft !== null;
  const loadsLeft = isCounted ? machine.loadsLeft - 1 : machine.loadsLeft;
  const imageCheck =
    segments.length === 0 ? undefined : imageChecks.find(({ fails }) => fails(request, machine));
  const failed = callerCheck ?? imageCheck;
  if (failed === undefined) {
    return {
      type: 'load.accepted',
      action: segments.length === 0 ? 'unload' : 'load',
      target: isCrash ? 'crash' : 'normal',
      preservesContext: hasFlag(request, kexecFlags.preserveContext),
      loadsLeft,
    };
  }
  return {
    type: 'load.refused',
    errno: failed.errno,
    number: errnoTable[failed.errno].number,
    reason: failed.reason,
    line: failed.line?.(request) ?? null,
    loadsLeft,
    freesCrashImage: isCrash && callerCheck === undefined,
  };
}

type Check = {
  readonly reason: string;
  readonly errno: ErrnoName;
  readonly fails: (request: LoadRequest, machine: LoadMachine) => boolean;
  readonly line?: (request: LoadRequest) => string;
};

/** Made of every call, also of one without segments, which unloads [log e8]. */
const callerChecks: readonly Check[] = [
  {
    // These three are one check: a refusal here does not use up a load, and every later one does.
    reason: 'may not boot, loading is disabled, or the limit of loads is used up',
    errno: 'EPERM',
    fails: (_request, { mayBoot, loadDisabled, loadsLeft }) => !mayBoot || loadDisabled || loadsLeft === 0,
  },
  {
    reason: 'the kernel is locked down',
    errno: 'EPERM',
    fails: (_request, { lockdown }) => lockdown !== 'none',
    line: ({ command = 'kexec' }) =>
      `Lockdown: ${command}: kexec of unsigned images is restricted; see man kernel_lockdown.7`,
  },
  { reason: 'an unknown flag', errno: 'EINVAL', fails: hasUnknownFlag },
  {
    reason: `more than ${kexecSegmentLimit} segments`,
    errno: 'EINVAL',
    fails: ({ segments }) => segments.length > kexecSegmentLimit,
  },
  { reason: 'another architecture', errno: 'EINVAL', fails: isForeign },
  { reason: 'another load or jump is under way', errno: 'EBUSY', fails: (_request, { locked }) => locked },
];

/** Made of an image, when the crash image that was loaded before is already gone. */
const imageChecks: readonly Check[] = [
  {
    reason: 'the entry of a crash image lies outside the reservation',
    errno: 'EADDRNOTAVAIL',
    fails: isEntryOutside,
  },
  {
    reason: 'a segment wraps, is not page aligned, or ends beyond the destination limit',
    errno: 'EADDRNOTAVAIL',
    fails: ({ segments }, { destinationLimit }) =>
      segments.some((segment) => !isAddressable(segment, destinationLimit)),
  },
  { reason: 'two segments overlap', errno: 'EINVAL', fails: hasOverlap },
  {
    reason: 'a buffer is larger than its memory',
    errno: 'EINVAL',
    fails: ({ segments }) => segments.some((segment) => segment.bufferSizeBytes > segment.memorySizeBytes),
  },
  { reason: 'the segments cover more than half of RAM', errno: 'EINVAL', fails: isMoreThanHalf },
  {
    reason: 'a segment of a crash image lies outside the reservation',
    errno: 'EADDRNOTAVAIL',
    fails: isSegmentOutside,
  },
];

/**
 * Whether any byte from `start` to before `endExclusive` is one that the image moves. The last byte of a
 * segment is computed as start + size - 1, so a segment of size 0 at address 0 ends at 2^64 - 1 and covers
 * everything, while the same at any other place covers nothing (linux.md A1.2, A1.8 row 6).
 */
export const isDestinationRange = (
  segments: readonly KexecSegment[],
  { start, endExclusive }: AddressRange,
): boolean =>
  segments.some((segment) => endExclusive - 1 >= segment.memoryStart && start <= lastByteOf(segment));

const lastByteOf = ({ memoryStart, memorySizeBytes }: KexecSegment): number =>
  memoryStart + memorySizeBytes === 0 ? 2 ** 64 : memoryStart + memorySizeBytes - 1;

const hasFlag = ({ flags }: LoadRequest, flag: number): boolean => (flags & flag) !== 0;

function hasUnknownFlag({ flags }: LoadRequest, { hasKexecJump }: LoadMachine): boolean {
  const { onCrash, preserveContext, updateElfcorehdr, crashHotplugSupport } = kexecFlags;
  const known = onCrash | updateElfcorehdr | crashHotplugSupport | (hasKexecJump ? preserveContext : 0);
  return (flags & 0xffff & ~known) !== 0;
}

/**
 * The architecture stands in the upper 16 bits; 0 is the one that runs. Not by `&`: flags may use all 32 bits.
 */
function isForeign({ flags }: LoadRequest): boolean {
  const architecture = flags - (flags % 2 ** 16);
  return architecture !== 0 && architecture !== kexecArchitectureX8664;
}

/** Without a reservation Linux compares with one that is all zeros: only entry 0 lies inside. */
function isEntryOutside(request: LoadRequest, { crashReservation }: LoadMachine): boolean {
  if (!hasFlag(request, kexecFlags.onCrash)) return false;
  const { entry } = request;
  if (crashReservation === null) return entry !== 0;
  return entry < crashReservation.start || entry >= crashReservation.endExclusive;
}

function isSegmentOutside(request: LoadRequest, { crashReservation }: LoadMachine): boolean {
  if (!hasFlag(request, kexecFlags.onCrash)) return false;
  return request.segments.some(
    (segment) =>
      crashReservation === null ||
      segment.memoryStart < crashReservation.start ||
      lastByteOf(segment) >= crashReservation.endExclusive,
  );
}

function isAddressable({ memoryStart, memorySizeBytes }: KexecSegment, limit: PhysicalAddress): boolean {
  const end = memoryStart + memorySizeBytes;
  const isAligned = memoryStart % pageSizeBytes === 0 && end % pageSizeBytes === 0;
  // A sum of 2^64 wraps to 0; it is beyond the limit as well, with the same error.
  return isAligned && end < limit;
}

function hasOverlap({ segments }: LoadRequest): boolean {
  return segments.some((segment, index) =>
    segments.slice(0, index).some((other) => overlaps(segment, other)),
  );
}

const overlaps = (one: KexecSegment, other: KexecSegment): boolean =>
  endOf(one) > other.memoryStart && one.memoryStart < endOf(other);

const endOf = ({ memoryStart, memorySizeBytes }: KexecSegment): number => memoryStart + memorySizeBytes;

/** Each alone, then all together: the sum says both. */
function isMoreThanHalf({ segments }: LoadRequest, { ramPages }: LoadMachine): boolean {
  const pages = segments.reduce(
    (sum, { memorySizeBytes }) => sum + Math.ceil(memorySizeBytes / pageSizeBytes),
    0,
  );
  return pages > Math.floor(ramPages / 2);
}
