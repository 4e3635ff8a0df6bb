/** Zstandard of the package @bokuweb/zstd-wasm. Its memory is kept for the process: as large as the largest frame asked for. */
import { damaged, tooLong } from '../codec.ts';
import { level, type ZstdLibrary } from './zstd-library.ts';

/** ZSTD_error_dstSize_tooSmall (zstd_errors.h), in the message in which the package hands it on. */
const tooSmallCode = /code -70$/;

export async function packageZstd(): Promise<ZstdLibrary> {
  const { init, compress, decompress } = await import('@bokuweb/zstd-wasm');
  await init();
  return {
    compress: (bytes) => compress(bytes, level),
    decompress: (bytes, limitBytes) => {
      try {
        // The size that a frame names was checked; for one that names none, this is what the package takes.
        return decompress(bytes, { defaultHeapSize: limitBytes });
      } catch (error) {
        if (error instanceof Error && tooSmallCode.test(error.message)) throw tooLong(0, limitBytes);
        throw damaged(0, 'blocks of Zstandard', `what the library refuses with "${String(error)}"`);
      }
    },
  };
}
