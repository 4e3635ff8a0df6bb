/**
 * Where formats write to and read from: a file, a partition, bytes in memory. All lengths are in bytes and below 2^53.
 *
 * Implementations may be dumb: formats read through `readBounded`, which checks the range and the size first.
 * What was never written reads as zeros; formats leave stretches of zeros out, so a file with holes costs what is in it.
 */
import { hex, ImageError } from './image-error.ts';

export type Sink = {
  writeAt(offset: number, bytes: Uint8Array): void;
  setLength(bytes: number): void;
};

export type Source = {
  readonly length: number;
  readAt(offset: number, length: number): Uint8Array;
  /** The same into a buffer of the caller's, which it fills: for those who read much. */
  readInto?(offset: number, target: Uint8Array): void;
  /** The stretches that may hold anything but zeros, ascending. Absent: not known, all of it may. */
  dataStretches?(): Iterable<Stretch>;
};

export type Stretch = { readonly offset: number; readonly length: number };

/** Bytes that belong at a place: what a writer of a file with holes is made of. */
export type Run = { readonly offset: number; readonly bytes: Uint8Array };

/** The most that one read may ask for: a damaged size field must not make the program allocate a terabyte. */
export const readLimitBytes = 2 ** 30;

export function readBounded(source: Source, offset: number, lengthBytes: number): Uint8Array {
  checkReadLength(offset, lengthBytes);
  const isInside =
    Number.isSafeInteger(offset) && offset >= 0 && lengthBytes >= 0 && offset + lengthBytes <= source.length;
  if (isInside) return source.readAt(offset, lengthBytes);
  throw new ImageError('bytes.out-of-range', {
    offset,
    expected: `${lengthBytes} bytes`,
    found: `the end at ${hex(source.length)}`,
  });
}

/** Fills the buffer; without a copy where the source can. */
export function readBoundedInto(source: Source, offset: number, target: Uint8Array): void {
  const isInside = Number.isSafeInteger(offset) && offset >= 0 && offset + target.length <= source.length;
  if (isInside && source.readInto !== undefined) source.readInto(offset, target);
  else target.set(readBounded(source, offset, target.length));
}

export function checkReadLength(offset: number, lengthBytes: number): void {
  if (lengthBytes >= 0 && lengthBytes <= readLimitBytes) return;
  throw new ImageError('source.read-too-large', {
    offset,
    expected: `0 to ${readLimitBytes} bytes at once (readLimitBytes)`,
    found: `${lengthBytes}`,
  });
}

export const sourceOf = (bytes: Uint8Array): Source => ({
  length: bytes.length,
  readAt: (offset, length) => bytes.subarray(offset, offset + length),
});
