/**
 * What kexec-tools says and with which status it exits. Texts: logs a0, a1, e8; linux.md A1.7, A1.8;
 * kexec-tools kexec/kexec.c.
 */
import { type ErrnoName, errorText } from '../linux/errno.ts';
import type { Defects } from './defects.ts';
import type { KexecSegment, LoadRequest } from './segments.ts';

export type ToolExit = { readonly lines: readonly string[]; readonly exitStatus: number };

/** die() exits with 1; a negative result of main() becomes 255 [log e8]. */
const died = (...lines: string[]): ToolExit => ({ lines, exitStatus: 1 });
const returnedFailure = (...lines: string[]): ToolExit => ({ lines, exitStatus: 255 });

export const toolExits = {
  succeeded: { lines: [], exitStatus: 0 },
  noMemMax: died(
    'Please specify memory range used by kexeced kernel',
    'to preserve the context of original kernel with ',
    '"--mem-max" parameter',
  ),
  needsLoadCall: died('--load-preserve-context not supported with kexec_file_load'),
  noReservation: died(
    'Memory for crashkernel is not reserved',
    'Please reserve memory by passing"crashkernel=Y@X" parameter to kernel',
    'Then try to loading kdump kernel',
  ),
  commandLineOverflow: died('Command line overflow'),
  nothingLoaded: died('Nothing has been loaded!'),
  alreadyLoaded: returnedFailure('There is kexec kernel loaded, make sure you are in kexeced kernel.'),
  noEntry: returnedFailure('Please specify jump back entry in command line'),
} as const satisfies Record<string, ToolExit>;

export const noRoomExit = (memorySizeBytes: number): ToolExit =>
  died(`Could not find a free area of memory of ${hex(memorySizeBytes)} bytes...`, 'locate_hole failed');

export const tooSmallExit = (memMax: number, kernelPath: string): ToolExit =>
  returnedFailure(`Too small mem_max: ${hex(memMax)}.`, `Cannot load ${kernelPath}`);

/** Buffers stand at made-up addresses: where a real tool has them is chance. */
export function loadFailedExit({ entry, flags, segments }: LoadRequest, errno: ErrnoName): ToolExit {
  return returnedFailure(
    `kexec_load failed: ${errorText(errno)}`,
    `entry       = ${hex(entry)} flags = ${hex(flags)}`,
    `nr_segments = ${segments.length}`,
    ...segments.flatMap(segmentLines),
  );
}

const madeUpBufferStart = 0x7f0000000000;

const segmentLines = (segment: KexecSegment, index: number): readonly string[] => [
  `segment[${index}].buf   = ${segment.bufferSizeBytes === 0 ? '(nil)' : hex(madeUpBufferStart + segment.memoryStart)}`,
  `segment[${index}].bufsz = ${hex(segment.bufferSizeBytes)}`,
  `segment[${index}].mem   = ${hex(segment.memoryStart)}`,
  `segment[${index}].memsz = ${hex(segment.memorySizeBytes)}`,
];

export const unloadFailedExit = (errno: ErrnoName): ToolExit =>
  returnedFailure(`kexec unload failed: ${errorText(errno)}`);

export const helperFailedExit = (errno: ErrnoName): ToolExit =>
  returnedFailure(`load jump back kernel failed: ${errorText(errno)}`);

/** `kexec -e` when reboot() failed: the jump was given up and the kernel runs on. */
export const execFailedExit = (errno: ErrnoName): ToolExit =>
  returnedFailure(`kexec failed: ${errorText(errno)}`);

/**
 * `kexec -e` when reboot() came back after a round trip. As shipped it reports the errno that an earlier,
 * unrelated call left behind: EBADF in one lab, EAGAIN in the other (linux.md A1.8 row 8).
 */
export const execReturnedExit = (
  { failsAfterSuccess }: Defects,
  leftOver: 'EBADF' | 'EAGAIN' = 'EBADF',
): ToolExit => (failsAfterSuccess ? execFailedExit(leftOver) : toolExits.succeeded);

const hex = (value: number): string => `0x${value.toString(16)}`;
