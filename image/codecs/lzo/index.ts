/** LZO1X: what hibernation images have by default (crypto "lzo"), and makedumpfile with -l. Our own: no package is sound. */
import { codecOf } from '../codec.ts';
import { lzoCompressInto, lzoWorstCaseBytes } from './compress.ts';
import { lzoDecompressInto } from './decompress.ts';

export const lzo = codecOf('lzo', 'LZO1X: hibernation images by default, makedumpfile -l', {
  compressInto: lzoCompressInto,
  decompressInto: lzoDecompressInto,
  worstCaseBytes: lzoWorstCaseBytes,
});
