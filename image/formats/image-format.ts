/**
 * What a registered image format is: one module that knows its bytes, one line in the registry (index.ts).
 */
import type { PhysicalAddress } from '../pfn.ts';
import type { Source } from '../sink.ts';

export type ImageFormat = {
  readonly name: string;
  /** One line for `image --list`. */
  readonly describe: string;
  /** Looks only at what it is given: the first `sniffSizeBytes` of the file, or fewer if the file is shorter. */
  sniff(firstBytes: Uint8Array): boolean;
  /** Throws ImageError when the bytes cannot be read at all; what is wrong but readable is in `problems`. */
  read(source: Source): ImageContents;
};

export type ImageContents = {
  /** Pages of memory that the image has, zero or not. */
  readonly pageCount: number;
  /** Name and value, in the order in which `image info` prints them. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly problems: readonly string[];
  readPhysical(address: PhysicalAddress, lengthBytes: number): Uint8Array;
};

/** One page: the signature of a swap area is at its end. */
export const sniffSizeBytes = 4096;
