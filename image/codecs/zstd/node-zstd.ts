/** Zstandard of node:zlib, which has it from Node 22.15 and 23.8 on; undefined before. */
import * as nodeZlib from 'node:zlib';
import { damaged, tooLong } from '../codec.ts';
import { errorCodeOf } from '../error-code-of.ts';
import { level, type ZstdLibrary } from './zstd-library.ts';

type NodeZstd = {
  readonly zstdCompressSync?: (bytes: Uint8Array, options: object) => Uint8Array;
  readonly zstdDecompressSync?: (bytes: Uint8Array, options: object) => Uint8Array;
  readonly constants: Readonly<Record<string, number>>;
};

// The types are those of Node 20, which does not have these functions.
const { zstdCompressSync, zstdDecompressSync, constants } = nodeZlib as unknown as NodeZstd;

export const nodeZstd: ZstdLibrary | undefined =
  zstdCompressSync && zstdDecompressSync && libraryOf(zstdCompressSync, zstdDecompressSync);

function libraryOf(
  compress: NonNullable<NodeZstd['zstdCompressSync']>,
  decompress: NonNullable<NodeZstd['zstdDecompressSync']>,
): ZstdLibrary {
  const params = { [String(constants['ZSTD_c_compressionLevel'])]: level };
  return {
    compress: (bytes) => compress(bytes, { params, pledgedSrcSize: bytes.length }),
    decompress: (bytes, limitBytes) => {
      try {
        return decompress(bytes, { maxOutputLength: Math.max(limitBytes, 1) });
      } catch (error) {
        if (errorCodeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLong(0, limitBytes);
        throw damaged(0, 'blocks of Zstandard', `what the library refuses with "${String(error)}"`);
      }
    },
  };
}
