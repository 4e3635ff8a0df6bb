/**
 * Error numbers of Linux with the texts that `strerror` of glibc has for them. Here are those that a kernel or
 * tool of this box can answer with; the numbers are the same on every architecture that includes asm-generic
 * (x86 does).
 * Sources: Linux 6.12 include/uapi/asm-generic/errno-base.h and errno.h; glibc's errno(3) texts as seen in logs
 * a0, a1, e8.
 */
import { assert } from '../assert.ts';

export type ErrnoEntry = { readonly number: number; readonly text: string };

export const errnoTable = {
  EPERM: { number: 1, text: 'Operation not permitted' },
  ENOENT: { number: 2, text: 'No such file or directory' },
  ESRCH: { number: 3, text: 'No such process' },
  EINTR: { number: 4, text: 'Interrupted system call' },
  EIO: { number: 5, text: 'Input/output error' },
  ENXIO: { number: 6, text: 'No such device or address' },
  EBADF: { number: 9, text: 'Bad file descriptor' },
  EAGAIN: { number: 11, text: 'Resource temporarily unavailable' },
  ENOMEM: { number: 12, text: 'Cannot allocate memory' },
  EACCES: { number: 13, text: 'Permission denied' },
  EFAULT: { number: 14, text: 'Bad address' },
  EBUSY: { number: 16, text: 'Device or resource busy' },
  EEXIST: { number: 17, text: 'File exists' },
  ENODEV: { number: 19, text: 'No such device' },
  EINVAL: { number: 22, text: 'Invalid argument' },
  ENOTTY: { number: 25, text: 'Inappropriate ioctl for device' },
  EFBIG: { number: 27, text: 'File too large' },
  ENOSPC: { number: 28, text: 'No space left on device' },
  EROFS: { number: 30, text: 'Read-only file system' },
  ERANGE: { number: 34, text: 'Numerical result out of range' },
  ENOSYS: { number: 38, text: 'Function not implemented' },
  ENODATA: { number: 61, text: 'No data available' },
  ETIME: { number: 62, text: 'Timer expired' },
  EOVERFLOW: { number: 75, text: 'Value too large for defined data type' },
  EOPNOTSUPP: { number: 95, text: 'Operation not supported' },
  EADDRNOTAVAIL: { number: 99, text: 'Cannot assign requested address' },
  ETIMEDOUT: { number: 110, text: 'Connection timed out' },
  EALREADY: { number: 114, text: 'Operation already in progress' },
  EINPROGRESS: { number: 115, text: 'Operation now in progress' },
  ECANCELED: { number: 125, text: 'Operation canceled' },
} as const satisfies Record<string, ErrnoEntry>;

export type ErrnoName = keyof typeof errnoTable;

// The cast is how TypeScript's Object.keys loses the key type of a constant table.
export const errnoNames = Object.keys(errnoTable) as readonly ErrnoName[];

/** Takes the number or its negative, as kernels return it. */
export function errnoName(number: number): ErrnoName {
  const name = errnoNames.find((candidate) => errnoTable[candidate].number === Math.abs(number));
  assert(name !== undefined, `errno: the table has no entry for ${number}`);
  return name;
}

export const errorText = (name: ErrnoName): string => errnoTable[name].text;
