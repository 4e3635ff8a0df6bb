/**
 * Zstandard: makedumpfile -z. Node's own where it has it (22.15 and up), else the package, which is the same library
 * as WebAssembly, without compilation at install; it is loaded only there, and costs 15 ms (measured).
 * Packed bytes are those of the library's version: they may differ between versions of Node, and all of them unpack alike.
 */
import { codecOf } from '../codec.ts';
import { checkFrame } from './frame.ts';
import { nodeZstd } from './node-zstd.ts';
import type { ZstdLibrary } from './zstd-library.ts';

const library: ZstdLibrary = nodeZstd ?? (await (await import('./package-zstd.ts')).packageZstd());

export const zstd = codecOf('zstd', 'Zstandard at level 2: makedumpfile -z', {
  compressInto: (input, output) => {
    const packed = library.compress(input);
    output.set(packed);
    return packed.length;
  },
  decompressInto: (input, output) => {
    checkFrame(input, output.length);
    const unpacked = library.decompress(input, output.length);
    output.set(unpacked);
    return unpacked.length;
  },
  // Blocks of 128 KiB, each stored at worst, with headers: as ZSTD_compressBound has it.
  worstCaseBytes: (lengthBytes) =>
    lengthBytes +
    Math.floor(lengthBytes / 256) +
    Math.floor(Math.max(2 ** 17 - lengthBytes, 0) / 2 ** 11) +
    16,
});
