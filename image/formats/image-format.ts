/**
 * What a registered image format is: one module that knows its bytes, one line in the registry (index.ts).
 *
 * Everything but `name`, `describe`, `sniff` and `read` may be absent: what is absent cannot be done, and the command says so.
 * No format knows another one: they meet in MemoryImage (image/memory-image.ts).
 */

import type { CodecName } from '../codecs/codec.ts';
import type { MemoryImage, MemoryRun } from '../memory-image.ts';
import type { Packer } from '../packer.ts';
import type { PhysicalAddress } from '../pfn.ts';
import type { Sink, Source } from '../sink.ts';

export type ImageFormat = {
  readonly name: string;
  /** One line for `image --list`. */
  readonly describe: string;
  /** Looks only at what it is given: the first `sniffSizeBytes` of the file, or fewer if the file is shorter. */
  sniff(firstBytes: Uint8Array): boolean;
  /** Throws ImageError when the bytes cannot be read at all; what is wrong but readable is in `problems`. */
  read(source: Source, options?: ReadOptions): ImageContents;
  /** Streams: memory stays bounded whatever the size. May write out of order; a sink that cannot (a pipe) needs the flattened format. */
  write?(memory: MemoryImage, sink: Sink, options: WriteOptions): Promise<WriteReport>;
  /** The codecs that `write` takes, the default first; absent: it packs nothing. */
  readonly codecs?: readonly CodecName[];
  /** What `write` may be told beyond that: `--set NAME=VALUE`. */
  readonly settings?: readonly { readonly name: string; readonly help: string }[];
  /** The ranges of the file, ascending, all of it, each with what notices a change there. */
  protection?(source: Source, options?: ReadOptions): Iterable<ProtectedRange>;
  /** Absent: every page is read, and nothing else is there to be checked. */
  verify?(source: Source, options: VerifyOptions): Promise<VerifyReport>;
};

export type ReadOptions = {
  /** Where the image begins: the header page of a swap file, a stream behind another header. */
  readonly offsetBytes?: number;
  /** The other files of an image that was split, in any order. */
  readonly parts?: readonly Source[];
  /** Go on behind what is damaged, where that can be done, and say what is lost. */
  readonly isSalvage?: boolean;
};

export type ImageContents = {
  /** Pages of memory that the image has, zero or not. */
  readonly pageCount: number;
  /** Name and value, in the order in which `image info` prints them. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly problems: readonly string[];
  readPhysical(address: PhysicalAddress, lengthBytes: number): Uint8Array;
  readonly memory: MemoryImage;
};

export type WriteOptions = {
  readonly codec: CodecName;
  readonly packer: Packer;
  readonly progress?: ProgressReport;
  /** For formats with a time stamp in them. */
  readonly nowSeconds?: number;
  readonly settings?: Readonly<Record<string, string>>;
};

export type WriteReport = {
  /** Pages whose bytes were written, and pages that were told as zero. */
  readonly storedPages: number;
  readonly zeroPages: number;
  readonly lengthBytes: number;
  /** What the format could not carry, and what had to be made up: one sentence each. */
  readonly notes: readonly string[];
};

export type VerifyOptions = ReadOptions & { readonly packer: Packer; readonly progress?: ProgressReport };

export type VerifyReport = {
  readonly pagesRead: number;
  readonly problems: readonly string[];
  /** Frames whose bytes are damaged. */
  readonly lost: readonly MemoryRun[];
};

/** Called often: at least once for each batch. What shows it decides how often it is seen. */
export type ProgressReport = (step: {
  readonly what: string;
  readonly done: number;
  readonly total: number;
}) => void;

/**
 * `checked`: a checksum or a decoder that must come out right covers it. `structural`: a change makes the image refuse to be read, or
 * be read as another image that says so (counts, places, signatures). `unprotected`: a change there is read as if it belonged there.
 */
export type ProtectedRange = {
  readonly offset: number;
  readonly length: number;
  readonly kind: 'checked' | 'structural' | 'unprotected';
  readonly what: string;
};

/** Two pages: the signature of a swap area ends the first, and a snapshot stream may stand behind one page of another header. */
export const sniffSizeBytes = 8192;
