/** What is asked of a Zstandard library, whichever it is. */
export type ZstdLibrary = {
  compress(bytes: Uint8Array): Uint8Array;
  /** Only of frames that `checkFrame` let through: throws ImageError for what is wrong inside their blocks. */
  decompress(bytes: Uint8Array, limitBytes: number): Uint8Array;
};

/**
 * makedumpfile takes 1; of single pages 2 makes 1 to 2 % less, which level 1 of zlib does not reach, and costs next to nothing
 * more (measured). Readers do not care.
 */
export const level = 2;
